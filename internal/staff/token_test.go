package staff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

var machine = staff.Officer{Account: "may-quet", Role: staff.Office, Unit: "van-phong-so", Desk: "ban-1"}

func TestTokenLasts(t *testing.T) {
	day := 24 * time.Hour
	for _, tt := range []struct {
		name    string
		expires time.Duration // 0: never
		revoked bool
		after   time.Duration
		valid   bool
	}{
		{"new", day, false, 0, true},
		{"just before its end", day, false, day - time.Millisecond, true},
		{"at its end", day, false, day, false},
		{"without an end", 0, false, 1000 * day, true},
		{"revoked", day, true, 0, false},
		{"without an end, revoked", 0, true, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			other := o.join()
			var end time.Time
			if tt.expires > 0 {
				end = o.now.Add(tt.expires)
			}
			token, err := o.AddTokenUntil(t.Context(), machine, "quan-tri", end, o.now)
			if err != nil {
				t.Fatal(err)
			}
			list, err := o.Tokens(t.Context())
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			if tt.revoked {
				if err := o.RevokeToken(t.Context(), list[0].ID, o.now); err != nil {
					t.Fatal(err)
				}
			}
			got, err := other.ByToken(t.Context(), token, o.now.Add(tt.after))
			if tt.valid && (err != nil || got != machine) || !tt.valid && !errors.Is(err, staff.ErrUnknownToken) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	o := newOffice(t)
	end := o.now.Add(48 * time.Hour)
	first, err := o.AddTokenUntil(t.Context(), machine, "quan-tri", end, o.now)
	if err != nil {
		t.Fatal(err)
	}
	later := o.now.Add(time.Hour)
	second, err := o.AddToken(t.Context(), staff.Officer{Account: " may-in ", Role: staff.Desk}, later)
	if err != nil || second == first || !strings.HasPrefix(second, "sipas_") {
		t.Fatal(second, err)
	}
	list, err := o.Tokens(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if got := *list[0]; got != (staff.Token{ID: got.ID, Officer: staff.Officer{Account: "may-in", Role: staff.Desk}, CreatedAt: later}) {
		t.Errorf("the newest is %+v", got)
	}
	if got := *list[1]; got != (staff.Token{ID: got.ID, Officer: machine, CreatedAt: o.now, CreatedBy: "quan-tri", ExpiresAt: end}) {
		t.Errorf("the oldest is %+v", got)
	}

	for range 2 { // the second time changes nothing
		if err := o.RevokeToken(t.Context(), list[1].ID, later); err != nil {
			t.Fatal(err)
		}
		later = later.Add(time.Hour)
	}
	list, _ = o.Tokens(t.Context())
	if want := o.now.Add(time.Hour); !list[1].RevokedAt.Equal(want) || list[1].ValidAt(later) || !list[0].ValidAt(later) {
		t.Errorf("revoked %+v", list[1])
	}
	for _, id := range []string{"", "x", first} {
		if err := o.RevokeToken(t.Context(), id, later); !errors.Is(err, staff.ErrUnknownToken) {
			t.Errorf("revoke %q: %v", id, err)
		}
	}
	for _, token := range []string{"", "sipas_", "x", list[0].ID, second + " ", second[:len(second)-1]} {
		if _, err := o.ByToken(t.Context(), token, later); !errors.Is(err, staff.ErrUnknownToken) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestTokenToMend(t *testing.T) {
	o := newOffice(t)
	_, err := o.AddTokenUntil(t.Context(), staff.Officer{Role: "king"}, "", o.now, o.now)
	wantFields(t, err, "role choice", "name required", "expires token_past")
	_, err = o.AddToken(t.Context(), staff.Officer{Account: strings.Repeat("ễ", 101), Role: staff.Desk}, o.now)
	wantFields(t, err, "name too_long")
}
