package web

// QuestionnairePage is where a draft of a questionnaire is written: page "console/questionnaire". Every field is called
// by its place, "factors.2.criteria.0.text.en", which is also the id of its input. A button named "do" either saves or
// changes the order of the parts; the page then comes back with everything typed and nothing stored.
type QuestionnairePage struct {
	Console
	Up      Link
	Heading string
	Lead    string
	Action  string // where the form is sent
	Version string // of what is stored, as the writer has seen it

	Notice  string        // why the form came back although nothing in it is wrong
	Way     Link          // what to look at then; may be empty
	Changes []Disagreeing // what somebody else has saved meanwhile
	Errors  []FieldError
	Missing []FieldError // what is still to be written before it can be published
	Unsaved bool         // the page holds more than what is stored
	Focus   string       // id of what takes the cursor; may be empty

	Name         QuestionnaireText
	Blocks       []Choice
	Block        string
	Source       string
	Confirmed    bool
	JudgesChoice []Choice
	Factors      []QuestionnaireFactor
	Extra        []QuestionnaireQuestion

	Discard Form
}

// QuestionnaireText is a wording in both languages.
type QuestionnaireText struct{ VI, EN string }

// QuestionnairePart is what every part that can be moved has.
type QuestionnairePart struct {
	At          string // its place, "factors.2.criteria.0"
	Called      string // what people call it, "Tiêu chí 15"
	ID          string
	First, Last bool // it cannot be moved up or down any further
}

// QuestionnaireFactor is a group of criteria.
type QuestionnaireFactor struct {
	QuestionnairePart
	Name     QuestionnaireText
	Judges   string
	Criteria []QuestionnaireCriterion
}

// QuestionnaireCriterion is one thing to be satisfied with or not.
type QuestionnaireCriterion struct {
	QuestionnairePart
	Text, Official, NotApplicable QuestionnaireText
}

// QuestionnaireQuestion is a question outside the rate.
type QuestionnaireQuestion struct {
	QuestionnairePart
	Text    QuestionnaireText
	Options []QuestionnaireOption
}

// QuestionnaireOption is one answer to a question.
type QuestionnaireOption struct {
	QuestionnairePart
	Text QuestionnaireText
}

// QuestionnaireField is an input as it is drawn.
type QuestionnaireField struct {
	ID, Label, Value, Error string
	Lang                    string // of what is typed; empty: the page's
	Rows                    int    // 0: a single line
	Focus                   bool
}

// QuestionnaireTools are the buttons of a part as they are drawn.
type QuestionnaireTools struct {
	QuestionnairePart
	Action, Focus string
}

// Field prepares a single line.
func (p QuestionnairePage) Field(id, label, value string) QuestionnaireField {
	return QuestionnaireField{ID: id, Label: label, Value: value, Error: p.Error(id), Focus: p.Focus == id}
}

// Wording prepares one language of a text.
func (p QuestionnairePage) Wording(at, lang, label string, text QuestionnaireText, rows int) QuestionnaireField {
	value := text.VI
	if lang == "en" {
		value = text.EN
	}
	f := p.Field(at+"."+lang, label, value)
	f.Lang, f.Rows = lang, rows
	return f
}

// Tools prepares the buttons of a part.
func (p QuestionnairePage) Tools(part QuestionnairePart) QuestionnaireTools {
	return QuestionnaireTools{part, p.Action, p.Focus}
}

// Error is the message for a field; empty when there is none.
func (p QuestionnairePage) Error(id string) string {
	for _, e := range p.Errors {
		if e.Field == id {
			return e.Message
		}
	}
	return ""
}

// Open says whether the lesser fields of a criterion are shown unfolded: something in them is wrong or missing.
func (p QuestionnairePage) Open(c QuestionnaireCriterion) bool {
	for _, list := range [][]FieldError{p.Errors, p.Missing} {
		for _, e := range list {
			for _, part := range []string{".official", ".na"} {
				if e.Field == c.At+part+".vi" || e.Field == c.At+part+".en" {
					return true
				}
			}
		}
	}
	return false
}

// Do prepares a button that adds a part.
func (p QuestionnairePage) Do(what, words string) QuestionnaireTools {
	return QuestionnaireTools{QuestionnairePart{At: what, Called: words}, p.Action, p.Focus}
}

// Parts lists every part that can be moved.
func (p QuestionnairePage) Parts() (list []QuestionnairePart) {
	for _, f := range p.Factors {
		list = append(list, f.QuestionnairePart)
		for _, c := range f.Criteria {
			list = append(list, c.QuestionnairePart)
		}
	}
	for _, q := range p.Extra {
		list = append(list, q.QuestionnairePart)
		for _, o := range q.Options {
			list = append(list, o.QuestionnairePart)
		}
	}
	return list
}
