package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/feedback"
	"sipas/internal/store"
)

// keysCommand lists and changes the keys of personal data.
func keysCommand(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 {
		return usagef("keys: say what to do; see sipas keys -h")
	}
	word, args := args[0], args[1:]
	wants := map[string]int{"list": 0, "rotate": 0, "add": 0, "remove": 1, "forget": 1}
	n, known := wants[word]
	switch {
	case !known:
		return usagef("keys: what is %q? See sipas keys -h", word)
	case n == 0 && len(args) > 0:
		return usagef("keys %s: what is %q?", word, args[0])
	case n == 1 && len(args) != 1:
		return usagef("keys %s: name one key by its id; sipas keys list shows them", word)
	}
	return withStores(ctx, env, func(c config, s *stores) error {
		used, err := s.feedback.UsedKeys(ctx)
		if err != nil {
			return err
		}
		k := keyWork{env: env, c: c, s: s, used: used}
		if word == "forget" {
			return k.forget(ctx, args[0])
		}
		if k.file, err = readKeys(env, c); err != nil {
			return err
		}
		if err := k.use(); err != nil {
			return err
		}
		switch word {
		case "list":
			return k.list(ctx)
		case "add":
			_, err := k.add()
			return err
		case "remove":
			return k.remove(ctx, args[0])
		}
		return k.rotate(ctx)
	})
}

// keyWork is one run of the command.
type keyWork struct {
	env  environment
	c    config
	s    *stores
	file *keyFile
	used []feedback.UsedKey
}

// use gives the store the keys of the file.
func (k *keyWork) use() error {
	var ring *feedback.Ring
	if len(k.file.personal) > 0 {
		var err error
		if ring, err = feedback.NewRing(k.file.personal...); err != nil {
			return err
		}
	}
	fit, _ := ring.Fit(k.used)
	k.s.feedback.UseKeys(fit)
	if !fit.Seals() && len(notLost(k.used)) > 0 {
		last := notLost(k.used)
		fmt.Fprintf(k.env.stderr, "sipas: key %s, the newest one in use, is not in %s\n", last[len(last)-1].ID, k.file.path)
	}
	return nil
}

