package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sipas/seeds"
	"sipas/survey"
)

// seedCommand loads the files named, or what is shipped. It loads all or
// nothing: a file with a mistake, or a row that is stored otherwise, changes
// nothing.
func seedCommand(ctx context.Context, env environment, args []string) error {
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			return usagef("seed: there is no flag %s", a)
		}
	}
	read := seeds.Load
	if len(args) > 0 {
		read = func() (seeds.Data, error) { return seeds.Read(args...) }
	}
	d, err := read()
	if err != nil {
		return usageError{err}
	}
	return withStores(ctx, env, func(_ config, s *stores) error {
		change, err := s.seed(ctx, d)
		var mistake *seeds.Error
		if errors.As(err, &mistake) || errors.Is(err, survey.ErrQuestionnaireFrozen) {
			return usageError{err}
		}
		if err != nil {
			return err
		}
		if len(change.Differ) > 0 {
			var lines []error
			for _, c := range change.Differ {
				lines = append(lines, d.Conflict(c))
			}
			return usageError{errors.Join(lines...)}
		}
		fmt.Fprintf(env.stdout, "%d added, %d unchanged\n", change.Added, change.Unchanged)
		return nil
	})
}
