package main

import (
	"context"
	"errors"
	"flag"
	"time"

	"sipas/internal/store"
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

// storedKind says whether a store holds sample data, and when that was made.
type storedKind struct {
	store.Doc `bson:",inline"`
	Sample    bool      `bson:"sample"`
	At        time.Time `bson:"at"` // the moment up to which the sample goes
	Ready     bool      `bson:"ready"`
}

var (
	errIsSample = errors.New("this store holds sample data: sipas demo serves it, or set SIPAS_DATA to another folder")
	errIsReal   = errors.New("this store holds real answers: sipas demo wants a folder of its own, set SIPAS_DATA to another one")
)

// claim makes sure that a sample store and a real one are never taken for each
// other: the first server on a store decides what it is.
func (s *stores) claim(ctx context.Context, c config) (*storedKind, error) {
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return nil, err
	}
	kind := &storedKind{Doc: store.Doc{ID: "kind"}, Sample: c.sample, At: c.now().UTC()}
	if err := kinds.Insert(ctx, kind); err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	if kind, err = kinds.Get(ctx, "kind"); err != nil {
		return nil, err
	}
	switch {
	case kind.Sample && !c.sample:
		return nil, errIsSample
	case !kind.Sample && c.sample:
		return nil, errIsReal
	}
	return kind, nil
}

// isSample says whether the store holds sample data.
func (s *stores) isSample(ctx context.Context) (bool, error) {
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return false, err
	}
	kind, err := kinds.Get(ctx, "kind")
	if errors.Is(err, store.ErrNotFound) { // no server has run on it yet
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return kind.Sample, nil
}
