package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/staff"
)

// onePassword is what a command that makes a password prints, and nothing else.
var onePassword = regexp.MustCompile(`^[a-z2-9]{4}(-[a-z2-9]{4}){3}\n$`)

func addUser(t *testing.T, vars map[string]string, name, role string) (password string) {
	t.Helper()
	said := must(t, vars, "user", "add", "--name", name, "--person", "Nguyễn Văn A", "--role", role, "--unit", "thanh-tra-so")
	if !onePassword.MatchString(said) {
		t.Fatalf("user add said %q", said)
	}
	return strings.TrimSpace(said)
}

func (s *stores) signIn(t *testing.T, account, password string) (secret string, se *staff.Session, err error) {
	t.Helper()
	return s.staff.SignIn(t.Context(), account, password, "10.1.2.3", time.Now())
}

func TestUserAdd(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	password := addUser(t, vars, "nguyen.van.a", "inspection")
	s := opened(t, vars)
	_, se, err := s.signIn(t, "nguyen.van.a", password)
	if err != nil {
		t.Fatal(err)
	}
	if a := se.Account; !a.MustChange || a.Name != "Nguyễn Văn A" || a.Role != staff.Inspection || a.Unit != "thanh-tra-so" || a.CreatedBy != "command" {
		t.Errorf("%+v", a)
	}
	code, stdout, stderr := sipas(t, vars, "user", "add", "--name", "nguyen.van.a", "--person", "Trần Văn B", "--role", "desk")
	if code != exitFailed || stdout != "" || !strings.Contains(stderr, "already") {
		t.Errorf("the same name again: exit %d, %q, %q", code, stdout, stderr)
	}
	if _, _, err := s.signIn(t, "nguyen.van.a", password); err != nil {
		t.Errorf("the password of the first one: %v", err)
	}
}

// TestUserAddWantsWhatIsInTheCatalogue, once there is a catalogue.
func TestUserAddWantsWhatIsInTheCatalogue(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	must(t, vars, "seed")
	for _, more := range [][]string{{"--unit", "phong-quan-ly-dat-dia"}, {"--unit", "thanh-tra-so", "--desk", "quay-99"}} {
		args := append([]string{"user", "add", "--name", "an.binh", "--person", "An", "--role", "unit"}, more...)
		code, stdout, stderr := sipas(t, vars, args...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, "catalogue") {
			t.Errorf("%v: exit %d, %q, %q", more, code, stdout, stderr)
		}
	}
	must(t, vars, "user", "add", "--name", "an.binh", "--person", "An", "--role", "unit", "--unit", "thanh-tra-so", "--desk", "quay-dat-dai")
}

func TestUserList(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	password := addUser(t, vars, "thanh.tra", "inspection")
	addUser(t, vars, "quan.tri", "admin")
	addUser(t, vars, "cu.roi", "desk")
	must(t, vars, "user", "disable", "cu.roi")
	s := opened(t, vars)
	if _, _, err := s.signIn(t, "thanh.tra", password); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(must(t, vars, "user", "list")), "\n")
	for i, want := range []string{
		`^ACCOUNT +PERSON +ROLE +UNIT +DESK +STATE +SIGNED IN$`,
		`^cu\.roi +Nguyễn Văn A +desk +thanh-tra-so +- +disabled +never$`,
		`^quan\.tri +Nguyễn Văn A +admin +thanh-tra-so +- +first password +never$`,
		`^thanh\.tra +Nguyễn Văn A +inspection +thanh-tra-so +- +first password +\d{4}-\d\d-\d\d \d\d:\d\d$`,
	} {
		if i >= len(lines) || !regexp.MustCompile(want).MatchString(lines[i]) {
			t.Errorf("line %d of %q, want %s", i+1, lines, want)
		}
	}
}

