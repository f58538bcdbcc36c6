package web

import (
	"fmt"
	"html/template"
	"strings"
)

// source reads a template and strips what the reader does not need: indentation, empty lines, and the line ends of lines
// that hold nothing but template actions.
func source(name string) (string, error) {
	b, err := files.ReadFile("templates/" + name + ".html")
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		out.WriteString(line)
		if !strings.HasPrefix(line, "{{") || !strings.HasSuffix(line, "}}") || strings.HasPrefix(line, "{{t ") {
			out.WriteByte('\n')
		}
	}
	return out.String(), nil
}

// assets holds the static files by name, without indentation, empty lines and comment lines (// in scripts, /* … */ in
// styles, each on lines of their own).
type assets map[string]string

func loadAssets() (assets, error) {
	entries, err := files.ReadDir("static")
	if err != nil {
		return nil, err
	}
	all := assets{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		b, err := files.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, err
		}
		var out strings.Builder
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/") {
				continue
			}
			out.WriteString(line)
			out.WriteByte('\n')
		}
		all[e.Name()] = out.String()
	}
	return all, nil
}

func (a assets) join(names ...string) (string, error) {
	var out strings.Builder
	for _, name := range names {
		s, ok := a[name]
		if !ok {
			return "", fmt.Errorf("no static file %q", name)
		}
		out.WriteString(s)
	}
	return out.String(), nil
}

func funcs(lang string, locales map[string]locale, static assets) template.FuncMap {
	texts := locales[lang]
	return template.FuncMap{
		// t and n: a text of the interface, plain and by number.
		"t": func(key string, args ...any) (string, error) { return texts.text(lang, key, args...) },
		"n": func(key string, n int, args ...any) (string, error) { return texts.plural(lang, key, n, args...) },
		// kind picks a text whose key ends in data: kind "notice" "closed" "title".
		"kind": func(parts ...string) (string, error) { return texts.text(lang, strings.Join(parts, ".")) },
		// kindWith is kind for a text with one argument.
		"kindWith": func(arg string, parts ...string) (string, error) {
			return texts.text(lang, strings.Join(parts, "."), arg)
		},
		"lang":   func() string { return lang },
		"join":   func(list []string) string { return strings.Join(list, ", ") },
		"number": func(n int) string { return Number(lang, n) },
		// link keeps the reader's language on the way to another page.
		// link leaves what is not ours as it is.
		"link": func(path string) string {
			if strings.Contains(path, "://") {
				return path
			}
			return withLang(path, lang)
		},
		// switchTo is this page in another language.
		"switchTo": func(path, other string) string { return withLang(path, other) },
		"css": func(names ...string) (template.CSS, error) {
			s, err := static.join(names...)
			return template.CSS(s), err
		},
		// js joins scripts; the layout closes them into one scope.
		"js": func(names ...string) (template.JS, error) {
			s, err := static.join(names...)
			return template.JS(s), err
		},
		// scriptTexts are the texts that scripts show; see locale.under.
		"scriptTexts": texts.under,
		// everyLanguage is scriptTexts for a page that changes its language by itself: language → texts.
		"everyLanguage": func(names ...string) (map[string]map[string]string, error) {
			m := map[string]map[string]string{}
			for lang, texts := range locales {
				var err error
				if m[lang], err = texts.under(names...); err != nil {
					return nil, err
				}
			}
			return m, nil
		},
		// asset is the address of a file that the staff's pages load.
		"asset":     assetURL,
		"face":      face,
		"keyMarker": func() template.HTML { return KeyMarker },
		"keyFields": func(key, startedAt string) template.HTML { return template.HTML(KeyFields(key, startedAt)) },
	}
}

func withLang(path, lang string) string {
	if lang == Languages()[0] {
		return path
	}
	path, part, found := strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	path += sep + "lang=" + lang
	if found {
		path += "#" + part
	}
	return path
}

// faces draws the five levels, told apart by mouth and brows, so that they work in grey and at a glance.
var faces = map[string]string{
	"1": "M6.8 8.2l3 1.4M17.2 8.2l-3 1.4M8.7 11v.4M15.3 11v.4M8 17.6q4-4.6 8 0",
	"2": "M8.6 9.6v.6M15.4 9.6v.6M8.2 16.6q3.8-2.6 7.6 0",
	"3": "M8.6 9.6v.6M15.4 9.6v.6M8 15.6h8",
	"4": "M8.6 9.6v.6M15.4 9.6v.6M8.2 14.6q3.8 3 7.6 0",
	"5": "M7.6 9.8q1-1.4 2 0M14.4 9.8q1-1.4 2 0M7.4 13.4h9.2q-.9 4.6-4.6 4.6t-4.6-4.6z",
}

