package api_test

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestNoRoomForAttachments: beyond what fits into memory a form is asked to come
// again, without what was written being lost; one without attachments goes on.
func TestNoRoomForAttachments(t *testing.T) {
	o := newOffice(t)
	undo := o.server.FillUploads()
	form := fields("key", key(1), "kind", "petition", "content", "Chữ còn nguyên", "consent", "on")
	file := sentFile{"đơn.pdf", pdf}
	a := o.sendUpload(feedbackAPI, form, file)
	if p := o.problem(a, 503); p.Code != "uploads_full" || a.Header.Get("Retry-After") != "20" {
		t.Errorf("%+v, after %q", p, a.Header.Get("Retry-After"))
	}
	page := o.sendUpload("/gop-y", form, file)
	if page.StatusCode != 503 || page.Header.Get("Retry-After") == "" || !strings.Contains(page.body, "Chữ còn nguyên</textarea>") || !strings.Contains(page.body, "Xin chọn lại: đơn.pdf") {
		t.Errorf("%d %s", page.StatusCode, page.body)
	}
	if a := o.sendUpload(feedbackAPI, fields("key", key(2), "kind", "petition", "content", "x", "consent", "on")); a.StatusCode != 201 {
		t.Errorf("without attachments: %d", a.StatusCode)
	}
	undo()
	if a := o.sendUpload(feedbackAPI, form, file); a.StatusCode != 201 {
		t.Errorf("with room again: %d %s", a.StatusCode, a.body)
	}
	if n := o.server.HeldBytes(); n != 0 {
		t.Errorf("%d bytes are never given back", n)
	}
}

// TestUploadThatBreaksOff gives back what it held.
func TestUploadThatBreaksOff(t *testing.T) {
	o := newOffice(t)
	part := "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF-" + strings.Repeat("x", 1<<20)
	for _, path := range []string{feedbackAPI, "/gop-y"} {
		r := httptest.NewRequest("POST", path, io.MultiReader(strings.NewReader(part), brokenLine{}))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		o.server.ServeHTTP(w, r)
		if w.Code != 400 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if n := o.server.HeldBytes(); n != 0 {
		t.Errorf("%d bytes are never given back", n)
	}
}

type brokenLine struct{}

func (brokenLine) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// deadlines is a connection that remembers until when it may be read and written.
type deadlines struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = t; return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = t; return nil }

// TestAttachmentsGetMoreTime than the minute that the server gives any request:
// 50 MB over one bar of signal.
func TestAttachmentsGetMoreTime(t *testing.T) {
	o := newOffice(t)
	for _, path := range []string{"/gop-y", feedbackAPI} {
		for _, kind := range []string{"multipart/form-data; boundary=b", "application/json"} {
			r := httptest.NewRequest("POST", path, strings.NewReader("--b--\r\n"))
			r.Header.Set("Content-Type", kind)
			w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
			before := time.Now()
			o.server.ServeHTTP(w, r)
			longer := w.read.After(before.Add(15*time.Minute)) && w.write.After(w.read) && w.read.Before(before.Add(time.Hour))
			if longer != strings.HasPrefix(kind, "multipart") {
				t.Errorf("%s %s: read until %v, write until %v, answered %d", path, kind, w.read, w.write, w.Code)
			}
		}
	}
}
