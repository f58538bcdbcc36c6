package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/internal/store"
)

// byCommand is who does what a command does, in the audit log and beside what
// it makes.
const byCommand = "command"

func userCommand(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 {
		return usagef("user: add, list, disable or passwd; see sipas user -h")
	}
	verb, args := args[0], args[1:]
	switch verb {
	case "add":
		return userAdd(ctx, env, args)
	case "list":
		if err := parseFlags(flag.NewFlagSet("user list", flag.ContinueOnError), args); err != nil {
			return err
		}
		return withStores(ctx, env, func(_ config, s *stores) error { return s.listUsers(ctx, env.stdout) })
	case "disable", "passwd":
		if len(args) != 1 || args[0] == "" || args[0][0] == '-' {
			return usagef("user %s: name one account; sipas user list shows them", verb)
		}
		return withStores(ctx, env, func(c config, s *stores) error {
			if verb == "passwd" {
				return explainUser(args[0], s.newPassword(ctx, c, args[0], env.stdout))
			}
			return explainUser(args[0], s.disableUser(ctx, c, args[0]))
		})
	}
	return usagef("user: there is no verb %q; add, list, disable or passwd", verb)
}

// userAdd makes an account. Standard output is its first password alone.
func userAdd(ctx context.Context, env environment, args []string) error {
	var a staff.Account
	f := flag.NewFlagSet("user add", flag.ContinueOnError)
	f.StringVar(&a.ID, "name", "", "")
	f.StringVar(&a.Name, "person", "", "")
	f.StringVar((*string)(&a.Role), "role", "", "")
	f.StringVar(&a.Unit, "unit", "", "")
	f.StringVar(&a.Desk, "desk", "", "")
	if err := parseFlags(f, args); err != nil {
		return err
	}
	a.CreatedBy, a.MustChange = byCommand, true
	var bad *fault.Error
	if errors.As(a.Check(), &bad) {
		return usagef("user add: %v: --name is 3 to 64 of a-z 0-9 . - _, a letter first; --person is the person's name; "+
			"--role is one of desk, unit, inspection, office, leader, admin; --unit, a must for role unit, and --desk are ids of the catalogue", bad.Fields)
	}
	return withStores(ctx, env, func(c config, s *stores) error {
		if err := s.inCatalogue(ctx, c, a); err != nil {
			return err
		}
		password := staff.NewPassword()
		err := s.audited(ctx, c, "account.create", "account/"+a.ID, func() error {
			return s.staff.AddAccount(ctx, &a, password, c.now().UTC())
		})
		if err == nil {
			fmt.Fprintln(env.stdout, password)
		}
		return explainUser(a.ID, err)
	})
}

// inCatalogue refuses a unit or desk that the catalogue does not have, once
// there is a catalogue.
func (s *stores) inCatalogue(ctx context.Context, c config, a staff.Account) error {
	if err := s.survey.Reload(ctx); err != nil {
		return err
	}
	known, today := s.survey.Catalogue(), catalogue.DateOf(c.now())
	if _, ok := known.Unit(a.Unit, today); !ok && a.Unit != "" && len(known.Units(today)) > 0 {
		return usagef("user add: --unit %s: the catalogue has no such unit today", a.Unit)
	}
	if _, ok := known.Desk(a.Desk, today); !ok && a.Desk != "" && len(known.Desks(today)) > 0 {
		return usagef("user add: --desk %s: the catalogue has no such desk today", a.Desk)
	}
	return nil
}

// listUsers prints a table of all accounts.
func (s *stores) listUsers(ctx context.Context, to io.Writer) error {
	accounts, err := s.staff.Accounts(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ACCOUNT\tPERSON\tROLE\tUNIT\tDESK\tSTATE\tSIGNED IN")
	for _, a := range accounts {
		state, signedIn := "active", "never"
		switch {
		case a.Disabled:
			state = "disabled"
		case a.MustChange:
			state = "first password"
		}
		if !a.SignedInAt.IsZero() {
			signedIn = a.SignedInAt.In(catalogue.Zone).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.ID, a.Name, a.Role, orDash(a.Unit), orDash(a.Desk), state, signedIn)
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// disableUser disables an account, whatever others change of it meanwhile. One
// that is disabled already stays so.
func (s *stores) disableUser(ctx context.Context, c config, id string) error {
	return s.audited(ctx, c, "account.disable", "account/"+id, func() error {
		for {
			a, err := s.staff.Account(ctx, id)
			if err != nil || a.Disabled {
				return err
			}
			a.Disabled = true
			if err := s.staff.ChangeAccount(ctx, a); !errors.Is(err, store.ErrStale) {
				return err
			}
		}
	})
}

// newPassword gives an account a password that has to be changed at the next
// sign-in, and prints it alone.
func (s *stores) newPassword(ctx context.Context, c config, id string, to io.Writer) error {
	password := staff.NewPassword()
	err := s.audited(ctx, c, "account.reset", "account/"+id, func() error {
		return s.staff.SetPassword(ctx, id, password, true, c.now().UTC())
	})
	if err == nil {
		fmt.Fprintln(to, password)
	}
	return err
}

// explainUser says what a failure means for whoever typed the command.
func explainUser(id string, err error) error {
	switch {
	case errors.Is(err, staff.ErrNoAccount):
		return fmt.Errorf("there is no account %s; sipas user list shows them", id)
	case errors.Is(err, staff.ErrAccountExists):
		return fmt.Errorf("there is an account %s already", id)
	case errors.Is(err, staff.ErrLastAdmin):
		return fmt.Errorf("%s is the last administrator: make another one first", id)
	}
	return err
}

// audited records what is about to be done and does it. What fails gets a second
// entry that says why.
func (s *stores) audited(ctx context.Context, c config, action, object string, act func() error, detail ...string) error {
	entry := func(outcome string) error {
		return s.staff.Record(ctx, &staff.Entry{At: c.now().UTC().Truncate(time.Millisecond), Account: byCommand, Action: action, Object: object, Detail: detail, Outcome: outcome})
	}
	if err := entry(""); err != nil {
		return err
	}
	err := act()
	if err != nil {
		return errors.Join(err, entry(fault.As(err).Code))
	}
	return nil
}
