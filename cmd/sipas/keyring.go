package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"sipas/feedback"
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
	said  string // what is missing, as it was said last
}

// keysOf returns the key file of a store: what there is if anything is sealed
// already, else it is made.
func keysOf(ctx context.Context, env environment, c config, s *stores) (*keyFile, error) {
	used, err := s.feedback.UsedKeys(ctx)
	if err != nil {
		return nil, err
	}
	if used = notLost(used); len(used) > 0 {
		k, err := readKeys(env, c)
		if err != nil {
			return nil, usageError{fmt.Errorf("%w (missing: %s)", err, keyNames(used))}
		}
		return k, nil
	}
	return ensureKeys(env, c)
}

func keyNames(keys []feedback.UsedKey) string {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	return "key " + strings.Join(ids, ", ")
}

// notLost leaves out the keys that nobody waits for any more.
func notLost(used []feedback.UsedKey) []feedback.UsedKey {
	return slices.DeleteFunc(slices.Clone(used), func(k feedback.UsedKey) bool { return k.Lost })
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
	case reason == nil && len(notLost(used)) == 0:
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

// look takes up the keys of the file if it is another one than before, or if one
// is missing that may have been given up meanwhile. While a server runs, a file
// that is gone or damaged changes nothing: the keys are in memory.
func (k *keeper) look(ctx context.Context) error {
	text, err := os.ReadFile(keyPath(k.env, k.c))
	if err != nil {
		text = []byte(err.Error())
	}
	same := k.seen != nil && bytes.Equal(text, k.seen)
	if same && k.said == "" {
		return nil
	}
	first := k.seen == nil
	keys, reason := readKeys(k.env, k.c)
	if reason != nil && !first && k.said == "" {
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
	k.tell(missing, reason, fit.Seals(), first, same)
	if first || same || len(missing) > 0 {
		return nil
	}
	return k.cases.Settle(ctx) // what could not be read before
}

// tell says what is missing, once, and when nothing is any more.
func (k *keeper) tell(missing []string, reason error, seals, first, same bool) {
	file, before := keyPath(k.env, k.c), k.said
	k.said = ""
	switch {
	case len(missing) > 0 || reason != nil:
		effect, why := "what they sealed cannot be read", "not in the file"
		if !seals {
			effect += ", no feedback is taken in"
		}
		if reason != nil {
			why = reason.Error()
		}
		if k.said = strings.Join(append(missing, effect, why), " "); k.said != before {
			k.log.Error("keys missing: "+effect, "file", file, "missing", strings.Join(missing, " "), "reason", why)
		}
	case before != "":
		k.log.Info("no key is missing any more", "file", file)
	case !first && !same:
		k.log.Info("key file read anew", "file", file)
	}
}
