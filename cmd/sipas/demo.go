package main

import (
	"context"
	"flag"
)

// demoCommand serves a folder of its own with a year of sample data, which it
// makes at the first start.
func demoCommand(ctx context.Context, env environment, args []string) error {
	if err := parseFlags(flag.NewFlagSet("demo", flag.ContinueOnError), args); err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	if c.mongoURI != "" {
		return wrong("MONGODB_URI", "(not shown)", "nothing with demo: sample data lives in a folder of its own")
	}
	if env.get("SIPAS_DATA") == "" {
		c.data = "./data-demo"
	}
	c.sample = true
	return serve(ctx, c, env)
}
