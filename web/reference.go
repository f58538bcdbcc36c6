package web

import (
	"html/template"
	"strings"
)

// Reference is the page "/api", page "api": the interface for programs, made from its OpenAPI document. The texts are the
// document's, in English; the page around them follows the reader's language.
type Reference struct {
	Base
	Description Prose
	Bearer      Prose  // how to send a token
	BaseURL     string // in front of every path
	DocumentURL string // the document itself
	Groups      []ReferenceGroup
	Schemas     []ReferenceSchema
}

// ReferenceGroup is a group of operations under a heading.
type ReferenceGroup struct {
	ID, Name    string
	Description Prose
	Operations  []ReferenceOperation
}

// ReferenceOperation is what one method does at one path.
type ReferenceOperation struct {
	ID, Method, Path, Summary string
	Description               Prose
	Public                    bool     // works without a token
	Roles                     []string // whose token is taken; with Public: also
	Parameters                []ReferenceField
	BodyType                  string // empty: no body
	Body                      ReferenceField
	Answers                   []ReferenceAnswer
	Curl                      string
}

// Successes are the answers that a caller hopes for.
func (o ReferenceOperation) Successes() []ReferenceAnswer { return o.answers(false) }

// Failures are the answers that say what is wrong; the page folds them up.
func (o ReferenceOperation) Failures() []ReferenceAnswer { return o.answers(true) }

func (o ReferenceOperation) answers(failed bool) []ReferenceAnswer {
	var list []ReferenceAnswer
	for _, a := range o.Answers {
		if failed == (a.Status >= "400") {
			list = append(list, a)
		}
	}
	return list
}

// ReferenceField is a parameter, or a member of an object.
type ReferenceField struct {
	Name, Type           string
	In                   string // of a parameter: path, query, header
	Schema               string // the Name of the ReferenceSchema that it is; empty: a plain value
	List, Null, Required bool
	Description          Prose
	Values               []string // all that it can be; empty: not a choice
	Limits               string   // "8 to 64 characters"
}

// ReferenceAnswer is what one status means.
type ReferenceAnswer struct {
	Status, MediaType, Schema string
	Description               Prose
	Example                   string
}

// ReferenceSchema is an object that is sent or answered.
type ReferenceSchema struct {
	Name        string
	Description Prose
	Fields      []ReferenceField
}

// Prose is text in the little of Markdown that the document uses: paragraphs, `code` and **stress**.
type Prose string

// Paragraphs splits p.
func (p Prose) Paragraphs() []Prose {
	var list []Prose
	for _, s := range strings.Split(string(p), "\n\n") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, Prose(s))
		}
	}
	return list
}

// HTML writes one paragraph.
func (p Prose) HTML() template.HTML {
	var b strings.Builder
	for i, code := range strings.Split(strings.TrimSpace(string(p)), "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + template.HTMLEscapeString(code) + "</code>")
			continue
		}
		for j, s := range strings.Split(code, "**") {
			if j%2 == 1 {
				b.WriteString("<b>" + template.HTMLEscapeString(s) + "</b>")
			} else {
				b.WriteString(template.HTMLEscapeString(s))
			}
		}
	}
	return template.HTML(b.String())
}
