package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
)

// Limits of a form with attachments.
const (
	maxFeedbackUpload = feedback.MaxFiles*feedback.MaxFileSize + maxFeedbackText + 1<<20 // and what stands between the parts
	maxFeedbackParts  = 60
	// maxHeld is how many bytes of attachments may be in memory at once, over all
	// requests: three of the largest, or some fifty photos.
	maxHeld = 3 * feedback.MaxFiles * feedback.MaxFileSize
	// uploadTime is how long a form with attachments may take: the largest one at
	// some 50 KB a second. The server's own time is for forms without.
	uploadTime = 20 * time.Minute
)

// errUploadsFull is for a form whose attachments find no room now.
var errUploadsFull = fault.New(fault.Unavailable, "uploads_full").After(20 * time.Second)

// held counts the bytes of attachments in memory.
type held struct{ bytes atomic.Int64 }

// take is false, and takes nothing, if there is no room for n more.
func (h *held) take(n int64) bool {
	if h.bytes.Add(n) > maxHeld {
		h.bytes.Add(-n)
		return false
	}
	return true
}

func (h *held) give(n int64) { h.bytes.Add(-n) }

// feedbackUpload is a form as it was sent.
type feedbackUpload struct {
	form  url.Values
	files []*feedback.File // those that are taken
	sent  []string         // names of all, to say which have to be chosen again
	bad   fault.Fields     // "files.0": why one is refused
	full  bool             // there was no room for the attachments
	cut   bool             // it was larger than allowed: what came last is missing
	taken int64
}

// fileName marks the argument of a message that is the name of a file; it is
// said before the message.
type fileName string

// readFeedbackUpload reads feedback sent as a form, with attachments or without.
// Each attachment is checked as it comes, so that one is in memory as it was
// sent and the others as they are kept. The caller releases the upload when it
// is done with the files.
func (s *Server) readFeedbackUpload(c echo.Context) (*feedbackUpload, error) {
	u := &feedbackUpload{form: url.Values{}}
	r := c.Request()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); kind != echo.MIMEMultipartForm {
		c.Set(keyBodyLimit, int64(maxFeedbackText))
		form, err := readForm(c)
		if errors.Is(err, errTooLarge) {
			err = errFeedbackTooLarge
		}
		if names := form["files"]; len(names) > 0 { // the files themselves did not come
			u.bad.Add("files", "files_again", strings.Join(names, ", "))
			form.Del("files")
		}
		u.form = form
		return u, err
	}
	// Where deadlines cannot be set the server's own hold.
	wait := http.NewResponseController(c.Response())
	_ = wait.SetReadDeadline(time.Now().Add(uploadTime))
	_ = wait.SetWriteDeadline(time.Now().Add(uploadTime + time.Minute))
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxFeedbackUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return u, errBadForm.Because(err)
	}
	if err := s.readParts(u, parts); err != nil {
		s.release(u)
		return u, err
	}
	return u, nil
}

func (s *Server) readParts(u *feedbackUpload, parts *multipart.Reader) error {
	left := int64(maxFeedbackText)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return tidy(u.form)
		case isTooLarge(err):
			u.cut = true
			return tidy(u.form)
		case err != nil || n == maxFeedbackParts:
			return uploadError(err)
		}
		if part.FormName() == "files" {
			err = s.readFile(u, part)
		} else {
			var b []byte
			b, err = io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(b)); left < 0 {
				return errFeedbackTooLarge
			}
			u.form.Add(part.FormName(), string(b))
		}
		if err != nil && !isTooLarge(err) { // that comes again with the next part
			return uploadError(err)
		}
	}
}

func isTooLarge(err error) bool {
	tooLarge := (*http.MaxBytesError)(nil)
	return errors.As(err, &tooLarge)
}

// readFile reads one attachment. A browser sends a nameless one for a field in
// which nothing was chosen.
func (s *Server) readFile(u *feedbackUpload, part *multipart.Part) error {
	name := sentName(part)
	if name == "" {
		return nil
	}
	i := len(u.sent)
	u.sent = append(u.sent, name)
	if i >= feedback.MaxFiles {
		if i == feedback.MaxFiles {
			u.bad.Add("files", "too_many", feedback.MaxFiles)
		}
		return nil
	}
	content, err := s.hold(u, part)
	if err != nil || u.full {
		return err
	}
	f, err := feedback.ReadFile(name, content)
	kept := int64(0)
	if err != nil {
		for _, field := range fault.As(err).Fields {
			u.bad.Add("files."+strconv.Itoa(i), field.Code, append(field.Args, fileName(name))...)
		}
	} else {
		u.files = append(u.files, f)
		kept = int64(f.Size)
	}
	// A picture drawn anew is of another size than the one sent.
	s.held.give(int64(len(content)) - kept)
	u.taken += kept - int64(len(content))
	return nil
}

// sentName is the whole name that was sent, which Part.FileName shortens: one
// with a path in it is refused rather than guessed at.
func sentName(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get(echo.HeaderContentDisposition))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(params["filename"], "\uFFFD")
}

// piece is how much of an attachment is read at a time.
const piece = 256 << 10

// hold reads an attachment as long as there is room, and one byte more than it
// may have at the most, so that it is seen to be too large. The rest is passed
// over when the next part is asked for.
func (s *Server) hold(u *feedbackUpload, part io.Reader) ([]byte, error) {
	var b bytes.Buffer
	for !u.full && b.Len() <= feedback.MaxFileSize {
		if !s.held.take(piece) {
			u.full = true
			break
		}
		n, err := io.CopyN(&b, part, min(piece, feedback.MaxFileSize+1-int64(b.Len())))
		s.held.give(piece - n)
		u.taken += n
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// release says that the attachments are in memory no longer.
func (s *Server) release(u *feedbackUpload) {
	s.held.give(u.taken)
	u.taken = 0
}
