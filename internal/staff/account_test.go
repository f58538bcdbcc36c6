package staff_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/internal/store"
)

func TestAccountCheck(t *testing.T) {
	good := staff.Account{ID: "nguyen.van-a_2", Name: "Nguyễn Văn A", Role: staff.Unit, Unit: "phong-quan-ly-dat-dai"}
	for _, tt := range []struct {
		name string
		edit func(*staff.Account)
		want []string
	}{
		{"good", func(*staff.Account) {}, nil},
		{"no unit where none is needed", func(a *staff.Account) { a.Role, a.Unit = staff.Leader, "" }, nil},
		{"empty", func(a *staff.Account) { *a = staff.Account{} }, []string{"account required", "name required", "role choice"}},
		{"everything wrong", func(a *staff.Account) {
			*a = staff.Account{ID: "Anh Ba", Name: " ", Role: "king", Unit: "Văn phòng", Desk: "a--b"}
		}, []string{"account account_name", "name required", "role choice", "unit account_slug", "desk account_slug"}},
		{"capital letters", func(a *staff.Account) { a.ID = "Nguyen" }, []string{"account account_name"}},
		{"the command line's name", func(a *staff.Account) { a.ID = "command" }, []string{"account reserved"}},
		{"a page's name", func(a *staff.Account) { a.ID = "moi" }, []string{"account reserved"}},
		{"digit first", func(a *staff.Account) { a.ID = "1abc" }, []string{"account account_name"}},
		{"two characters", func(a *staff.Account) { a.ID = "ab" }, []string{"account account_name"}},
		{"three characters", func(a *staff.Account) { a.ID = "abc" }, nil},
		{"64 characters", func(a *staff.Account) { a.ID = strings.Repeat("a", 64) }, nil},
		{"65 characters", func(a *staff.Account) { a.ID = strings.Repeat("a", 65) }, []string{"account account_name"}},
		{"a line end", func(a *staff.Account) { a.ID = "abc\n" }, []string{"account account_name"}},
		{"unit's role without unit", func(a *staff.Account) { a.Unit = "" }, []string{"unit account_unit"}},
		{"100 characters of name", func(a *staff.Account) { a.Name = strings.Repeat("ễ", 100) }, nil},
		{"101 characters of name", func(a *staff.Account) { a.Name = strings.Repeat("ễ", 101) }, []string{"name too_long"}},
		{"name of two lines", func(a *staff.Account) { a.Name = "A\nB" }, []string{"name account_person"}},
		{"name that is no text", func(a *staff.Account) { a.Name = "A\xff" }, []string{"name account_person"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := good
			tt.edit(&a)
			wantFields(t, a.Check(), tt.want...)
		})
	}
}

