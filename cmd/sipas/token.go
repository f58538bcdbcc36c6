package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

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
	if err := parseFlags(f, args[1:]); err != nil {
		return err
	}
	return withStores(ctx, env, func(c config, s *stores) error {
		token, err := s.staff.AddToken(ctx, staff.Officer{Account: *name, Role: staff.Role(*role), Unit: *unit, Desk: *desk}, c.now().UTC())
		var bad *fault.Error
		if errors.As(err, &bad) && bad.Kind == fault.Invalid {
			return usagef("token create: %v: --role is one of desk, unit, inspection, office, leader, admin; --name is not empty", bad.Fields)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(env.stdout, token)
		return nil
	})
}
