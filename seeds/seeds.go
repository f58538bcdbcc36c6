// Package seeds is the reference data that the program begins with and the way
// in which files of that form are read. Every mistake in a file is one line
// that begins with its place, "areas.yaml:12: …".
package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/survey"
)

//go:embed areas.yaml units.yaml procedures.yaml targets.yaml calendar.yaml deadlines.yaml improvements.yaml retention.yaml questionnaires
var shipped embed.FS

// shippedFiles are named by hand: their order is that of the lists, and the
// folder has files of other subjects.
var shippedFiles = []string{
	"seeds/areas.yaml", "seeds/units.yaml", "seeds/procedures.yaml", "seeds/targets.yaml",
	"seeds/calendar.yaml", "seeds/deadlines.yaml", "seeds/improvements.yaml", "seeds/retention.yaml",
	"seeds/questionnaires/dich-vu.yaml", "seeds/questionnaires/chinh-sach.yaml",
}

// Data is what files said, and where.
type Data struct {
	Rows           catalogue.Rows
	Questionnaires []survey.Questionnaire
	Years          []feedback.Year
	Terms          []feedback.Term
	Duties         []improve.Duty
	Retention      []feedback.Retention

	files []string            // in the order in which they were read
	lines map[string]Position // of "areas.3", "areas.3.name.en", "questionnaires.0.factors.2"
}

// Load returns the data that is shipped with the program, checked as a whole,
// references too. An error is a mistake in this build.
func Load() (Data, error) {
	d, err := read(shippedFiles, func(name string) ([]byte, error) {
		return fs.ReadFile(shipped, strings.TrimPrefix(name, "seeds/"))
	})
	if err != nil {
		return Data{}, err
	}
	c, err := catalogue.New(d.Rows)
	if err == nil {
		_, err = feedback.NewRules(d.Years, d.Terms, c)
	}
	if err == nil {
		err = improve.CheckUnits(d.Duties, c)
	}
	if err != nil {
		return Data{}, d.Explain(err)
	}
	return d, nil
}

// Read reads the files in the order given. It checks all that can be said of
// them alone; what they refer to may be in the store, so references are checked
// when the rows are merged there, and Explain turns that error into lines too.
func Read(files ...string) (Data, error) { return read(files, readFile) }

func read(files []string, open func(string) ([]byte, error)) (Data, error) {
	d := Data{files: files, lines: map[string]Position{}}
	bad := &mistakes{files: files, wrong: map[string]bool{}}
	for _, name := range files {
		b, err := open(name)
		if err != nil {
			bad.add(Position{name, 1}, "%s", reason(err))
			continue
		}
		d.file(name, b, bad)
	}
	d.check(bad)
	if err := bad.err(); err != nil {
		return Data{}, err
	}
	return d, nil
}

// reason leaves out the path that an *fs.PathError repeats.
func reason(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Op + ": " + e.Err.Error()
	}
	return err.Error()
}

// file adds the content of one file.
func (d *Data) file(name string, b []byte, bad *mistakes) {
	text, line, wrong := cleaned(b)
	if wrong != "" {
		bad.add(Position{name, line}, "%s", wrong)
		return
	}
	root, at, err := parse(text)
	if err != nil {
		bad.add(Position{name, at}, "%s", err)
		return
	}
	f := &file{name, bad, d.lines}
	o := f.note("", first(root), root).object(kinds...)
	d.rows(o)
	d.calendar(o)
	d.terms(o)
	d.duties(o)
	d.retention(o)
	if o.has("questionnaire") {
		v := o.get("questionnaire")
		d.questionnaire(f.note("questionnaires."+strconv.Itoa(len(d.Questionnaires)), first(v.node), v.node))
	}
}

// parse returns the one document of a file, or the line of what is wrong. The
// library writes its errors over several lines with a picture of the file; only
// the message and the place are taken.
func parse(text []byte) (root ast.Node, line int, err error) {
	defer func() {
		if r := recover(); r != nil { // the library gives up on some input by a panic
			root, line, err = nil, 1, errors.New("the file cannot be read as YAML")
		}
	}()
	f, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey()) // repeated keys are ours to report
	if err != nil {
		line = 1
		var e yaml.Error
		if errors.As(err, &e) {
			if t := e.GetToken(); t != nil && t.Position != nil {
				line = max(1, t.Position.Line)
			}
			return nil, line, fmt.Errorf("not YAML: %s", e.GetMessage())
		}
		return nil, line, fmt.Errorf("not YAML: %w", err)
	}
	for _, doc := range f.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.DirectiveType:
		case root != nil:
			at := (&file{}).at(doc.Body)
			return nil, at.Line, errors.New("a second document (---) is not allowed")
		default:
			root = doc.Body
		}
	}
	if root == nil {
		return nil, 1, errors.New("the file is empty")
	}
	return root, 0, nil
}
