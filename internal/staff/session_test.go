package staff_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/internal/store"
)

func TestSessionLimits(t *testing.T) {
	const use, wait = true, false
	type step struct {
		after time.Duration // since the step before
		use   bool          // a request is made
	}
	every := func(d time.Duration, n int) (steps []step) {
		for range n {
			steps = append(steps, step{d, use})
		}
		return steps
	}
	for _, tt := range []struct {
		name  string
		steps []step
		alive bool
	}{
		{"at once", nil, true},
		{"just before idle", []step{{staff.SessionIdle - time.Millisecond, wait}}, true},
		{"idle", []step{{staff.SessionIdle, wait}}, false},
		{"a request in between", []step{{20 * time.Minute, use}, {20 * time.Minute, wait}}, true},
		{"idle after a request", []step{{20 * time.Minute, use}, {staff.SessionIdle, wait}}, false},
		{"in use for almost twelve hours", append(every(20*time.Minute, 35), step{19 * time.Minute, wait}), true},
		{"in use for twelve hours", append(every(20*time.Minute, 35), step{20 * time.Minute, wait}), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.hire("binh", staff.Desk)
			secret := o.signIn("binh")
			for i, step := range tt.steps {
				o.now = o.now.Add(step.after)
				if step.use && !o.alive(secret) {
					t.Fatalf("ended before step %d", i)
				}
			}
			if got := o.alive(secret); got != tt.alive {
				t.Errorf("alive %t", got)
			}
		})
	}
}

// TestSessionIsNotedOnceAMinute: reading pages is not writing.
func TestSessionIsNotedOnceAMinute(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	secret := o.signIn("binh")
	stored := func() []byte { return o.documents("sessions")[0] }
	first := stored()
	for range 59 {
		o.now = o.now.Add(time.Second)
		if !o.alive(secret) {
			t.Fatal("ended")
		}
	}
	if !bytes.Equal(stored(), first) {
		t.Error("written within the minute")
	}
	o.now = o.now.Add(time.Second)
	se, err := o.BySession(t.Context(), secret, o.now)
	if err != nil || !se.ExpiresAt.Equal(o.now.Add(staff.SessionIdle)) || bytes.Equal(stored(), first) {
		t.Errorf("not written after a minute: %+v, %v", se, err)
	}
}

// TestSessionEnds: what ends a session ends it on every server at once.
func TestSessionEnds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		do    func(o *office, secret string) error
		alive bool
	}{
		{"nothing happens", func(*office, string) error { return nil }, true},
		{"signed out", func(o *office, secret string) error { return o.SignOut(o.t.Context(), secret) }, false},
		{"signed out twice", func(o *office, secret string) error {
			return errors.Join(o.SignOut(o.t.Context(), secret), o.SignOut(o.t.Context(), secret))
		}, false},
		{"signed out everywhere", func(o *office, _ string) error { return o.SignOutEverywhere(o.t.Context(), "binh") }, false},
		{"somebody else everywhere", func(o *office, _ string) error { return o.SignOutEverywhere(o.t.Context(), "quan-tri") }, true},
		{"disabled", edited(func(a *staff.Account) { a.Disabled = true }), false},
		{"disabled and enabled again", func(o *office, secret string) error {
			return errors.Join(edited(func(a *staff.Account) { a.Disabled = true })(o, secret),
				edited(func(a *staff.Account) { a.Disabled = false })(o, secret))
		}, false},
		{"another role", edited(func(a *staff.Account) { a.Role = staff.Leader }), false},
		{"another unit", edited(func(a *staff.Account) { a.Unit = "thanh-tra-so" }), true},
		{"another password", func(o *office, _ string) error {
			return o.SetPassword(o.t.Context(), "binh", password2, false, o.now)
		}, false},
		{"own password changed", func(o *office, _ string) error {
			_, err := o.ChangeOwnPassword(o.t.Context(), "binh", password, password2, desk, o.now)
			return err
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			other := o.join()
			o.hire("binh", staff.Desk)
			o.hire("quan-tri", staff.Admin)
			secret := o.signIn("binh")
			if !other.alive(secret) {
				t.Fatal("the other server does not know the session")
			}
			if err := tt.do(o, secret); err != nil {
				t.Fatal(err)
			}
			if got := other.alive(secret); got != tt.alive {
				t.Errorf("alive on the other server: %t", got)
			}
		})
	}
}

