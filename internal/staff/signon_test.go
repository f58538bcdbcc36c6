package staff_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/internal/store"
)

const issuer = "https://dang-nhap.example.gov.vn"

// person is somebody with an address that the issuer has verified.
func person(subject, email string) staff.Person {
	return staff.Person{Issuer: issuer, Subject: subject, Email: email}
}

// signOn signs a person on.
func (o *office) signOn(p staff.Person) (string, *staff.Session, error) {
	o.t.Helper()
	return o.SignOn(o.t.Context(), desk, o.now, func(context.Context) (staff.Person, error) { return p, nil })
}

// hireAt is hire with an address.
func (o *office) hireAt(id, email string) *staff.Account {
	o.t.Helper()
	a := o.hire(id, staff.Desk)
	a.Email = email
	if err := o.ChangeAccount(o.t.Context(), a); err != nil {
		o.t.Fatal(err)
	}
	return a
}

// wantRefused checks that a person was not let in, and why.
func wantRefused(t *testing.T, secret string, err error, account, why string) {
	t.Helper()
	var refused *staff.RefusedError
	if !errors.As(err, &refused) || secret != "" || refused.Account != account || refused.Why != why {
		t.Errorf("%q %v, want %q %s", secret, err, account, why)
	}
	if f := fault.As(err); f != staff.ErrSignOn {
		t.Errorf("it says more: %v", f)
	}
}

func TestSignOn(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh.lt@example.gov.vn")
	o.hireAt("cuong", "cuong@example.gov.vn")
	secret, se, err := o.signOn(person("1", "Binh.LT@Example.gov.vn"))
	if err != nil || se.Account.ID != "binh" || se.By != staff.BySignOn || !se.Account.BoundAt.Equal(o.now) || !se.Account.SignedInAt.Equal(o.now) ||
		!se.ExpiresAt.Equal(o.now.Add(staff.SessionIdle)) {
		t.Fatalf("%+v, %v", se, err)
	}
	if got, err := o.BySession(t.Context(), secret, o.now); err != nil || got.ID != se.ID || got.By != se.By || *got.Account != *se.Account {
		t.Errorf("read again %+v, %v", got, err)
	}
	bound := o.now
	o.now = o.now.Add(time.Hour)
	if _, se, err = o.signOn(person("1", "")); err != nil || se.Account.ID != "binh" || !se.Account.BoundAt.Equal(bound) {
		t.Errorf("once bound, without an address: %+v, %v", se, err)
	}
	if _, se, err = o.signOn(person("1", "cuong@example.gov.vn")); err != nil || se.Account.ID != "binh" {
		t.Errorf("once bound, with another's address: %+v, %v", se, err)
	}
	if secret = o.signIn("binh"); !o.alive(secret) {
		t.Error("the password does not work any more")
	}
}

// TestSignOnRefused: in none of these cases is anything bound.
func TestSignOnRefused(t *testing.T) {
	o := newOffice(t)
	o.hireAt("khanh", "khanh@example.gov.vn")
	o.hireAt("dung", "chung@example.gov.vn")
	o.hireAt("en.tt", "chung@example.gov.vn")
	o.hire("giang", staff.Desk) // without an address
	gone := o.hireAt("cuong", "cuong@example.gov.vn")
	gone.Disabled = true
	if err := o.ChangeAccount(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, email, account, why string
	}{
		{"nobody's address", "khong-ai@example.gov.vn", "", staff.WhyUnknown},
		{"a sign that some take for a k", "\u212Ahanh@example.gov.vn", "", staff.WhyUnknown},
		{"no address", "", "", staff.WhyUnverified},
		{"two accounts'", "chung@example.gov.vn", "", staff.WhySeveral},
		{"a disabled account's", "cuong@example.gov.vn", "cuong", staff.WhyDisabled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secret, _, err := o.signOn(person("1", tt.email))
			wantRefused(t, secret, err, tt.account, tt.why)
		})
	}
	accounts, err := o.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if !a.BoundAt.IsZero() {
			t.Errorf("%s is bound", a.ID)
		}
	}
}

// TestAnAddressGivenToSomebodyElse: the account does not go with it, until an
// administrator says so.
func TestAnAddressGivenToSomebodyElse(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh@example.gov.vn")
	first, _, err := o.signOn(person("1", "binh@example.gov.vn"))
	if err != nil {
		t.Fatal(err)
	}
	secret, _, err := o.signOn(person("2", "binh@example.gov.vn"))
	wantRefused(t, secret, err, "binh", staff.WhyOther)
	if err := o.Unbind(t.Context(), "binh"); err != nil {
		t.Fatal(err)
	}
	if o.alive(first) {
		t.Error("unbound, the session goes on")
	}
	if a, err := o.Account(t.Context(), "binh"); err != nil || !a.BoundAt.IsZero() {
		t.Errorf("%+v %v", a, err)
	}
	if _, se, err := o.signOn(person("2", "binh@example.gov.vn")); err != nil || se.Account.ID != "binh" {
		t.Errorf("after that: %v", err)
	}
	secret, _, err = o.signOn(person("1", "binh@example.gov.vn"))
	wantRefused(t, secret, err, "binh", staff.WhyOther)
	if err := o.Unbind(t.Context(), "khong-ai"); !errors.Is(err, staff.ErrNoAccount) {
		t.Errorf("nobody unbound: %v", err)
	}
}