func (k *keyWork) list(ctx context.Context) error {
	uses, err := k.s.feedback.KeyUses(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(k.env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tSINCE\tCONTACTS\tDENUNCIATIONS\tFILE PIECES\tCODES\t")
	for _, u := range uses {
		since := "never used"
		if !u.Since.IsZero() {
			since = u.Since.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\n", u.ID, since, u.Contacts, u.Denunciations, u.Pieces, u.Codes, k.verdict(u))
	}
	return w.Flush()
}

// verdict says what a key is good for.
func (k *keyWork) verdict(u *feedback.KeyUse) string {
	n := len(k.file.personal)
	switch {
	case u.Lost:
		return "lost for good"
	case !u.There:
		return "MISSING: not in the key file"
	case k.file.personal[n-1].ID == u.ID:
		return "for what is new"
	case u.Free():
		return "can go, once no backup from its time is wanted: sipas keys remove " + u.ID
	case u.Contacts+u.Denunciations+u.Pieces == 0:
		return "needed for the codes of senders"
	}
	return "needed: sipas keys rotate seals anew what is sealed with it"
}

// add adds a key to the file, for what is new from then on.
func (k *keyWork) add() (id string, err error) {
	if last := notLost(k.used); len(last) > 0 && !k.has(last[len(last)-1].ID) {
		return "", usagef("bring the key file with key %s first; if it is lost for good: sipas keys forget %s", last[len(last)-1].ID, last[len(last)-1].ID)
	}
	key := feedback.NewKey()
	if err := changeKeys(k.file.path, func(_ *keyFile, text []byte) ([]byte, error) { return appendKey(text, key), nil }); err != nil {
		return "", wrongKeys(k.file.path+" cannot be changed", err)
	}
	fmt.Fprintf(k.env.stdout, "key %s added to %s: keep a new copy of the file in its other place\n", key.ID, k.file.path)
	return key.ID, nil
}

func (k *keyWork) has(id string) bool {
	return slices.ContainsFunc(k.file.personal, func(p feedback.Key) bool { return p.ID == id })
}

// rotate adds a key, unless the newest one is not everywhere yet because an
// earlier run was cut off, and seals everything with it.
func (k *keyWork) rotate(ctx context.Context) error {
	if !k.unfinished() {
		if _, err := k.add(); err != nil {
			return err
		}
		var err error
		if k.file, err = readKeys(k.env, k.c); err != nil {
			return err
		}
		if err := k.use(); err != nil {
			return err
		}
	}
	if err := k.letServersFollow(ctx); err != nil {
		return err
	}
	last := time.Now()
	did, err := k.s.feedback.Reseal(ctx, k.c.now(), func(r feedback.Resealed) error {
		if time.Since(last) >= tellEvery {
			last = time.Now()
			fmt.Fprintf(k.env.stderr, "sipas: sealed anew: %d contacts, %d denunciations, %d pieces of files\n", r.Cases, r.Denunciations, r.Pieces)
		}
		return ctx.Err()
	})
	if errors.Is(err, feedback.ErrNoKey) {
		return usagef("nothing is sealed anew as long as the newest key is missing: see sipas keys list")
	}
	if err != nil {
		return fmt.Errorf("%w; what is sealed anew stays so, run sipas keys rotate again to go on", err)
	}
	fmt.Fprintf(k.env.stdout, "sealed with key %s: %d contacts, %d denunciations, %d pieces of files; sipas keys list says which key can go\n",
		k.file.personal[len(k.file.personal)-1].ID, did.Cases, did.Denunciations, did.Pieces)
	if did.Unreadable > 0 {
		return fmt.Errorf("%d could not be opened, their key is missing: see sipas keys list", did.Unreadable)
	}
	return nil
}

// unfinished says whether the newest key of the file still has things to be
// sealed with it: it was only added, or sealing was cut off.
func (k *keyWork) unfinished() bool {
	if len(k.file.personal) == 0 {
		return false
	}
	newest := k.file.personal[len(k.file.personal)-1].ID
	older := false
	for _, u := range k.used {
		if u.ID == newest {
			return older && !u.Whole
		}
		older = older || !u.Lost
	}
	return older || len(k.used) == 0
}

// takeUp is how long a running server may take to read a changed key file.
const takeUp = 2*followEvery + 500*time.Millisecond

// letServersFollow waits until every server has the newest key: what is sealed
// with it they have to read.
func (k *keyWork) letServersFollow(ctx context.Context) error {
	info, err := os.Stat(k.file.path)
	if err != nil {
		return err
	}
	select {
	case <-time.After(time.Until(info.ModTime().Add(takeUp))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// remove takes a key out of the file that nothing needs any more.
func (k *keyWork) remove(ctx context.Context, id string) error {
	if !k.has(id) {
		return usagef("keys remove: there is no key %q in %s", id, k.file.path)
	}
	uses, err := k.s.feedback.KeyUses(ctx)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if u.ID == id && (!u.Free() || k.file.personal[len(k.file.personal)-1].ID == id) {
			return usagef("keys remove: key %s: %s", id, k.verdict(u))
		}
	}
	if err := k.s.feedback.DropKey(ctx, id); err != nil { // first: a key that is used and not there would be missing
		return err
	}
	err = changeKeys(k.file.path, func(_ *keyFile, text []byte) ([]byte, error) {
		var rest bytes.Buffer
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) != 3 || words[0] != keysForPersonal || words[1] != id {
				rest.WriteString(line)
			}
		}
		return rest.Bytes(), nil
	})
	if err != nil {
		return wrongKeys(k.file.path+" cannot be changed", err)
	}
	fmt.Fprintf(k.env.stdout, "key %s removed from %s; what old backups have of it can be read only with a copy of the key\n", id, k.file.path)
	return nil
}

// forget gives up what was sealed with a key that nobody has any more.
func (k *keyWork) forget(ctx context.Context, id string) error {
	if file, err := readKeys(k.env, k.c); err == nil {
		if k.file = file; k.has(id) {
			return usagef("keys forget: key %s is in %s, it is not lost", id, file.path)
		}
	}
	err := k.s.feedback.LoseKey(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return usagef("keys forget: nothing was ever sealed with a key %q", id)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(k.env.stdout, "key %s is given up: what was sealed with it stays unreadable, and a server that starts no longer waits for it\n", id)
	return nil
}