// face is the line face of a level; empty for values that are none.
func face(value string) template.HTML {
	d, ok := faces[value]
	if !ok {
		return ""
	}
	return template.HTML(`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="` + d + `"/></svg>`)
}

// radios is one group of radio buttons as the templates draw it.
type radios struct {
	Name, Text, NotApplicable, Error string
	Options                          []radio
	ChosenNA                         bool
}

type radio struct {
	ID, Name, Value, Text string
	Checked               bool
}

func (f SurveyForm) radios(name, text, na string, options []Choice) radios {
	g := radios{Name: name, Text: text, NotApplicable: na, Error: f.Error(name), ChosenNA: na != "" && f.Values[name] == "0"}
	for i, o := range options {
		r := radio{Name: name, Value: o.Value, Text: o.Text, Checked: f.Values[name] == o.Value && o.Value != ""}
		if i == 0 {
			r.ID = name // what an error message links to
		}
		g.Options = append(g.Options, r)
	}
	return g
}

// OverallGroup, CriterionGroup, ExtraGroup and ProfileGroup give the radio buttons of one question, for the templates.
func (f SurveyForm) OverallGroup(text string) radios { return f.radios("overall", text, "", f.Scale) }

// CriterionGroup: see OverallGroup.
func (f SurveyForm) CriterionGroup(c Criterion) radios {
	return f.radios("q"+c.ID, c.Text, c.NotApplicable, f.Scale)
}

// ExtraGroup: see OverallGroup.
func (f SurveyForm) ExtraGroup(q Question) radios { return f.radios("x_"+q.ID, q.Text, "", q.Options) }

// ProfileGroup: see OverallGroup.
func (f SurveyForm) ProfileGroup(q Question) radios {
	return f.radios("p_"+q.ID, q.Text, "", q.Options)
}

// Error is the message for a field, empty when there is none.
func (f SurveyForm) Error(name string) string { return errorOf(f.Errors, name) }

func errorOf(list []FieldError, name string) string {
	for _, e := range list {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// Value is what was entered in a field.
func (f SurveyForm) Value(name string) string { return f.Values[name] }

// ProfileOpen says whether the questions about the person are shown unfolded: something in them was answered or is wrong.
func (f SurveyForm) ProfileOpen() bool {
	for _, q := range f.Profile {
		if f.Values["p_"+q.ID] != "" || f.Error("p_"+q.ID) != "" {
			return true
		}
	}
	return false
}

// GroupNA is the "does not apply" wording that all criteria of a factor share; empty when they do not.
func (f Factor) GroupNA() string {
	if len(f.Criteria) == 0 {
		return ""
	}
	na := f.Criteria[0].NotApplicable
	for _, c := range f.Criteria {
		if c.NotApplicable != na {
			return ""
		}
	}
	return na
}

// Count says how many areas have the verdict.
func (r Results) Count(verdict string) int {
	n := 0
	for _, row := range r.Areas {
		if row.Verdict == verdict {
			n++
		}
	}
	return n
}

// Empty says that nobody has answered in the period.
func (r Results) Empty() bool { return r.Total == 0 }

// Differs says that the single overall rating leads to another verdict than the pooled rate.
func (row ResultRow) Differs() bool {
	return row.OverallText != "" && row.OverallVerdict != "" && row.OverallVerdict != row.Verdict
}

// VerdictKey is the verdict's part of a text key.
func (row ResultRow) VerdictKey() string {
	if row.Verdict == VerdictNone {
		return "none"
	}
	return row.Verdict
}

// Mark is the sign of the verdict, read by eye only; the words stand beside it.
func (row ResultRow) Mark() string {
	switch row.Verdict {
	case VerdictMet:
		return "✓"
	case VerdictNotMet:
		return "✗"
	case VerdictUnproven:
		return "?"
	case VerdictTooFew:
		return "·"
	}
	return "–"
}

// Unsettled says that the interval does not decide, so that the plain official reading adds something.
func (row ResultRow) Unsettled() bool {
	return row.Verdict == VerdictUnproven || row.Verdict == VerdictTooFew
}
