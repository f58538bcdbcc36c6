package staff_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

const (
	right = password
	bad   = "khong phai mat khau"
)

// try is a row of a scenario: n tries alike, the first of them some time after
// the row before.
type try struct {
	after    time.Duration
	n        int
	account  string
	password string
	address  string
	want     string // "in", "wrong", or for how long it is refused
}

// A %d in an account or address is the number of the try.
const (
	anybody   = "ai-do-%d"
	colleague = "dong-nghiep-%d"
)

func TestThrottle(t *testing.T) {
	for _, tt := range []struct {
		name  string
		tries []try
	}{
		{"five wrong ones, then one a minute", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{0, 1, "binh", bad, desk, "1m0s"},
			{20 * time.Second, 1, "binh", bad, desk, "40s"},
			{40 * time.Second, 1, "binh", bad, desk, "wrong"},
			{0, 1, "binh", bad, desk, "1m0s"},
			{time.Minute, 1, "binh", bad, desk, "wrong"},
		}},
		{"the right one has to wait too", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{0, 1, "binh", right, desk, "1m0s"},
			{time.Minute, 1, "binh", right, desk, "in"},
		}},
		{"refused tries make nobody wait longer", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{30 * time.Second, 50, "binh", bad, desk, "30s"},
			{30 * time.Second, 1, "binh", right, desk, "in"},
		}},
		{"the right one empties the row", []try{
			{0, 4, "binh", bad, desk, "wrong"},
			{0, 1, "binh", right, desk, "in"},
			{0, 5, "binh", bad, desk, "wrong"},
			{0, 1, "binh", bad, desk, "1m0s"},
		}},
		{"an unknown account is like a known one", []try{
			{0, 5, "ai-do", bad, desk, "wrong"},
			{0, 1, "ai-do", bad, desk, "1m0s"},
			{time.Minute, 1, "ai-do", bad, desk, "wrong"},
		}},
		{"a name in capitals is the same name", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{0, 1, " BINH", bad, desk, "1m0s"},
		}},
		{"rows are empty again after a while", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{5 * time.Minute, 5, "binh", bad, desk, "wrong"},
			{0, 1, "binh", bad, desk, "1m0s"},
		}},
		{"other accounts and addresses are apart", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{0, 1, "cuong", right, desk, "in"},
			{0, 1, "binh", right, elsewhere, "in"},
		}},
		{"many addresses at one account", []try{
			{0, 5, "binh", bad, "203.0.113.1", "wrong"},
			{0, 5, "binh", bad, "203.0.113.2", "wrong"},
			{0, 5, "binh", bad, "203.0.113.3", "wrong"},
			{0, 1, "binh", bad, "203.0.113.4", "1m0s"},
			{time.Minute, 1, "binh", bad, "203.0.113.4", "wrong"},
			{0, 1, "binh", bad, "203.0.113.5", "1m0s"},
		}},
		{"a colleague at her desk is not kept out by them", []try{
			{0, 1, "binh", right, desk, "in"},
			{0, 5, "binh", bad, "203.0.113.1", "wrong"},
			{0, 5, "binh", bad, "203.0.113.2", "wrong"},
			{0, 5, "binh", bad, "203.0.113.3", "wrong"},
			{0, 1, "binh", bad, "203.0.113.4", "1m0s"},
			{0, 4, "binh", bad, desk, "wrong"},
			{0, 1, "binh", right, desk, "in"},
		}},
		{"nor anybody else", []try{
			{0, 5, "binh", bad, "203.0.113.1", "wrong"},
			{0, 5, "binh", bad, "203.0.113.2", "wrong"},
			{0, 5, "binh", bad, "203.0.113.3", "wrong"},
			{0, 1, "cuong", right, "203.0.113.4", "in"},
		}},
		{"one address at many accounts", []try{
			{0, 60, anybody, bad, elsewhere, "wrong"},
			{0, 1, "binh", bad, elsewhere, "5s"},
			{5 * time.Second, 1, "binh", bad, elsewhere, "wrong"},
			{0, 1, "cuong", bad, elsewhere, "5s"},
		}},
		{"who has signed in there is not kept out by them", []try{
			{0, 1, "binh", right, elsewhere, "in"},
			{0, 60, anybody, bad, elsewhere, "wrong"},
			{0, 1, "cuong", right, elsewhere, "5s"},
			{0, 1, "binh", right, elsewhere, "in"},
		}},
		{"who is refused takes no place", []try{
			{0, 60, anybody, bad, elsewhere, "wrong"},
			{0, 20, "binh", bad, elsewhere, "5s"},
			{0, 5, "binh", bad, "198.51.100.1", "wrong"},
			{0, 5, "binh", bad, "198.51.100.2", "wrong"},
			{0, 5, "binh", bad, "198.51.100.3", "wrong"},
		}},
		{"a disabled account is like a wrong password", []try{
			{0, 5, "gone", right, desk, "wrong"},
			{0, 1, "gone", right, desk, "1m0s"},
		}},
		{"an office signs in for the first time, behind one address", []try{
			{0, 45, anybody, bad, desk, "wrong"},
			{0, 20, colleague, right, desk, "in"},
			{0, 15, anybody, bad, desk, "wrong"},
			{0, 1, anybody, bad, desk, "5s"},
		}},
		{"somebody signs in from everywhere", []try{
			{0, 16, "binh", right, "203.0.113.%d", "in"},
			{0, 5, "binh", bad, "198.51.100.1", "wrong"},
			{0, 5, "binh", bad, "198.51.100.2", "wrong"},
			{0, 5, "binh", bad, "198.51.100.3", "wrong"},
			{0, 1, "binh", bad, "198.51.100.4", "1m0s"},
		}},
		{"an address forgets after 90 days without a sign-in", []try{
			{0, 1, "binh", right, desk, "in"},
			{89 * 24 * time.Hour, 1, "binh", right, desk, "in"},
			{89 * 24 * time.Hour, 60, anybody, bad, desk, "wrong"},
			{0, 1, "binh", right, desk, "in"},
			{90 * 24 * time.Hour, 60, anybody, bad, desk, "wrong"},
			{0, 1, "binh", right, desk, "5s"},
		}},
		{"an address of IPv6 is its network", []try{
			{0, 3, "binh", bad, "2001:db8:1:2::1", "wrong"},
			{0, 2, "binh", bad, "2001:db8:1:2:ffff::9", "wrong"},
			{0, 1, "binh", bad, "2001:db8:1:2:3:4:5:6", "1m0s"},
			{0, 1, "binh", bad, "2001:db8:1:3::1", "wrong"},
		}},
		{"an address of IPv4 in IPv6 is the one of IPv4", []try{
			{0, 5, "binh", bad, "::ffff:" + desk, "wrong"},
			{0, 1, "binh", bad, desk, "1m0s"},
		}},
		{"an address that is none is one", []try{
			{0, 5, "binh", bad, "", "wrong"},
			{0, 1, "binh", bad, "", "1m0s"},
		}},
		{"a clock that was set back locks nobody out", []try{
			{0, 5, "binh", bad, desk, "wrong"},
			{-30 * time.Minute, 1, "binh", right, desk, "in"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // each waits for its disk
			o := newOffice(t)
			o.now = o.now.Add(time.Hour)
			o.hire("binh", staff.Desk)
			o.hire("cuong", staff.Desk)
			gone := o.hire("gone", staff.Desk)
			gone.Disabled = true
			if err := o.ChangeAccount(t.Context(), gone); err != nil {
				t.Fatal(err)
			}
			for i, try := range tt.tries {
				o.now = o.now.Add(try.after)
				for n := range try.n {
					numbered := strings.NewReplacer("%d", strconv.Itoa(n+1))
					account, address := numbered.Replace(try.account), numbered.Replace(try.address)
					if try.account == colleague {
						o.hire(account, staff.Desk)
					}
					_, _, err := o.SignIn(t.Context(), account, try.password, address, o.now)
					if got := outcome(err); got != try.want {
						t.Fatalf("row %d, try %d of %d at %s from %s: %s, want %s", i+1, n+1, try.n, account, address, got, try.want)
					}
				}
			}
		})
	}
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "in"
	case errors.Is(err, staff.ErrSignIn):
		return "wrong"
	case errors.Is(err, staff.ErrThrottled):
		return fault.As(err).RetryAfter.String()
	}
	return err.Error()
}

