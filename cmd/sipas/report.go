package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"sipas/api"
	"sipas/internal/catalogue"
	"sipas/internal/report"
)

// reportCommand writes the report on a period, as the office gets it from the
// console, or checks the file of one.
func reportCommand(ctx context.Context, env environment, args []string) error {
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	q := report.Question{Cases: true}
	f.StringVar(&q.From, "from", "", "")
	f.StringVar(&q.To, "to", "", "")
	f.StringVar(&q.With, "with", "before", "")
	f.StringVar(&q.Lang, "lang", "vi", "")
	format, out, check := f.String("format", "", ""), f.String("out", "", ""), f.String("check", "", "")
	if err := parseFlags(f, args); err != nil {
		return err
	}
	if *check != "" {
		if f.NFlag() > 1 {
			return usagef("report: --check stands alone")
		}
		return checkReport(ctx, env, *check)
	}
	if err := reportUsage(q, *format, *out); err != nil {
		return err
	}
	return withReporter(ctx, env, func(c config, s *stores, r *api.Reporter) error {
		return s.audited(ctx, c, "report.satisfaction", "report/satisfaction", func() error {
			return writeOut(env, *out, func(w io.Writer) error { return r.Write(ctx, w, *format, q) })
		}, "from="+q.From, "to="+q.To, "format="+*format)
	})
}

func reportUsage(q report.Question, format, out string) error {
	for _, day := range []struct{ name, text string }{{"from", q.From}, {"to", q.To}} {
		if _, err := catalogue.ParseDate(day.text); err != nil {
			return usagef("report: --%s: %v", day.name, err)
		}
	}
	switch {
	case q.To < q.From:
		return usagef("report: --from %s --to %s: --to is not before --from", q.From, q.To)
	case !slices.Contains(api.ReportFormats, format):
		return usagef("report: --format is %s", strings.Join(api.ReportFormats, ", "))
	case out == "":
		return usagef("report: --out names the file")
	case !slices.Contains([]string{"before", "year", "none"}, q.With):
		return usagef("report: --with is before, year or none")
	case q.Lang != "vi" && q.Lang != "en":
		return usagef("report: --lang is vi or en")
	}
	return nil
}

func withReporter(ctx context.Context, env environment, run func(config, *stores, *api.Reporter) error) error {
	return withStores(ctx, env, func(c config, s *stores) error {
		if err := s.reload(ctx); err != nil {
			return err
		}
		segments, err := s.segments(ctx, c)
		if err != nil {
			return err
		}
		kind, err := s.kind(ctx)
		if err != nil {
			return err
		}
		r, err := api.NewReporter(s.survey, segments, s.feedback, s.dossiers, s.improve, c.now, kind.Sample)
		if err != nil {
			return err
		}
		return run(c, s, r)
	})
}

// maxReport bounds the file that is checked.
const maxReport = 64 << 20

// checkReport says on standard output that a report agrees; what differs is an
// error of one line.
func checkReport(ctx context.Context, env environment, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return usagef("report --check: %v", err)
	}
	if info.Size() > maxReport {
		return fmt.Errorf("report --check %s: too large for a report", name)
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return usagef("report --check: %v", err)
	}
	return withReporter(ctx, env, func(_ config, _ *stores, r *api.Reporter) error {
		c, err := r.Check(ctx, file)
		if err != nil {
			return fmt.Errorf("report --check %s: %w", name, err)
		}
		if c.Difference != nil {
			return fmt.Errorf("report --check %s: %w", name, differs(c))
		}
		fmt.Fprintf(env.stdout, "the report agrees: %d figures, %d responses %s\n", len(c.Record.Figures), c.Then, basisWords(c.Record))
		if c.Now != c.Then {
			fmt.Fprintf(env.stdout, "since then %d more responses to its period have come; they are in none of its figures\n", c.Now-c.Then)
		}
		if c.Signed {
			fmt.Fprintln(env.stdout, "a signature stands behind what the program has written; whether it is good, a PDF reader tells")
		}
		return nil
	})
}

func basisWords(r report.Record) string {
	if r.Sealed {
		return "as sealed up to " + r.Through
	}
	return "as stored now"
}

// differs names the first figure that differs, and why it may.
func differs(c api.Checked) error {
	d := c.Difference
	switch d.Why {
	case report.Gone:
		return fmt.Errorf("%s: this is no longer in the file: %q", d.Name, d.Now)
	case report.Added:
		return fmt.Errorf("%s: there is a line more than in the report: %q", d.Name, d.File)
	case report.Rewrote:
		return errors.New("the figures in its record agree, but it is not the PDF that this program writes: somebody has changed it, or another version of the program made it")
	case report.Shown:
		return fmt.Errorf("%s: the file shows %q, it should be %q", d.Name, d.File, d.Now)
	}
	hint := ""
	if survey := strings.SplitN(d.Name, "/", 2)[0]; !c.Record.Sealed || survey == "dossiers" || survey == "cases" || survey == "trust" {
		hint = " (not sealed when the report was made: the data may have changed since)"
	}
	return fmt.Errorf("%s: the file has %q, it is %q now%s", d.Name, d.File, d.Now, hint)
}
