package web

import (
	"slices"
	"strconv"
)

// PaperPage is where filled-in paper forms are typed in, one after the other: page "console/paper". Every question is
// answered by the number printed in the box that was ticked. What a stack of forms has in common stays from form to form.
type PaperPage struct {
	Console
	Up       Link
	Heading  string
	Place    string    // where the forms come from; may be empty
	Versions []NavItem // of the questionnaire, when forms of more than one may lie in the stack
	Counted  string    // how many so far
	Saved    string    // what became of the form before; empty: this is the first
	Notice   string    // why the form came back although nothing in it is wrong
	Way      Link      // what to do about it; may be empty
	Errors   []FieldError

	Action  string
	Hidden  []Choice
	Date    PaperQuestion  // its value is the day as it was typed
	Area    *PaperQuestion // chosen from a list; nil: the link says it
	Scale   []Choice       // the five levels
	Front   []PaperSection
	Back    []PaperSection
	Comment PaperQuestion
	Submit  string // the words on the button
	Focus   string // field that takes the cursor; "save" is the button
}

// PaperSection is questions under one heading.
type PaperSection struct {
	Name      string
	Questions []PaperQuestion
}

// PaperQuestion is one question of the form.
type PaperQuestion struct {
	Number        int    // as printed; 0: it has none
	Field         string // form field, and id of its input
	Text          string
	Options       []Choice // Value is the number to be typed; empty: the levels
	NotApplicable string   // the words of 0; empty: not offered
	Value, Error  string
}

// Asks reports whether the page has an input of that name, for an error message to lead to.
func (p PaperPage) Asks(field string) bool {
	return slices.ContainsFunc(p.Questions(), func(q PaperQuestion) bool { return q.Field == field })
}

// Questions lists all that is asked, in the order of the page.
func (p PaperPage) Questions() []PaperQuestion {
	list := []PaperQuestion{p.Date}
	if p.Area != nil {
		list = append(list, *p.Area)
	}
	for _, sections := range [][]PaperSection{p.Front, p.Back} {
		for _, s := range sections {
			list = append(list, s.Questions...)
		}
	}
	return append(list, p.Comment)
}

// PaperCells is a section as it is drawn.
type PaperCells struct {
	Name  string
	Cells []PaperCell
}

// PaperCell is a question as it is drawn: with what it needs of its page.
type PaperCell struct {
	PaperQuestion
	Words []Choice // of the answers from 1
	Focus bool
}

// Ask prepares the questions of a section.
func (p PaperPage) Ask(s PaperSection) PaperCells {
	list := PaperCells{Name: s.Name}
	for _, q := range s.Questions {
		c := PaperCell{q, q.Options, p.Focus == q.Field}
		if len(c.Words) == 0 {
			c.Words = p.Scale
		}
		list.Cells = append(list.Cells, c)
	}
	return list
}

// List is the id of the list that says what the numbers mean.
func (c PaperCell) List() string {
	if len(c.Options) == 0 {
		return "levels"
	}
	return "o-" + c.Field
}

// Least is the smallest number that can be typed.
func (c PaperCell) Least() int {
	if c.NotApplicable != "" {
		return 0
	}
	return 1
}

// Digits is how many digits the largest number has.
func (c PaperCell) Digits() int { return len(strconv.Itoa(len(c.Words))) }

// Said is what the number that was typed stands for; empty when it stands for nothing.
func (c PaperCell) Said() string {
	if c.Value == "0" {
		return c.NotApplicable
	}
	for _, w := range c.Words {
		if w.Value == c.Value {
			return w.Text
		}
	}
	return ""
}
