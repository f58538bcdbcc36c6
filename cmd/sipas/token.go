package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
)

func tokenCommand(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 || args[0] != "create" {
		return usagef("token: the only verb is create; see sipas token -h")
	}
	f := flag.NewFlagSet("token create", flag.ContinueOnError)
	role := f.String("role", "", "")
	name := f.String("name", "", "")
	unit := f.String("unit", "", "")
	desk := f.String("desk", "", "")
	expires := f.String("expires", "", "")
	if err := parseFlags(f, args[1:]); err != nil {
		return err
	}
	var until time.Time
	if *expires != "" {
		day, err := catalogue.ParseDate(*expires)
		if err != nil {
			return usagef("token create: --expires: %v", err)
		}
		until = day.AddDays(1).Start() // good through that day
	}
	o := staff.Officer{Account: *name, Role: staff.Role(*role), Unit: *unit, Desk: *desk}
	return withStores(ctx, env, func(c config, s *stores) error {
		var token string
		err := s.audited(ctx, c, "token.create", "token/"+*name, func() (err error) {
			token, err = s.staff.AddTokenUntil(ctx, o, byCommand, until, c.now().UTC())
			return err
		})
		var bad *fault.Error
		if errors.As(err, &bad) && bad.Kind == fault.Invalid {
			return usagef("token create: %v: --role is one of desk, unit, inspection, office, leader, admin; --name is not empty; --expires is not past", bad.Fields)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(env.stdout, token)
		return nil
	})
}