// TestNobodyWaitsLonger: whatever was tried before, the wait that is said is at
// most a minute, and after it there is a place.
func TestNobodyWaitsLonger(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	refused := 0
	for i := range 150 {
		o.now = o.now.Add(time.Duration(i%7) * time.Second)
		address := fmt.Sprintf("203.0.113.%d", i%20)
		_, _, err := o.SignIn(t.Context(), "binh", bad, address, o.now)
		if !errors.Is(err, staff.ErrThrottled) {
			continue
		}
		refused++
		wait := fault.As(err).RetryAfter
		if wait <= 0 || wait > time.Minute {
			t.Fatalf("try %d: wait %s", i, wait)
		}
		o.now = o.now.Add(wait)
		if _, _, err := o.SignIn(t.Context(), "binh", bad, address, o.now); !errors.Is(err, staff.ErrSignIn) {
			t.Fatalf("try %d: having waited %s: %v", i, wait, err)
		}
	}
	if refused == 0 {
		t.Error("never refused")
	}
}

// TestManyTriesAtOnce: sending them at the same moment, to two servers, is no
// way around the places.
func TestManyTriesAtOnce(t *testing.T) {
	o := newOffice(t)
	servers := []*office{o, o.join()}
	o.hire("binh", staff.Desk)
	var mu sync.Mutex
	looked := 0
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			_, _, err := servers[i%2].SignIn(t.Context(), "binh", bad, elsewhere, o.now)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, staff.ErrSignIn):
				looked++
			case !errors.Is(err, staff.ErrThrottled):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if looked > 5 || looked == 0 {
		t.Errorf("%d passwords were looked at", looked)
	}
}
