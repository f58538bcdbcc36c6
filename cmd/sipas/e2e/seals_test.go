package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// seal is a published seal.
type seal struct {
	Date, Root, Previous, Seal string
	Responses                  int
}

func (s *server) seals() []seal {
	s.t.Helper()
	var list struct{ Items []seal }
	s.call("GET", "/api/v1/seals?limit=500", "", nil, &list)
	return list.Items
}

// sipas runs a command beside or without the server.
func (s *server) sipas(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = s.env
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// TestSealsFromOutside answers on three days, seals them, and has them verified
// by the program and by the script in docs that knows nothing of it.
func TestSealsFromOutside(t *testing.T) {
	data := t.TempDir()
	var s *server
	var token string
	for day := 1; day <= 3; day++ {
		s = start(t, data, fmt.Sprintf("SIPAS_NOW=2026-06-%02dT23:00:00+07:00", day))
		if token == "" {
			token = s.token("office")
		}
		code := s.link(token, "counter", map[string]any{"area": "dat-dai"}).Code
		for i := range 5 * day {
			if !s.send(code, fmt.Sprintf("sealed-%d-%03d", day, i)) {
				t.Fatal("not acknowledged")
			}
		}
		s.stop(syscall.SIGTERM)
	}
	s = start(t, data, "SIPAS_NOW=2026-06-05T08:00:00+07:00")
	eventually(t, "four days are sealed", func() bool { return len(s.seals()) == 4 })
	seals := s.seals()
	for i, want := range []int{5, 10, 15, 0} {
		if seals[i].Responses != want {
			t.Errorf("%s: %d answers, want %d", seals[i].Date, seals[i].Responses, want)
		}
	}
	if out, errs, code := s.sipas("verify"); code != 0 || !strings.Contains(out, "verified 4 days with 30 answers") {
		t.Errorf("verify beside the server: exit %d, %s%s", code, out, errs)
	}
	lines := filepath.Join(t.TempDir(), "lines")
	if _, errs, code := s.sipas("verify", "--lines", lines); code != 0 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	script := filepath.Join("..", "..", "..", "docs", "verify_seals.py")
	out, err := exec.Command("python3", script, lines).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "4 days, last seal "+seals[3].Seal) {
		t.Errorf("the script: %v\n%s", err, out)
	}
	// It sees a changed answer, and without the lines a changed seal.
	first := filepath.Join(lines, "2026-06-01.txt")
	b, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first, []byte(strings.Replace(string(b), "overall=4", "overall=5", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("python3", script, lines).CombinedOutput(); err == nil || !strings.Contains(string(out), "not those sealed") {
		t.Errorf("a changed line passes the script: %s", out)
	}
	// A seal kept elsewhere.
	kept := filepath.Join(t.TempDir(), "kept.json")
	for value, want := range map[string]int{seals[2].Seal: 0, strings.Repeat("ab", 32): 1} {
		if err := os.WriteFile(kept, []byte(fmt.Sprintf(`{"date":"2026-06-03","seal":%q}`, value)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := s.sipas("verify", "--seal", kept); code != want || want == 1 && !strings.Contains(errs, "2026-06-03: the seal is not the one that was kept") {
			t.Errorf("kept %s: exit %d, %s", value, code, errs)
		}
	}
	if _, errs, code := s.sipas("verify", "--seal", "/no/such/file"); code != 2 || strings.Count(errs, "\n") != 1 {
		t.Errorf("no file: exit %d, %s", code, errs)
	}
}

// TestDemo shows a newcomer a year: every page says that it is sample data and has
// something on it, the chain verifies, and neither command takes the other's store.
func TestDemo(t *testing.T) {
	data := t.TempDir()
	const password = "con meo treo cay cau"
	s := startWith(t, data, []string{"demo"}, "SIPAS_ADMIN_PASSWORD="+password)
	token := s.token("office")
	overall, areas := s.statistics(token, "?by=area")
	if overall.Responses < 20_000 || len(areas) != 10 {
		t.Errorf("%d responses in %d areas", overall.Responses, len(areas))
	}
	verdicts := map[string]bool{}
	for _, a := range areas {
		verdicts[a.Verdict] = true
	}
	if !verdicts["met"] || !verdicts["not_met"] || !verdicts["too_few"] {
		t.Errorf("verdicts %v", verdicts)
	}
	for _, by := range []string{"desk", "channel", "lang", "flagged", "month"} {
		if _, groups := s.statistics(token, "?by="+by); len(groups) < 2 {
			t.Errorf("by %s there is only %v", by, groups)
		}
	}
	if out, _, _ := s.sipas("user", "list"); strings.Count(out, "\n") != 7 {
		t.Errorf("an account for each role, below the heading: %s", out)
	}
	b := open(t)
	for _, path := range []string{"/", "/ket-qua", "/k/mauaamau", "/gop-y/cong-khai", "/quyen-rieng-tu", "/khong-co"} {
		b.goTo(s.url + path)
		if !strings.Contains(b.text("header"), "Dữ liệu mẫu") {
			t.Errorf("%s does not say that it is sample data", path)
		}
		b.look("demo" + strings.ReplaceAll(path, "/", "-"))
	}
	b.accessible("sample page")
	b.goTo(s.url + "/gop-y/cong-khai")
	if n := strings.Count(b.text("main"), "Công khai ngày"); n < 3 {
		t.Errorf("%d public answers", n)
	}
	eventually(t, "the year is sealed", func() bool { return len(s.seals()) > 300 })
	eventually(t, "two months are published", func() bool { return strings.Contains(string(s.fetch("", "/ket-qua")), "Bản công bố số 2") })
	b.signIn(s.url, "van-phong", password)
	b.arrive("/lam-viec/")
	for path, says := range map[string]string{
		"/lam-viec/vu-viec": "Chờ trích đo quá lâu", "/lam-viec/ho-so": "MAU-2", "/lam-viec/cai-tien": "Cập nhật bảng giá đất", "/lam-viec/cong-bo": "Bản công bố số 2",
	} {
		b.goTo(s.url + path)
		if page := b.text("body"); !strings.Contains(page, "Dữ liệu mẫu") || !strings.Contains(page, says) {
			t.Errorf("%s does not say %q, or not that it is sample data", path, says)
		}
	}
	s.stop(syscall.SIGTERM)
	if _, errs, code := s.sipas("serve"); code != 1 || !strings.Contains(errs, "sample data") {
		t.Errorf("serve on a sample store: exit %d, %s", code, errs)
	}
	if out, errs, code := s.sipas("verify"); code != 0 {
		t.Errorf("verify: exit %d, %s%s", code, out, errs)
	}
	real := start(t, t.TempDir())
	real.stop(syscall.SIGTERM)
	if _, errs, code := real.sipas("demo"); code != 1 || !strings.Contains(errs, "real answers") {
		t.Errorf("demo on a real store: exit %d, %s", code, errs)
	}
}