// edited returns a step that changes the account binh.
func edited(edit func(*staff.Account)) func(*office, string) error {
	return func(o *office, _ string) error {
		a, err := o.Account(o.t.Context(), "binh")
		if err != nil {
			return err
		}
		edit(a)
		return o.ChangeAccount(o.t.Context(), a)
	}
}

// TestSessionHasTheAccountAsItIs: another unit holds at once.
func TestSessionHasTheAccountAsItIs(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	secret := o.signIn("binh")
	if err := edited(func(a *staff.Account) { a.Unit = "thanh-tra-so" })(o, ""); err != nil {
		t.Fatal(err)
	}
	se, err := o.BySession(t.Context(), secret, o.now)
	if err != nil || se.Account.Unit != "thanh-tra-so" {
		t.Errorf("%+v, %v", se, err)
	}
}

// TestSecretsAreNotStored: whoever reads the database can neither sign in nor
// take a session over.
func TestSecretsAreNotStored(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	first, second := o.signIn("binh"), o.signIn("binh")
	if first == second || len(first) < 52 {
		t.Errorf("secrets %q, %q", first, second)
	}
	token, err := o.AddToken(t.Context(), staff.Officer{Account: "may", Role: staff.Office}, o.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"accounts", "sessions", "attempts", "tokens"} {
		docs := o.documents(name)
		if len(docs) == 0 {
			t.Errorf("nothing in %s", name)
		}
		for _, doc := range docs {
			for _, secret := range []string{password, first, second, token} {
				if bytes.Contains(doc, []byte(secret)) {
					t.Errorf("%s has %q", name, secret)
				}
			}
			if name == "attempts" && (bytes.Contains(doc, []byte("binh")) || bytes.Contains(doc, []byte(desk))) {
				t.Errorf("an attempt says whose it is: %q", doc)
			}
		}
	}
	for _, wrong := range []string{"", "x", first[1:]} {
		if o.alive(wrong) {
			t.Errorf("%q is a session", wrong)
		}
	}
}

func TestSweep(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	for range 3 {
		o.signIn("binh")
	}
	if _, _, err := o.SignIn(t.Context(), "ai-do", password, elsewhere, o.now); !errors.Is(err, staff.ErrSignIn) {
		t.Fatal(err)
	}
	o.now = o.now.Add(20 * time.Minute)
	young := o.signIn("binh")
	o.now = o.now.Add(15 * time.Minute)
	count := func() [2]int { return [2]int{len(o.documents("sessions")), len(o.documents("attempts"))} }
	before := count()
	if err := o.Sweep(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != [2]int{1, before[1]} || !o.alive(young) {
		t.Errorf("sessions and attempts %v, before %v", got, before)
	}
	o.now = o.now.Add(72 * time.Hour)
	if err := o.Sweep(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != [2]int{0, 1} { // the address still knows its people
		t.Errorf("days later: sessions and attempts %v", got)
	}
	o.now = o.now.Add(90 * 24 * time.Hour)
	if err := o.Sweep(t.Context(), o.now); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != [2]int{0, 0} {
		t.Errorf("months later: sessions and attempts %v", got)
	}
}

// TestTransient: no backup brings a session or a place of a guesser back.
func TestTransient(t *testing.T) {
	o := newOffice(t)
	if got, want := o.db.Transient(), []string{"attempts", "leavings", "sessions"}; !slices.Equal(got, want) {
		t.Errorf("transient: %v", got)
	}
}

// TestStoreAway: a store that is away is no answer about anybody.
func TestStoreAway(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	secret := o.signIn("binh")
	if err := o.db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, bySession := o.BySession(t.Context(), secret, o.now)
	_, _, signIn := o.SignIn(t.Context(), "binh", password, desk, o.now)
	_, byToken := o.ByToken(t.Context(), "sipas_x", o.now)
	for name, err := range map[string]error{"session": bySession, "sign-in": signIn, "token": byToken} {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