// TestUserCommandsBesideAServer: what a command does holds in a store that is
// open elsewhere, at once.
func TestUserCommandsBesideAServer(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	first := addUser(t, vars, "thanh.tra", "inspection")
	addUser(t, vars, "quan.tri", "admin")
	s := opened(t, vars)
	secret, _, err := s.signIn(t, "thanh.tra", first)
	if err != nil {
		t.Fatal(err)
	}
	ended := func(what string) {
		t.Helper()
		if _, err := s.staff.BySession(t.Context(), secret, time.Now()); !errors.Is(err, staff.ErrNoSession) {
			t.Errorf("%s leaves the session alive: %v", what, err)
		}
	}

	said := must(t, vars, "user", "passwd", "thanh.tra")
	second := strings.TrimSpace(said)
	if !onePassword.MatchString(said) || second == first {
		t.Fatalf("user passwd said %q", said)
	}
	ended("user passwd")
	if _, _, err := s.signIn(t, "thanh.tra", first); !errors.Is(err, staff.ErrSignIn) {
		t.Errorf("the old password: %v", err)
	}
	var se *staff.Session
	if secret, se, err = s.signIn(t, "thanh.tra", second); err != nil || !se.Account.MustChange {
		t.Fatalf("the new password: %+v, %v", se, err)
	}
	for range 2 {
		if said := must(t, vars, "user", "disable", "thanh.tra"); said != "" {
			t.Errorf("user disable said %q", said)
		}
	}
	ended("user disable")

	for _, args := range [][]string{{"disable", "quan.tri"}, {"disable", "ai.do"}, {"passwd", "ai.do"}} {
		code, stdout, stderr := sipas(t, vars, append([]string{"user"}, args...)...)
		if code != exitFailed || stdout != "" || !strings.Contains(stderr, args[1]) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q, %q", args, code, stdout, stderr)
		}
	}

	// All of it is in the log, with what was refused.
	var got []string
	list, _, err := s.staff.Entries(t.Context(), staff.EntryFilter{Account: "command"}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(list) {
		got = append(got, strings.Join([]string{e.Action, e.Object, e.Outcome}, " "))
	}
	want := []string{
		"account.create account/thanh.tra ", "account.create account/quan.tri ",
		"account.reset account/thanh.tra ", "account.disable account/thanh.tra ", "account.disable account/thanh.tra ",
		"account.disable account/quan.tri ", "account.disable account/quan.tri last_admin",
		"account.disable account/ai.do ", "account.disable account/ai.do account_unknown",
		"account.reset account/ai.do ", "account.reset account/ai.do account_unknown",
	}
	slices.Sort(got) // some are of the same millisecond
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("audit log %q", got)
	}
}

func TestTokenExpires(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_NOW": "2026-11-25T15:00:00+07:00"}
	token := strings.TrimSpace(must(t, vars, "token", "create", "--role", "office", "--name", "may", "--expires", "2026-11-25"))
	s := opened(t, vars)
	midnight := time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)
	if _, err := s.staff.ByToken(t.Context(), token, midnight.Add(-time.Millisecond)); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	if _, err := s.staff.ByToken(t.Context(), token, midnight); !errors.Is(err, staff.ErrUnknownToken) {
		t.Errorf("on the day after: %v", err)
	}
	for _, day := range []string{"2026-11-24", "25/11/2026", "2026-02-30"} {
		code, stdout, stderr := sipas(t, vars, "token", "create", "--role", "office", "--name", "may", "--expires", day)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, "expires") {
			t.Errorf("%s: exit %d, %q, %q", day, code, stdout, stderr)
		}
	}
}

// greeting starts a server, returns what it prints, and stops it.
func greeting(t *testing.T, vars map[string]string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said := make(signalWriter, 64)
	ended := make(chan int, 1)
	var log bytes.Buffer
	go func() {
		ended <- run(ctx, environment{func(name string) string { return vars[name] }, said, &log}, args)
	}()
	var text string
	select {
	case text = <-said:
	case code := <-ended:
		t.Fatalf("the server ended with %d: %s", code, log.String())
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Fatalf("the server ended with %d: %s", code, log.String())
	}
	if m := madePassword.FindStringSubmatch(text); m != nil && strings.Contains(log.String(), m[1]) {
		t.Error("the password is in the log")
	}
	return text
}

var madePassword = regexp.MustCompile(`\n  ([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\n`)

func TestFirstAccount(t *testing.T) {
	const given = "cau vuot song Han"
	for name, password := range map[string]string{"made": "", "given": given} {
		t.Run(name, func(t *testing.T) {
			vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_ADDR": "127.0.0.1:0", "SIPAS_ADMIN_PASSWORD": password}
			text := greeting(t, vars)
			made := madePassword.FindStringSubmatch(text)
			if strings.Contains(text, given) || !strings.Contains(text, "Accounts: admin\n") || (made != nil) != (password == "") {
				t.Fatalf("greeting %s", text)
			}
			if made != nil {
				password = made[1]
			}
			_, se, err := opened(t, vars).signIn(t, "admin", password)
			if err != nil || se.Account.Role != staff.Admin || se.Account.MustChange != (made != nil) {
				t.Errorf("%+v, %v", se, err)
			}
			if text := greeting(t, vars); madePassword.MatchString(text) || strings.Contains(text, "Accounts") {
				t.Errorf("the second start says %s", text)
			}
		})
	}
}

