package web

// PublicAnswers is the page "/gop-y/cong-khai", page "public": answers that everybody may read. Its form is sent by GET, with area and month.
type PublicAnswers struct {
	Base
	Area, Month   string // as chosen
	Areas, Months []Choice
	Answers       []PublicAnswer
	Next, First   string // addresses of the next page and of the first one; empty: there is none, or it is this one
	Errors        []FieldError
}

// Chosen says whether not all answers are asked for.
func (p PublicAnswers) Chosen() bool { return p.Area != "" || p.Month != "" }

// Error is the message for a field, empty when there is none.
func (p PublicAnswers) Error(name string) string { return errorOf(p.Errors, name) }

// PublicAnswer is one answer. Question and Text are Vietnamese, as officers wrote them.
type PublicAnswer struct {
	Heading  string // the question, or what it is about
	Area     string // above a question; empty: not known, or in Heading
	Text     string
	By, When string // sentences
	Late     bool
	Asked    bool // Heading is the question
}
