package staff_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/internal/store"
)

// database opens the database of a test, the same one when it is called again.
var database = func(t *testing.T) func() *store.Store {
	file := filepath.Join(t.TempDir(), "sipas.db")
	return func() *store.Store {
		db, err := store.OpenSQLite(file)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
}

const (
	password  = "cau vuot song Han"
	password2 = "ba con meo tam the"
	desk      = "10.1.2.3"    // an address inside
	elsewhere = "203.0.113.9" // one outside
)

// office is a store with people in it, at a time that the test moves.
type office struct {
	*staff.Store
	t    *testing.T
	open func() *store.Store
	db   *store.Store
	now  time.Time
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, open: database(t), now: time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC)}
	return o.join()
}

// join is another server on the same database.
func (o *office) join() *office {
	o.t.Helper()
	other := *o
	other.db = o.open()
	o.t.Cleanup(func() { _ = other.db.Close(context.Background()) }) // t.Context has ended by then
	var err error
	if other.Store, err = staff.OpenStore(o.t.Context(), other.db); err != nil {
		o.t.Fatal(err)
	}
	return &other
}

// hire adds an account with the usual password.
func (o *office) hire(id string, role staff.Role) *staff.Account {
	o.t.Helper()
	a := &staff.Account{ID: id, Name: "Nguyễn Thị " + id, Role: role, Unit: "van-phong-so", CreatedBy: "quan-tri"}
	if err := o.AddAccount(o.t.Context(), a, password, o.now); err != nil {
		o.t.Fatal(err)
	}
	return a
}

// signIn signs in, and nothing may be wrong.
func (o *office) signIn(account string) string {
	o.t.Helper()
	secret, _, err := o.SignIn(o.t.Context(), account, password, desk, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	return secret
}

// alive tells whether a session is.
func (o *office) alive(secret string) bool {
	o.t.Helper()
	_, err := o.BySession(o.t.Context(), secret, o.now)
	if err != nil && !errors.Is(err, staff.ErrNoSession) {
		o.t.Fatal(err)
	}
	return err == nil
}

// documents are the stored documents of a collection.
func (o *office) documents(name string) (docs [][]byte) {
	o.t.Helper()
	d, err := o.db.Dump(o.t.Context(), name)
	if err != nil {
		o.t.Fatal(err)
	}
	for {
		page, err := d.Next(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if len(page) == 0 {
			return docs
		}
		docs = append(docs, page...)
	}
}

// wantFields checks that err names exactly these fields to mend, as "name code".
func wantFields(t *testing.T, err error, want ...string) {
	t.Helper()
	var got []string
	if err != nil {
		f := fault.As(err)
		if f.Kind != fault.Invalid {
			t.Fatalf("not Invalid: %v", err)
		}
		for _, x := range f.Fields {
			got = append(got, x.Name+" "+x.Code)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
}
