package staff_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

func TestSignIn(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	for _, typed := range []string{"binh", " Binh ", "BINH"} {
		secret, se, err := o.SignIn(t.Context(), typed, password, desk, o.now)
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if se.Account.ID != "binh" || !se.Account.SignedInAt.Equal(o.now) || !se.CreatedAt.Equal(o.now) || !se.ExpiresAt.Equal(o.now.Add(staff.SessionIdle)) {
			t.Errorf("%q: %+v", typed, se)
		}
		if got, err := o.BySession(t.Context(), secret, o.now); err != nil || got.ID != se.ID || *got.Account != *se.Account {
			t.Errorf("%q: read again %+v, %v", typed, got, err)
		}
	}
}

// refusals are what looks alike to whoever tries.
var refusals = []struct{ name, account, password string }{
	{"wrong password", "binh", "khong phai mat khau"},
	{"empty password", "binh", ""},
	{"unknown account", "ai-do", password},
	{"no account at all", "", password},
	{"no possible account", strings.Repeat("ễ\x00", 4000), password},
	{"disabled account", "cuong", password},
}

func officeWithRefusals(t *testing.T) *office {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	gone := o.hire("cuong", staff.Desk)
	gone.Disabled = true
	if err := o.ChangeAccount(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSignInRefused(t *testing.T) {
	o := officeWithRefusals(t)
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			secret, se, err := o.SignIn(t.Context(), tt.account, tt.password, desk, o.now)
			if !errors.Is(err, staff.ErrSignIn) || secret != "" || se != nil {
				t.Errorf("%v", err)
			}
			if f := fault.As(err); f.Code != "sign_in" || f.Error() != staff.ErrSignIn.Error() {
				t.Errorf("it says more: %v", f)
			}
		})
	}
}

// TestEveryRefusalHashes: with no place for a hash each of them has to wait, so
// each computes one, and the time tells nothing.
func TestEveryRefusalHashes(t *testing.T) {
	o := officeWithRefusals(t)
	staff.HoldHashes(t, 2)
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := o.SignIn(t.Context(), tt.account, tt.password, desk, o.now); !errors.Is(err, staff.ErrBusy) {
				t.Errorf("answered without a hash: %v", err)
			}
		})
	}
}

// TestTwoHashesAtOnce: a third finds no place.
func TestTwoHashesAtOnce(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	staff.HoldHashes(t, 1)
	o.signIn("binh")
	staff.HoldHashes(t, 1)
	_, _, err := o.SignIn(t.Context(), "binh", password, desk, o.now)
	if !errors.Is(err, staff.ErrBusy) || fault.As(err).Kind != fault.Unavailable || fault.As(err).RetryAfter == 0 {
		t.Errorf("no place: %v", err)
	}
}