// TestOneWhoHasGoneAndComesBack: the old account, disabled and bound, is in the way
// until it is unbound.
func TestOneWhoHasGoneAndComesBack(t *testing.T) {
	o := newOffice(t)
	old := o.hireAt("binh", "binh@example.gov.vn")
	if _, _, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil {
		t.Fatal(err)
	}
	old.Disabled = true
	if err := o.ChangeAccount(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	o.hireAt("binh.lt", "binh@example.gov.vn")
	secret, _, err := o.signOn(person("1", "binh@example.gov.vn"))
	wantRefused(t, secret, err, "binh", staff.WhyDisabled)
	if err := o.Unbind(t.Context(), "binh"); err != nil {
		t.Fatal(err)
	}
	if _, se, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil || se.Account.ID != "binh.lt" {
		t.Errorf("%+v %v", se, err)
	}
}

// TestAnotherIssuer: what a former one said of a person binds no more.
func TestAnotherIssuer(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh@example.gov.vn")
	if _, _, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil {
		t.Fatal(err)
	}
	moved := staff.Person{Issuer: "https://moi.example.gov.vn", Subject: "1"}
	secret, _, err := o.signOn(moved)
	wantRefused(t, secret, err, "", staff.WhyUnverified)
	moved.Email = "binh@example.gov.vn"
	if _, se, err := o.signOn(moved); err != nil || se.Account.ID != "binh" {
		t.Errorf("%+v %v", se, err)
	}
}

// TestFirstPasswordAndSignOn: only who comes by that password has to change it.
func TestFirstPasswordAndSignOn(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh@example.gov.vn")
	if err := o.SetPassword(t.Context(), "binh", password, true, o.now); err != nil {
		t.Fatal(err)
	}
	if _, se, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil || se.PasswordFirst() || !se.Account.MustChange {
		t.Errorf("by single sign-on: %+v %v", se, err)
	}
	if _, se, err := o.SignIn(t.Context(), "binh", password, desk, o.now); err != nil || !se.PasswordFirst() {
		t.Errorf("by password: %+v %v", se, err)
	}
}

// TestSignOnIsSlowedDown: tries that fail use up an address's places, and those
// that succeed do not. Passwords have places of their own.
func TestSignOnIsSlowedDown(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh@example.gov.vn")
	for range 70 {
		if _, _, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	failing := func() error {
		_, _, err := o.SignOn(t.Context(), desk, o.now, func(context.Context) (staff.Person, error) {
			asked++
			return staff.Person{}, errors.New("no such person")
		})
		return err
	}
	for range 60 {
		if err := failing(); errors.Is(err, staff.ErrThrottled) {
			t.Fatalf("after %d tries: %v", asked, err)
		}
	}
	err := failing()
	if !errors.Is(err, staff.ErrThrottled) || fault.As(err).RetryAfter <= 0 || fault.As(err).RetryAfter > 5*time.Second || asked != 60 {
		t.Errorf("%d asked, then %v", asked, err)
	}
	o.signIn("binh")
	if _, _, err := o.SignOn(t.Context(), elsewhere, o.now, func(context.Context) (staff.Person, error) { return person("1", ""), nil }); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	o.now = o.now.Add(5 * time.Second)
	if _, _, err := o.signOn(person("1", "")); err != nil {
		t.Errorf("a little later: %v", err)
	}
}

// TestSignOnMakesTheAddressKnown: a guesser elsewhere keeps nobody from their own
// desk, however they came in there.
func TestSignOnMakesTheAddressKnown(t *testing.T) {
	o := newOffice(t)
	o.hireAt("binh", "binh@example.gov.vn")
	if _, _, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil {
		t.Fatal(err)
	}
	for i := range 15 {
		_, _, _ = o.SignIn(t.Context(), "binh", "khong phai", "198.51.100."+string(rune('1'+i%9)), o.now)
	}
	if _, _, err := o.SignIn(t.Context(), "binh", password, elsewhere, o.now); !errors.Is(err, staff.ErrThrottled) {
		t.Errorf("from elsewhere: %v", err)
	}
	o.signIn("binh")
}

// TestDocumentsFromBeforeSignOn: accounts and sessions that an older version has
// stored are good.
func TestDocumentsFromBeforeSignOn(t *testing.T) {
	o := newOffice(t)
	type account struct {
		store.Doc `bson:",inline"`
		Name      string     `bson:"name"`
		Role      staff.Role `bson:"role"`
		Email     string     `bson:"email"`
		Edit      int64      `bson:"edit"`
		Epoch     int64      `bson:"epoch"`
	}
	type session struct {
		store.Doc `bson:",inline"`
		Account   string    `bson:"account"`
		Epoch     int64     `bson:"epoch"`
		CreatedAt time.Time `bson:"createdAt"`
		SeenAt    time.Time `bson:"seenAt"`
		ExpiresAt time.Time `bson:"expiresAt"`
	}
	older := o.open()
	defer older.Close(context.Background())
	accounts, err := store.Open[account](t.Context(), older, store.Spec{Name: "accounts"})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := store.Open[session](t.Context(), older, store.Spec{Name: "sessions", Transient: true, Indexes: []store.Index{
		{Name: "expiry", Fields: []store.Field{{Name: "expiresAt", Type: store.Time}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" // of "secret"
	err = errors.Join(
		accounts.Insert(t.Context(), &account{store.Doc{ID: "binh"}, "Lê Bình", staff.Desk, "binh@example.gov.vn", 1, 1}),
		sessions.Insert(t.Context(), &session{store.Doc{ID: hash}, "binh", 1, o.now, o.now, o.now.Add(time.Hour)}),
	)
	if err != nil {
		t.Fatal(err)
	}
	o = o.join()
	if se, err := o.BySession(t.Context(), "secret", o.now); err != nil || se.By != staff.ByPassword || !se.Account.BoundAt.IsZero() {
		t.Errorf("%+v %v", se, err)
	}
	if _, se, err := o.signOn(person("1", "binh@example.gov.vn")); err != nil || se.Account.ID != "binh" || !se.Account.BoundAt.Equal(o.now) {
		t.Errorf("%+v %v", se, err)
	}
}