// TestSampleAccounts: one for each role, all with the password that is shown,
// and none to be changed first.
func TestSampleAccounts(t *testing.T) {
	s := opened(t, map[string]string{"SIPAS_DATA": t.TempDir()})
	c := config{now: time.Now}
	if err := s.staff.AddAccount(t.Context(), &staff.Account{ID: "don-vi", Name: "Trần Văn Minh", Role: staff.Unit, Unit: "thanh-tra-so"}, "cau vuot song Han", time.Now()); err != nil {
		t.Fatal(err) // of a start that was cut off
	}
	made, err := s.firstAccounts(t.Context(), c, true)
	if err != nil || len(made.names) != 5 {
		t.Fatalf("%+v, %v", made, err)
	}
	var roles []staff.Role
	for _, name := range append(made.names, "don-vi") {
		a, err := s.staff.Account(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		roles = append(roles, a.Role)
		if _, _, err := s.signIn(t, name, made.password); name != "don-vi" && (err != nil || a.MustChange || !strings.Contains(made.String(), name)) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	slices.Sort(roles)
	if want := slices.Sorted(slices.Values(staff.Roles)); !slices.Equal(roles, want) {
		t.Errorf("roles %q", roles)
	}
	if made, err := s.firstAccounts(t.Context(), c, true); err != nil || made.String() != "" {
		t.Errorf("once more: %+v, %v", made, err)
	}
}

// TestAccountsAreMadeOnlyWhereThereAreNone: whoever has made an account by hand
// gets no second door.
func TestAccountsAreMadeOnlyWhereThereAreNone(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_ADDR": "127.0.0.1:0"}
	addUser(t, vars, "quan.tri", "admin")
	if text := greeting(t, vars); madePassword.MatchString(text) {
		t.Errorf("greeting %s", text)
	}
	if _, err := opened(t, vars).staff.Account(t.Context(), "admin"); !errors.Is(err, staff.ErrNoAccount) {
		t.Errorf("admin: %v", err)
	}
}

// TestTwoServersMakeOneAdmin: of servers that start at the same moment one makes
// the account, and it alone has a password to show.
func TestTwoServersMakeOneAdmin(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	servers := []*stores{opened(t, vars), opened(t, vars)}
	made := make([]madeAccounts, len(servers))
	var group sync.WaitGroup
	for i, s := range servers {
		group.Go(func() {
			var err error
			if made[i], err = s.firstAccounts(t.Context(), config{now: time.Now}, false); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	winner := slices.IndexFunc(made, func(m madeAccounts) bool { return len(m.names) == 1 })
	if winner < 0 || len(made[1-winner].names) > 0 || made[1-winner].String() != "" {
		t.Fatalf("made %+v", made)
	}
	if _, _, err := servers[1-winner].signIn(t, "admin", made[winner].password); err != nil {
		t.Errorf("the password that was shown: %v", err)
	}
}

func TestWrongAdminPassword(t *testing.T) {
	for _, password := range []string{"hidden", "matkhau2026", "aaaaaaaaaaaa", "can-bo-mot-cua", strings.Repeat("hidden", 50)} {
		data := filepath.Join(t.TempDir(), "data")
		code, stdout, stderr := sipas(t, map[string]string{"SIPAS_ADMIN_PASSWORD": password, "SIPAS_DATA": data})
		if code != exitUsage || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "SIPAS_ADMIN_PASSWORD=") || strings.Contains(stderr, password) {
			t.Errorf("%q: exit %d, %q, %q", password, code, stdout, stderr)
		}
	}
}

// TestNoSessionComesBack: after a restore everybody signs in again, with the
// password of then.
func TestNoSessionComesBack(t *testing.T) {
	from := map[string]string{"SIPAS_DATA": t.TempDir()}
	password := addUser(t, from, "quan.tri", "admin")
	s := opened(t, from)
	secret, _, err := s.signIn(t, "quan.tri", password)
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimSpace(must(t, from, "token", "create", "--role", "office", "--name", "may"))
	file := filepath.Join(t.TempDir(), "backup.age")
	must(t, from, "backup", file)
	to := another(t, from)
	must(t, to, "restore", file)

	restored := opened(t, to)
	if _, err := restored.staff.BySession(t.Context(), secret, time.Now()); !errors.Is(err, staff.ErrNoSession) {
		t.Errorf("the session came back: %v", err)
	}
	for name, docs := range documents(t, restored) {
		if slices.Contains(restored.db.Transient(), name) && len(docs) > 0 {
			t.Errorf("%d documents of %s came back", len(docs), name)
		}
	}
	if _, _, err := restored.signIn(t, "quan.tri", password); err != nil {
		t.Errorf("the account: %v", err)
	}
	if _, err := restored.staff.ByToken(t.Context(), token, time.Now()); err != nil {
		t.Errorf("the token: %v", err)
	}
	if list, _, err := restored.staff.Entries(t.Context(), staff.EntryFilter{}, 100, ""); err != nil || len(list) != 2 {
		t.Errorf("the audit log: %d entries, %v", len(list), err)
	}
}