// TestNobodyWaitsForWhoHasGone: the wait for a place ends with its context.
func TestNobodyWaitsForWhoHasGone(t *testing.T) {
	o := newOffice(t)
	staff.HoldHashes(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := o.AddAccount(ctx, &staff.Account{ID: "binh", Name: "Lê Bình", Role: staff.Desk}, password, o.now)
	if !errors.Is(err, staff.ErrBusy) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestSignInsAtOnce: as many people sign in to one account at the same moment as
// have its password, on two servers.
func TestSignInsAtOnce(t *testing.T) {
	o := newOffice(t)
	servers := []*office{o, o.join()}
	o.hire("binh", staff.Desk)
	o.signIn("binh")
	secrets := make([]string, 2)
	var group sync.WaitGroup
	for i := range secrets {
		group.Go(func() {
			var err error
			if secrets[i], _, err = servers[i].SignIn(t.Context(), "binh", password, desk, o.now); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if secrets[0] == secrets[1] || !o.alive(secrets[0]) || !o.alive(secrets[1]) {
		t.Errorf("%q", secrets)
	}
}

// TestPasswordIsNormalised: keyboards write the same letters in other bytes.
func TestPasswordIsNormalised(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	const one, several = "n\u1eafng \u1ea5m xa d\u1ea7n", "na\u0306\u0301ng a\u0302\u0301m xa da\u0302\u0300n" // nắng ấm xa dần
	if one == several {
		t.Fatal("the same bytes")
	}
	if err := o.SetPassword(t.Context(), "binh", one, false, o.now); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.SignIn(t.Context(), "binh", several, desk, o.now); err != nil {
		t.Error(err)
	}
}

// TestHashIsRenewed: an account whose hash is cheaper than what is asked for now
// gets a new one when its owner signs in.
func TestHashIsRenewed(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	old, _ := staff.StoredHash(t.Context(), o.Store, "binh")
	staff.WithRealCost(t)
	const parameters = "$argon2id$v=19$m=47104,t=1,p=1$"
	if strings.HasPrefix(old, parameters) {
		t.Fatal("it has the real cost already")
	}
	first := o.signIn("binh")
	renewed, err := staff.StoredHash(t.Context(), o.Store, "binh")
	if err != nil || !strings.HasPrefix(renewed, parameters) {
		t.Errorf("%s, %v", renewed, err)
	}
	second := o.signIn("binh")
	if kept, _ := staff.StoredHash(t.Context(), o.Store, "binh"); kept != renewed {
		t.Error("renewed again")
	}
	if !o.alive(first) || !o.alive(second) {
		t.Error("a renewed hash ends sessions")
	}
}

func TestChangeOwnPassword(t *testing.T) {
	o := newOffice(t)
	a := &staff.Account{ID: "binh", Name: "Lê Bình", Role: staff.Desk, MustChange: true}
	if err := o.AddAccount(t.Context(), a, password, o.now); err != nil {
		t.Fatal(err)
	}
	mine := o.signIn("binh")
	change := func(account, old, new string) error {
		_, err := o.ChangeOwnPassword(t.Context(), account, old, new, desk, o.now)
		return err
	}
	wantFields(t, change("binh", "khong phai mat khau", password2), "old wrong_password")
	wantFields(t, change("binh", "khong phai mat khau", "ngan"), "old wrong_password", "password too_short")
	wantFields(t, change("binh", password, "matkhau2026"), "password password_common")
	wantFields(t, change("binh", password, password), "password password_same")
	wantFields(t, change("ai-do", password, password2), "old wrong_password")
	if !o.alive(mine) {
		t.Fatal("refused changes end the session")
	}

	o.now = o.now.Add(10 * time.Minute)
	fresh, err := o.ChangeOwnPassword(t.Context(), "binh", password, password2, desk, o.now)
	if err != nil {
		t.Fatal(err)
	}
	if o.alive(mine) {
		t.Error("the old session is alive")
	}
	se, err := o.BySession(t.Context(), fresh, o.now)
	if err != nil || se.Account.MustChange || !se.Account.PasswordAt.Equal(o.now) || !se.CreatedAt.Equal(o.now) {
		t.Errorf("fresh session %+v, %v", se, err)
	}
	if _, _, err := o.SignIn(t.Context(), "binh", password2, desk, o.now); err != nil {
		t.Error(err)
	}
}

// TestOldPasswordIsThrottled: a session left open is no way to guess faster.
func TestOldPasswordIsThrottled(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	for range 5 {
		_, err := o.ChangeOwnPassword(t.Context(), "binh", "khong phai mat khau", password2, desk, o.now)
		wantFields(t, err, "old wrong_password")
	}
	_, err := o.ChangeOwnPassword(t.Context(), "binh", password, password2, desk, o.now)
	if !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("the sixth: %v", err)
	}
	if _, _, err := o.SignIn(t.Context(), "binh", password, desk, o.now); !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("sign-in counts apart: %v", err)
	}
}

// meddling is a context that lets somebody else act when it is asked for the
// n-th time whether it has ended, which every step in the store does.
type meddling struct {
	context.Context
	n   int
	act func()
}

func (m *meddling) Done() <-chan struct{} {
	if m.n--; m.n == 0 {
		m.act()
	}
	return m.Context.Done()
}

// TestPasswordIsSetMeanwhile: at whichever step of a sign-in, or of a change by
// the owner, an administrator sets another password, that one holds, and no
// session that began with the old one.
func TestPasswordIsSetMeanwhile(t *testing.T) {
	const own = "ruong lua chin vang"
	for name, act := range map[string]func(o *office, ctx context.Context) (string, error){
		"sign-in": func(o *office, ctx context.Context) (string, error) {
			secret, _, err := o.SignIn(ctx, "binh", password, desk, o.now)
			return secret, err
		},
		"change by the owner": func(o *office, ctx context.Context) (string, error) {
			return o.ChangeOwnPassword(ctx, "binh", password, own, desk, o.now)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.hire("binh", staff.Desk)
			steps := 0
			for n := 1; ; n++ {
				if err := o.SetPassword(t.Context(), "binh", password, false, o.now); err != nil {
					t.Fatal(err)
				}
				set := false
				secret, err := act(o, &meddling{t.Context(), n, func() {
					set = true
					if err := o.SetPassword(t.Context(), "binh", password2, true, o.now); err != nil {
						t.Error(err)
					}
				}})
				if !set {
					break // it has fewer steps
				}
				steps++
				if err == nil && o.alive(secret) {
					t.Errorf("step %d: a session of the old password is alive", n)
				}
				if _, _, err := o.SignIn(t.Context(), "binh", password2, desk, o.now); err != nil {
					t.Errorf("step %d: the password that was set: %v", n, err)
				}
			}
			if steps < 5 {
				t.Errorf("only %d steps", steps)
			}
		})
	}
}
