package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

// TestErasedIsGone: after an erasure beside a working server no file of the store
// has the words, nor has a backup made from then on.
func TestErasedIsGone(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	p := startProgram(t, vars)
	token := inspectionToken(t, vars)
	const password = "cau vuot song Han"
	account := &staff.Account{ID: "van-phong", Name: "Lê Thị Văn", Role: staff.Office, CreatedBy: "test"}
	if err := opened(t, vars).staff.AddAccount(t.Context(), account, password, time.Now()); err != nil {
		t.Fatal(err)
	}
	const secret = "chuyệnriêngkhôngaiđượcđọc"
	body := feedbackBody("petition", "key-00000001")
	body["content"], body["subject"] = strings.Repeat(secret+" ", 500), secret
	s := sent{body: body}
	status, text := p.send("POST", "/api/v1/feedback", "", body)
	if status != http.StatusCreated {
		t.Fatal(text)
	}
	s.Code = between(text, `"code":"`, `"`)
	if status, text := p.send("POST", "/api/v1/cases/"+s.Code+"/steps", token, map[string]string{"step": "withdraw", "note": secret}); status != 200 {
		t.Fatal(text)
	}
	if n := onDisk(t, vars, secret); n == 0 {
		t.Fatal("it is not on disk before")
	}
	a := p.submit("/dang-nhap", "", url.Values{"account": {account.ID}, "password": {password}})
	session := strings.Split(a.Header.Get("Set-Cookie"), ";")[0]
	a = p.submit("/lam-viec/vu-viec/"+s.Code+"/xoa", session, url.Values{"reason": {"request"}, "code": {s.Code}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("erased: %d", a.StatusCode)
	}
	if n := onDisk(t, vars, secret); n > 0 {
		t.Errorf("it is on disk %d times", n)
	}
	file := filepath.Join(t.TempDir(), "backup.age")
	must(t, vars, "backup", file)
	to := another(t, vars)
	must(t, to, "restore", file)
	if n := onDisk(t, to, secret); n > 0 {
		t.Errorf("a backup brings it back %d times", n)
	}
	if strings.Contains(p.log.String(), secret) || strings.Contains(p.log.String(), s.Code) {
		t.Error("the log has the words or the code")
	}
}

// submit sends a form as a browser on this machine does.
func (p *program) submit(path, session string, fields url.Values) *http.Response {
	p.t.Helper()
	q, err := http.NewRequestWithContext(p.t.Context(), "POST", p.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Cookie", session)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(q)
	if err != nil {
		p.t.Fatal(err)
	}
	a.Body.Close()
	return a
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// onDisk counts how often a word stands in the files of a store.
func onDisk(t *testing.T, vars map[string]string, word string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(vars["SIPAS_DATA"], "sipas.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(b), word)
	}
	return n
}
