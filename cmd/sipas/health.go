package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthCommand asks the server on this machine's SIPAS_ADDR whether it is ready.
// It is the health check of a container that has no shell and no curl.
func healthCommand(ctx context.Context, env environment, args []string) error {
	if err := parseFlags(flag.NewFlagSet("health", flag.ContinueOnError), args); err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(c.addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip != nil && ip.To4() == nil {
			host = "::1"
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second) // readyz gives up after two
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	// A transport of its own: never through a proxy that the environment names.
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 100)) // only to show
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("health: %s: %q", answer.Status, said)
	}
	fmt.Fprintln(env.stdout, "ready")
	return nil
}