func TestAddAccount(t *testing.T) {
	o := newOffice(t)
	a := &staff.Account{ID: "thu.ha", Name: " Trần Thu Hà ", Role: staff.Desk, Unit: "van-phong-so", Desk: "mot-cua", MustChange: true, CreatedBy: "quan-tri"}
	if err := o.AddAccount(t.Context(), a, password, o.now); err != nil {
		t.Fatal(err)
	}
	want := staff.Account{ID: "thu.ha", Name: "Trần Thu Hà", Role: staff.Desk, Unit: "van-phong-so", Desk: "mot-cua", MustChange: true,
		CreatedBy: "quan-tri", CreatedAt: o.now, PasswordAt: o.now, Version: 1}
	for name, read := range map[string]func() (*staff.Account, error){
		"returned": func() (*staff.Account, error) { return a, nil },
		"stored":   func() (*staff.Account, error) { return o.Account(t.Context(), "thu.ha") },
		"listed": func() (*staff.Account, error) {
			list, err := o.Accounts(t.Context())
			return list[0], err
		},
	} {
		if got, err := read(); err != nil || *got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, want := a.Officer(), (staff.Officer{Account: "thu.ha", Role: staff.Desk, Unit: "van-phong-so", Desk: "mot-cua"}); got != want {
		t.Errorf("officer %+v", got)
	}

	other := &staff.Account{ID: "thu.ha", Name: "Trần Thị Hà", Role: staff.Admin}
	if err := o.AddAccount(t.Context(), other, password, o.now); !errors.Is(err, staff.ErrAccountExists) {
		t.Errorf("the same name again: %v", err)
	}
	if got, _ := o.Account(t.Context(), "thu.ha"); *got != want {
		t.Errorf("the first one is now %+v", got)
	}
	wantFields(t, o.AddAccount(t.Context(), &staff.Account{ID: "x"}, "short", o.now),
		"account account_name", "name required", "role choice", "password too_short")
	if _, err := o.Account(t.Context(), "ai-do"); !errors.Is(err, staff.ErrNoAccount) {
		t.Errorf("an account that is not there: %v", err)
	}
	o.hire("binh", staff.Leader)
	list, err := o.Accounts(t.Context())
	if err != nil || len(list) != 2 || list[0].ID != "binh" || list[1].ID != "thu.ha" {
		t.Errorf("listed %v, %v", list, err)
	}
}

func TestChangeAccount(t *testing.T) {
	o := newOffice(t)
	o.hire("binh", staff.Desk)
	mine, _ := o.Account(t.Context(), "binh")
	theirs, _ := o.Account(t.Context(), "binh")

	o.signIn("binh") // no change that would stand in an administrator's way
	mine.Name, mine.Role, mine.Unit, mine.Desk = "Lê Bình", staff.Unit, "thanh-tra-so", "ban-2"
	if err := o.ChangeAccount(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	got, _ := o.Account(t.Context(), "binh")
	if got.Name != "Lê Bình" || got.Role != staff.Unit || got.Unit != "thanh-tra-so" || got.Desk != "ban-2" || got.Version != mine.Version || !got.SignedInAt.Equal(o.now) {
		t.Errorf("%+v", got)
	}

	theirs.Name = "Lê Văn Bình"
	if err := o.ChangeAccount(t.Context(), theirs); !errors.Is(err, store.ErrStale) {
		t.Errorf("changed over somebody's head: %v", err)
	}
	again := *mine
	again.Version--
	if err := o.ChangeAccount(t.Context(), &again); err != nil || again.Version != mine.Version {
		t.Errorf("the same change once more: %v, version %d", err, again.Version)
	}
	mine.Unit = ""
	wantFields(t, o.ChangeAccount(t.Context(), mine), "unit account_unit")
	if err := o.ChangeAccount(t.Context(), &staff.Account{ID: "ai-do", Name: "Ai", Role: staff.Desk}); !errors.Is(err, staff.ErrNoAccount) {
		t.Errorf("an account that is not there: %v", err)
	}
}

func TestLastAdmin(t *testing.T) {
	for name, leave := range map[string]func(*staff.Account){
		"disabled":     func(a *staff.Account) { a.Disabled = true },
		"another role": func(a *staff.Account) { a.Role = staff.Leader },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			first, second := o.hire("mot", staff.Admin), o.hire("hai", staff.Admin)
			o.hire("bon", staff.Desk)
			leave(first)
			if err := o.ChangeAccount(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			leave(second)
			if err := o.ChangeAccount(t.Context(), second); !errors.Is(err, staff.ErrLastAdmin) {
				t.Fatalf("the last one left: %v", err)
			}
			got, _ := o.Account(t.Context(), "hai")
			if got.Disabled || got.Role != staff.Admin {
				t.Errorf("%+v", got)
			}
			got.Name = "Người Cuối Cùng" // what takes nobody away is open
			if err := o.ChangeAccount(t.Context(), got); err != nil {
				t.Error(err)
			}
			first.Role, first.Disabled = staff.Admin, false
			if err := o.ChangeAccount(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			leave(got)
			if err := o.ChangeAccount(t.Context(), got); err != nil {
				t.Errorf("one of two again: %v", err)
			}
		})
	}
}

// TestAdminsDisableEachOther lets administrators, on two servers, disable each
// other at the same time. One always stays, and unless they met one goes.
func TestAdminsDisableEachOther(t *testing.T) {
	o := newOffice(t)
	servers := []*office{o, o.join()}
	for round := range 15 {
		names := []string{fmt.Sprintf("a%02d", round), fmt.Sprintf("b%02d", round), fmt.Sprintf("c%02d", round)}
		var admins []*staff.Account
		for _, name := range names {
			admins = append(admins, o.hire(name, staff.Admin))
		}
		list, _ := o.Accounts(t.Context())
		for _, a := range list { // those of earlier rounds leave
			if a.Role == staff.Admin && !slices.Contains(names, a.ID) {
				a.Role = staff.Desk
				if err := o.ChangeAccount(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
		}
		var group sync.WaitGroup
		start := make(chan struct{})
		for i, a := range admins {
			group.Go(func() {
				<-start
				a.Disabled = true
				err := servers[i%2].ChangeAccount(t.Context(), a)
				if err != nil && !errors.Is(err, staff.ErrLastAdmin) && !errors.Is(err, store.ErrStale) {
					t.Error(err)
				}
			})
		}
		close(start)
		group.Wait()
		stay := 0
		for _, name := range names {
			if a, _ := o.Account(t.Context(), name); !a.Disabled {
				stay++
			}
		}
		if stay == 0 {
			t.Fatalf("round %d: nobody is left", round)
		}
		if stay == len(names) {
			t.Errorf("round %d: nobody could leave", round)
		}
	}
}

// TestAdminsAtEveryStep: at whichever step of an administrator's leaving the two
// others leave too, or the server dies and the others leave then, one stays; and
// nobody is held up by what a dead server had begun.
func TestAdminsAtEveryStep(t *testing.T) {
	leave := func(o *office, name string) error {
		a, err := o.Account(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		a.Disabled = true
		return o.ChangeAccount(t.Context(), a)
	}
	for name, dies := range map[string]bool{"others leave": false, "the server dies": true} {
		t.Run(name, func(t *testing.T) {
			for n := 1; ; n++ {
				o := newOffice(t)
				first := o.hire("mot", staff.Admin)
				o.hire("hai", staff.Admin)
				o.hire("bon", staff.Admin)
				first.Disabled = true
				ctx, die := context.WithCancel(t.Context())
				met := false
				errs := make([]error, 3)
				others := func() { errs[1], errs[2] = leave(o, "hai"), leave(o, "bon") }
				errs[0] = o.ChangeAccount(&meddling{ctx, n, func() {
					met = true
					if dies {
						die()
					} else {
						others()
					}
				}}, first)
				die()
				if !met {
					if n < 5 {
						t.Errorf("only %d steps", n)
					}
					return
				}
				if dies {
					others()
				}
				stay := 0
				list, err := o.Accounts(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, a := range list {
					if !a.Disabled {
						stay++
					}
				}
				if stay != 1 {
					t.Errorf("step %d: %d are left (%v)", n, stay, errs)
				}
			}
		})
	}
}

// announcements is what a server leaves that dies between announcing that an
// administrator will go and doing it.
type announcements struct {
	store.Doc `bson:",inline"`
	Open      []announcement `bson:"open"`
}

type announcement struct {
	Account string `bson:"account"`
	Version int64  `bson:"version"`
}

func TestAnnouncementOfAServerThatDied(t *testing.T) {
	o := newOffice(t)
	o.hire("mot", staff.Admin)
	second := o.hire("hai", staff.Admin)
	c, err := store.Open[announcements](t.Context(), o.db, store.Spec{Name: "leavings", Transient: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), &announcements{store.Doc{ID: "admins"}, []announcement{{"mot", 1}}}); err != nil {
		t.Fatal(err)
	}
	second.Disabled = true
	if err := o.ChangeAccount(t.Context(), second); err != nil {
		t.Fatalf("a dead announcement holds up for good: %v", err)
	}
	// What had been announced cannot be done any more: it would leave nobody.
	first, _ := o.Account(t.Context(), "mot")
	first.Disabled = true
	if err := o.ChangeAccount(t.Context(), first); !errors.Is(err, staff.ErrLastAdmin) {
		t.Errorf("the last one left: %v", err)
	}
}

func TestSetPassword(t *testing.T) {
	o := newOffice(t)
	a := o.hire("binh", staff.Desk)
	later := o.now.Add(time.Hour)
	wantFields(t, o.SetPassword(t.Context(), "binh", "binh", true, later), "password too_short")
	if err := o.SetPassword(t.Context(), "ai-do", password2, true, later); !errors.Is(err, staff.ErrNoAccount) {
		t.Errorf("an account that is not there: %v", err)
	}
	if err := o.SetPassword(t.Context(), "binh", password2, true, later); err != nil {
		t.Fatal(err)
	}
	got, _ := o.Account(t.Context(), "binh")
	if !got.MustChange || !got.PasswordAt.Equal(later) || got.Version != a.Version {
		t.Errorf("%+v", got)
	}
	if _, _, err := o.SignIn(t.Context(), "binh", password, desk, later); !errors.Is(err, staff.ErrSignIn) {
		t.Errorf("with the old password: %v", err)
	}
	if _, se, err := o.SignIn(t.Context(), "binh", password2, desk, later); err != nil || !se.Account.MustChange {
		t.Errorf("with the new one: %v", err)
	}
}
