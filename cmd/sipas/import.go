package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/sheet"
	"sipas/web"
)

// importCommand takes a list of dossiers in, as the console does. Good lines are
// in when it ends; lines that are not are named on standard error, and make it
// end with exitFailed. A file that is no list changes nothing.
func importCommand(ctx context.Context, env environment, args []string) error {
	if len(args) != 2 || args[0] != "dossiers" || strings.HasPrefix(args[1], "-") {
		return usagef("import: the only list is of dossiers: sipas import dossiers FILE.csv|.xlsx")
	}
	file, err := readList(args[1])
	if err != nil {
		return usageError{err}
	}
	pages, err := web.New()
	if err != nil {
		return err
	}
	return withStores(ctx, env, func(c config, s *stores) error {
		if err := s.survey.Reload(ctx); err != nil {
			return err
		}
		open := func() (*sheet.Sheet, error) { return sheet.Open(file, dossier.KnownHeadings) }
		list, err := open()
		if err != nil {
			return refused(pages, args[1], err)
		}
		mapping, err := s.dossiers.MappingFor(ctx, list.Headings)
		if err != nil {
			return err
		}
		src := dossier.FromSheet(open, mapping, s.survey.Catalogue(), catalogue.DateOf(c.now()))
		if len(mapping.Missing()) > 0 { // nothing to be put on record
			return refused(pages, args[1], src(nil))
		}
		var out dossier.Outcome
		err = s.audited(ctx, c, "dossier.import", "dossiers", func() (err error) {
			out, err = s.dossiers.Import(ctx, src, mapping.Columns())
			return err
		})
		if err != nil {
			return refused(pages, args[1], err)
		}
		return imported(env, pages, out)
	})
}

// readList reads a file, but not one that is larger than any list may be.
func readList(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, dossier.MaxFile+1))
	if err == nil && len(b) > dossier.MaxFile {
		err = fmt.Errorf("%s is larger than %d MB; divide it", name, dossier.MaxFile>>20)
	}
	return b, err
}

// refused says what is wrong with a file that is no list.
func refused(pages *web.Pages, name string, err error) error {
	var bad *fault.Error
	if !errors.As(err, &bad) || bad.Kind != fault.Invalid {
		return err
	}
	var lines []string
	for _, f := range bad.Fields {
		lines = append(lines, sentence(pages, f))
	}
	return usagef("%s: %s", name, strings.Join(lines, "; "))
}

// imported writes what became of a list.
func imported(env environment, pages *web.Pages, out dossier.Outcome) error {
	for _, r := range out.Rejected {
		for _, f := range r.Errors {
			fmt.Fprintf(env.stderr, "row %d: %s\n", r.Row, sentence(pages, f))
		}
	}
	fmt.Fprintf(env.stdout, "%d created, %d updated, %d unchanged, %d rejected\n", out.Created, out.Updated, out.Unchanged, out.RejectedCount)
	if out.RejectedCount > 0 {
		return fmt.Errorf("%d rows were not taken in; mend them and import the file again", out.RejectedCount)
	}
	return nil
}

// sentence says what is wrong with a column. What stands in the cell is left out:
// a column that was taken for another may hold names, and what a command writes
// is often kept.
func sentence(pages *web.Pages, f fault.Field) string {
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		if args[i] = arg; isText(arg) {
			args[i] = "…"
		}
	}
	column := strings.TrimPrefix(f.Name, "columns.")
	if column != "" {
		column += ": "
	}
	return column + pages.Text("en", "field."+f.Code, args...)
}

func isText(arg any) bool {
	_, text := arg.(string)
	return text
}
