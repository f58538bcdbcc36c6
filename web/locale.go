package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"strconv"
	"strings"
	"text/template/parse"
)

// locale maps a key to a text in one language; {0}, {1} … are arguments.
type locale map[string]string

// loadLocales reads <lang>.json, which has the texts of citizens and of failures, and
// <subject>.<lang>.json beside it. A key stands in one file.
func loadLocales() (map[string]locale, error) {
	all := map[string]locale{}
	for _, lang := range Languages() {
		names, err := fs.Glob(files, "locale/*."+lang+".json")
		if err != nil {
			return nil, err
		}
		all[lang] = locale{}
		for _, name := range append([]string{"locale/" + lang + ".json"}, names...) {
			b, err := files.ReadFile(name)
			if err != nil {
				return nil, err
			}
			var l locale
			if err := json.Unmarshal(b, &l); err != nil {
				return nil, fmt.Errorf("web: %s: %w", name, err)
			}
			for key, text := range l {
				if _, twice := all[lang][key]; twice {
					return nil, fmt.Errorf("web: %s: text %q stands in another file too", name, key)
				}
				all[lang][key] = text
			}
		}
	}
	return all, nil
}

// under returns the texts of the keys that begin with a group's name ("js.bar."), by what follows it, and of keys that are
// named whole ("survey.heading"), by their last part. Two texts under one name are an error.
func (l locale) under(names ...string) (map[string]string, error) {
	m := map[string]string{}
	for key, s := range l {
		for _, name := range names {
			short, found := strings.CutPrefix(key, name)
			if !found || short != "" && !strings.HasSuffix(name, ".") {
				continue
			}
			if short == "" {
				short = key[strings.LastIndexByte(key, '.')+1:]
			}
			if _, twice := m[short]; twice {
				return nil, fmt.Errorf("two texts under %q for a script", short)
			}
			m[short] = s
		}
	}
	return m, nil
}

// text fills in the arguments; whole numbers are written the language's way.
func (l locale) text(lang, key string, args ...any) (string, error) {
	s, ok := l[key]
	if !ok {
		return "", fmt.Errorf("no text %q in language %s", key, lang)
	}
	for i, a := range args {
		v, isInt := a.(int)
		word := fmt.Sprint(a)
		if isInt {
			word = Number(lang, v)
		}
		s = strings.ReplaceAll(s, "{"+strconv.Itoa(i)+"}", word)
	}
	return s, nil
}

// plural picks key.one or key.other; the count is argument {0}.
func (l locale) plural(lang, key string, n int, args ...any) (string, error) {
	form := ".other"
	if lang == "en" && n == 1 {
		form = ".one"
	}
	return l.text(lang, key+form, append([]any{n}, args...)...)
}

// textKeys lists the keys that a template names literally, so that a missing text is found at start.
func textKeys(t *template.Template) []string {
	var keys []string
	var walk func(parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			walk(l)
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			for _, c := range n.Nodes {
				walk(c)
			}
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.IfNode:
			walk(n.Pipe)
			walk(n.List)
			list(n.ElseList)
		case *parse.RangeNode:
			walk(n.Pipe)
			walk(n.List)
			list(n.ElseList)
		case *parse.WithNode:
			walk(n.Pipe)
			walk(n.List)
			list(n.ElseList)
		case *parse.TemplateNode:
			if n.Pipe != nil {
				walk(n.Pipe)
			}
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				walk(c)
			}
		case *parse.CommandNode:
			name, _ := n.Args[0].(*parse.IdentifierNode)
			for _, a := range n.Args[1:] {
				walk(a)
			}
			if name == nil || len(n.Args) < 2 {
				return
			}
			key, ok := n.Args[1].(*parse.StringNode)
			switch {
			case ok && name.Ident == "t":
				keys = append(keys, key.Text)
			case ok && name.Ident == "n":
				keys = append(keys, key.Text+".one", key.Text+".other")
			}
		}
	}
	if t.Tree != nil {
		list(t.Tree.Root)
	}
	return keys
}
