package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
)

// Limits of a form with files.
const (
	maxUpload = 24 << 20 // all of it
	maxParts  = 50
)

// readUpload reads a form with files. Of the fields named in files it returns the
// bytes as they were sent, at most limit+1 of each, so that the caller can tell
// which is too large; the others are as readForm has them, 64 KB in all.
func readUpload(c echo.Context, limit int64, files ...string) (url.Values, map[string][]byte, error) {
	return readUploadOf(c, maxUpload, limit, files...)
}

// readUploadOf is readUpload of a form that may be larger than others.
func readUploadOf(c echo.Context, most, limit int64, files ...string) (url.Values, map[string][]byte, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errBadForm.Because(err)
	}
	fields, content := url.Values{}, map[string][]byte{}
	for _, name := range files {
		content[name] = nil
	}
	left := int64(maxBody)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, content, tidy(fields)
		}
		if err != nil || n == maxParts {
			return nil, nil, uploadError(err)
		}
		name, most := part.FormName(), left
		_, file := content[name]
		if file {
			most = limit
		}
		b, err := io.ReadAll(io.LimitReader(part, most+1))
		switch {
		case err != nil:
			return nil, nil, uploadError(err)
		case file:
			content[name] = b
		case int64(len(b)) > left:
			return nil, nil, errTooLarge
		default:
			left -= int64(len(b))
			fields.Add(name, string(b))
		}
	}
}

// keepFields lets what was typed into a form with files wait for somebody who has
// to sign in again, although its files cannot. It stands before signedIn.
func keepFields(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(keyFieldsOnly, true)
		return next(c)
	}
}

// readFields returns the fields of a form with files, and of its files their
// names alone.
func readFields(c echo.Context) (url.Values, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxFeedbackUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errBadForm.Because(err)
	}
	left, other := c.Get(keyBodyLimit).(int64)
	if !other {
		left = maxBody
	}
	fields := url.Values{}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, tidy(fields)
		}
		if err != nil || n == maxFeedbackParts {
			return nil, uploadError(err)
		}
		if name := sentName(part); name != "" {
			fields.Add(part.FormName(), name)
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(b)); left < 0 {
			return nil, errTooLarge
		}
		if err != nil {
			return nil, uploadError(err)
		}
		fields.Add(part.FormName(), string(b))
	}
}

// uploadError tells a form that is too large from one that is none; nil is one
// with too many parts.
func uploadError(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err == nil {
		return errBadForm
	}
	return errBadForm.Because(err)
}
