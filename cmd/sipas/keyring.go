package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"sipas/feedback"
	"sipas/internal/store"
)

// keeper gives the cases the keys of the key file, and again whenever the file
// changes. What it lacks is said once, in one line, and stops nothing that needs
// no key.
type keeper struct {
	env   environment
	c     config
	cases *feedback.Store
	log   *slog.Logger
	seen  []byte // the file as it was read last
	lacks bool   // a key is missing
}

// keysOf returns the key file of a store: what there is if anything is sealed
// already, else it is made.
func keysOf(ctx context.Context, env environment, c config, s *stores) (*keyFile, error) {
	used, err := s.feedback.UsedKeys(ctx)
	if err != nil {
		return nil, err
	}
	if len(used) > 0 {
		k, err := readKeys(env, c)
		if err != nil {
			return nil, usageError{fmt.Errorf("%w (missing: %s)", err, keyNames(used))}
		}
		return k, nil
	}
	return ensureKeys(env, c)
}

func keyNames(ids []string) string {
	if len(ids) == 1 {
		return "key " + ids[0]
	}
	return "keys " + strings.Join(ids, ", ")
}

// start takes up the keys when a server starts. A wrong key file stops a server
// only the first time: later the survey goes on without it.
func (k *keeper) start(ctx context.Context, s *stores) error {
	used, err := k.cases.UsedKeys(ctx)
	if err != nil {
		return err
	}
	keys, reason := keysOf(ctx, k.env, k.c, s)
	var wrong usageError
	switch {
	case reason == nil && len(used) == 0:
		if _, err := keys.ring(k.env, k.c); err != nil { // one that was made before there were any gets a key
			return err
		}
	case reason == nil:
	case !errors.As(reason, &wrong):
		return reason
	default:
		served, err := s.served(ctx)
		if err != nil || !served {
			return errors.Join(err, reason)
		}
	}
	return k.look(ctx)
}

// look takes up the keys of the file if it is another one than before. While a
// server runs, a file that is gone or damaged changes nothing: the keys are in
// memory.
func (k *keeper) look(ctx context.Context) error {
	text, err := os.ReadFile(keyPath(k.env, k.c))
	if err != nil {
		text = []byte(err.Error())
	}
	if k.seen != nil && bytes.Equal(text, k.seen) {
		return nil
	}
	first := k.seen == nil
	keys, reason := readKeys(k.env, k.c)
	if reason != nil && !first {
		k.seen = text
		k.log.Warn("key file cannot be read, going on with the keys in memory", "file", keyPath(k.env, k.c), "reason", reason)
		return nil
	}
	var ring *feedback.Ring
	if reason == nil && len(keys.personal) > 0 {
		if ring, err = feedback.NewRing(keys.personal...); err != nil {
			return err
		}
	}
	used, err := k.cases.UsedKeys(ctx)
	if err != nil {
		return err
	}
	fit, missing := ring.Fit(used)
	k.cases.UseKeys(fit)
	k.seen = text
	k.tell(missing, reason, fit.Seals(), first)
	if first || len(missing) > 0 {
		return nil
	}
	return k.cases.Settle(ctx) // what could not be read before
}

// tell says what is missing, and when it is there again.
func (k *keeper) tell(missing []string, reason error, seals, first bool) {
	file := keyPath(k.env, k.c)
	switch {
	case len(missing) > 0 || reason != nil:
		effect := "what they sealed cannot be read"
		if !seals {
			effect += ", no feedback is taken in"
		}
		why := "not in the file"
		if reason != nil {
			why = reason.Error()
		}
		k.log.Error("keys missing: "+effect, "file", file, "missing", strings.Join(missing, " "), "reason", why)
	case k.lacks:
		k.log.Info("all keys are there again", "file", file)
	case !first:
		k.log.Info("key file read anew", "file", file)
	}
	k.lacks = len(missing) > 0 || reason != nil
}

// served says whether a server has run on the store before.
func (s *stores) served(ctx context.Context) (bool, error) {
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return false, err
	}
	_, err = kinds.Get(ctx, "kind")
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
