package web

import "slices"

// FeedbackForm is the page "/gop-y", page "feedback". Its fields are those of POST /api/v1/feedback sent as a form:
// content, subject, kind, area, procedure, about.unit, contact.name …
type FeedbackForm struct {
	Base
	Key        string // makes sending twice harmless
	Kinds      []FeedbackKind
	Areas      []Choice
	Procedures []Choice
	Units      []Choice
	Desks      []Choice

	Values map[string]string // field → value to show again; of a checkbox "on" if it was ticked
	Errors []FormError       // page goes out with status 422
	Notice string            // why the form came back although nothing in it is wrong; the button then says "send again"
	Again  []string          // names of the attachments that have to be chosen again

	MaxContent int // characters
	MaxFiles   int
	MaxSize    int // of an attachment, in MB
}

// FeedbackKind is one kind of feedback as it is offered.
type FeedbackKind struct {
	Value, Name string
	What        string // what it is for, with an example
	Reads       string // who reads it, and whether a name is needed
	Term        string // how long it takes
}

// FormError says what to put right in one field, and what the page calls it.
type FormError struct {
	Field, Label, Message string
}

// Value is what was entered in a field.
func (f FeedbackForm) Value(name string) string { return f.Values[name] }

// Checked says whether a box was ticked.
func (f FeedbackForm) Checked(name string) bool { return f.Values[name] == "on" }

// ErrorsOf are the messages for a field.
func (f FeedbackForm) ErrorsOf(name string) []FormError {
	var list []FormError
	for _, e := range f.Errors {
		if e.Field == name {
			list = append(list, e)
		}
	}
	return list
}

// placeFields are the fields about where it happened, which are folded.
var placeFields = []string{"area", "procedure", "about.unit", "about.desk", "about.officer", "dossier"}

// PlaceOpen says whether the fields about where it happened are shown unfolded: something is in them, or wrong.
func (f FeedbackForm) PlaceOpen() bool {
	return slices.ContainsFunc(placeFields, func(name string) bool { return f.Values[name] != "" || len(f.ErrorsOf(name)) > 0 })
}

// FormField is one field of the form, for the templates that draw it.
type FormField struct {
	Name, Value string
	Options     []Choice
	Errors      []FormError
	Form        FeedbackForm
}

// Field gives a field to the templates.
func (f FeedbackForm) Field(name string, options ...[]Choice) FormField {
	x := FormField{Name: name, Value: f.Values[name], Errors: f.ErrorsOf(name), Form: f}
	if len(options) > 0 {
		x.Options = options[0]
	}
	return x
}

// FeedbackReceipt is what a sender gets, once: page "receipt".
type FeedbackReceipt struct {
	Base
	Key          string // of the form that was sent
	Code, Secret string // grouped for reading
	Kind         string // the kind's id
	Facts        []Fact
	Due          string // the due day with its weekday
	DueWhat      string // what is due by then
	Next         []string
	Days         []ReceiptDay
	Provisional  []string // why the due day may yet move
}

// ReceiptDay is one day of the term.
type ReceiptDay struct {
	Day, Why string
	Counted  bool
}
