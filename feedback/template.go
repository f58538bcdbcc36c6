package feedback

import (
	"slices"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// Template (mẫu câu) is a text that officers begin from when they write to
// senders. What is sent is what the officer makes of it: changing a template
// changes no letter that has gone out.
type Template struct {
	ID   string `bson:"-"`
	Name string `bson:"name"` // by which officers choose it
	Kind Kind   `bson:"kind"` // "": for cases of every kind
	Step Step   `bson:"step"` // one of WritingSteps
	Text string `bson:"text"`

	version int64 // the store's
}

// Version is that of the stored template; 0: it is not stored.
func (t *Template) Version() int64 { return t.version }

// WritingSteps are the steps with which the sender is always written to, in the
// order of the table of steps.
func WritingSteps() []Step {
	var list []Step
	for i := range moves {
		if slices.Contains(moves[i].required, "message") {
			list = append(list, moves[i].step)
		}
	}
	return list
}

// Check brings the template into the form in which it is kept, and names every
// field that is wrong for one that an officer of the role writes.
func (t *Template) Check(r Role) error {
	t.Name, t.Text = strings.Join(strings.Fields(text.Clean(t.Name)), " "), text.Clean(t.Text)
	var f fault.Fields
	for _, x := range []struct{ name, value string }{{"name", t.Name}, {"step", string(t.Step)}, {"text", t.Text}} {
		if x.value == "" {
			f.Add(x.name, catalogue.CodeRequired)
		}
	}
	tooLong(&f, "name", t.Name, maxName)
	tooLong(&f, "text", t.Text, maxMessage)
	if t.Kind != "" && (!t.Kind.Known() || !t.shownTo(r)) {
		f.Add("kind", "choice", wordsOf(Kinds))
	}
	switch m := moveOf(t.Step); {
	case t.Step == "":
	case !slices.Contains(WritingSteps(), t.Step):
		f.Add("step", "choice", wordsOf(WritingSteps()))
	case t.Kind.Known() && m.kinds != nil && !slices.Contains(m.kinds, t.Kind):
		f.Add("step", "step_other_kind")
	}
	return f.Err()
}

// Fits says whether the template is for this step on this case.
func (t *Template) Fits(c *Case, s Step) bool {
	return t.Step == s && (t.Kind == "" || t.Kind == c.Kind)
}

// shownTo says whether officers of the role may know of the template: what the
// inspection writes to those who denounce is for the inspection alone.
func (t *Template) shownTo(r Role) bool { return t.Kind != Denunciation || r == RoleInspection }
