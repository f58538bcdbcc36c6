package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"sipas/api"
	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// exportCommand writes a table of single responses or cases, as the office gets
// it from the console, but without the free texts.
func exportCommand(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 || args[0] != "responses" && args[0] != "cases" {
		return usagef("export: responses or cases; see sipas export -h")
	}
	table := args[0]
	f := flag.NewFlagSet("export "+table, flag.ContinueOnError)
	from, to := f.String("from", "", ""), f.String("to", "", "")
	format := f.String("format", api.FormatCSV, "")
	out := f.String("out", "", "")
	if err := parseFlags(f, args[1:]); err != nil {
		return err
	}
	if *format != api.FormatCSV && *format != api.FormatExcel {
		return usagef("export %s: --format is csv or xlsx", table)
	}
	var p survey.Period
	for _, flag := range []struct {
		name, text string
		day        *catalogue.Date
	}{{"from", *from, &p.From}, {"to", *to, &p.To}} {
		day, err := catalogue.ParseDate(flag.text)
		if err != nil {
			return usagef("export %s: --%s: %v", table, flag.name, err)
		}
		*flag.day = day
	}
	return withStores(ctx, env, func(c config, s *stores) error {
		if err := api.CheckPeriod(p, catalogue.DateOf(c.now())); err != nil {
			return usagef("export %s: --from %s --to %s: --to is not before --from, and --from not after today", table, p.From, p.To)
		}
		detail := []string{"from=" + *from, "to=" + *to, "format=" + *format}
		err := s.audited(ctx, c, "export."+table, "export/"+table, func() error {
			return writeOut(env, *out, func(w io.Writer) error { return s.export(ctx, c, table, *format, p, w) })
		}, detail...)
		var bad *fault.Error
		if errors.As(err, &bad) && len(bad.Fields) == 1 && bad.Fields[0].Code == "no_data" {
			return fmt.Errorf("export %s: there is nothing from %s to %s", table, p.From, p.To)
		}
		return err
	})
}

// export writes a table. Responses want the figures in memory, for what may be
// said of the people behind them.
func (s *stores) export(ctx context.Context, c config, table, format string, p survey.Period, w io.Writer) error {
	if err := s.survey.Reload(ctx); err != nil {
		return err
	}
	segments, err := s.segments(ctx, c)
	if err != nil {
		return err
	}
	x, err := api.NewExporter(s.survey, segments, s.feedback, c.now)
	if err != nil {
		return err
	}
	if table == "cases" {
		return x.Cases(ctx, w, format, "vi", p, feedback.Officer{Account: byCommand, Role: feedback.RoleOffice})
	}
	return x.Responses(ctx, w, format, "vi", p, false)
}

// segments are all stored responses, for figures.
func (s *stores) segments(ctx context.Context, c config) (*survey.Segments, error) {
	segments := survey.NewSegments(s.survey.Questionnaire)
	return segments, survey.NewChain(s.survey, segments, c.now, slog.New(slog.DiscardHandler), s.restores.Digests).Load(ctx)
}

// writeOut writes to standard output, or to a file that is there only when it is
// whole; nobody else of the machine may read it.
func writeOut(env environment, file string, write func(io.Writer) error) (err error) {
	if file == "" {
		return write(env.stdout)
	}
	draft, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-*.draft")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	err = write(draft)
	if err = errors.Join(err, draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), file)
}
