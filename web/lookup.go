package web

// Lookup is the page "/tra-cuu" where code and secret of a case are typed, page "lookup". Its fields are code and secret.
type Lookup struct {
	Base
	Code, Secret string // what was typed
	Wrong        bool   // no case has both; page goes out with status 404
	Notice       string // why the case is not shown although nothing typed is wrong
	Errors       []FieldError
	Kept         []Choice // what was typed in the page of a case that cannot be shown now: name → value
}

// Error is the message for a field, empty when there is none.
func (l Lookup) Error(name string) string { return errorOf(l.Errors, name) }

// SenderCase is a case as its sender sees it, page "case". It is the answer to a post: code and secret are in no address.
type SenderCase struct {
	Base
	Code, Secret string // grouped, as they go along in each form
	Shown        string // code as it is read out
	Version      int    // what a message or a rating refers to

	Status   string // a word
	Meaning  string // what that means and what comes next, a sentence
	Facts    []Fact
	Due      *SenderDue // nil: no term runs any more
	Standing *Standing  // what the sender has to read first; nil: nothing
	Steps    []SenderStep
	Subject  string
	Content  string
	Files    []SenderFile

	Reply  *SenderReply  // nil: no message is taken any more
	Rating *SenderRating // nil: there is no answer to be rated

	Done   string // what has just been kept
	Errors []FieldError
	Notice string            // why something that was sent is not kept; the words in it come back
	Values map[string]string // form field → value to show again
	Unkept string            // words for which there is no field any more
}

// SenderDue is until when something is due.
type SenderDue struct {
	What, Day   string // while the term stands still, Day says so
	Left        string // how much time that is, in words
	Late        bool
	Promised    string // the office's apology with a new day; may be empty
	Provisional []string
	Days        []ReceiptDay // none while the term stands still
}

// Standing is the office's word that stands: the question, the answer, the refusal.
type Standing struct {
	Heading, When, Text string
	Question            bool // the sender has to answer it
}

// SenderStep is one step of the case.
type SenderStep struct {
	When, Text, Message string
	Mine                bool // the sender's own
	Above               bool // its message stands at the top of the page
}

// SenderFile is an attachment.
type SenderFile struct {
	ID, Name, Size string
}

// SenderReply is the form for a message.
type SenderReply struct {
	Asked bool // the office waits for it
	Max   int  // characters
}

// SenderRating is the form for a rating.
type SenderRating struct {
	Rated  bool // this answer was rated before
	Solved []Choice
	Scale  []Choice
	Reopen string // until when it can be asked for; empty: it is too late
	Max    int    // characters of the comment
}

// Error is the message for a field, empty when there is none.
func (s SenderCase) Error(name string) string { return errorOf(s.Errors, name) }

// Value is what was entered in a field.
func (s SenderCase) Value(name string) string { return s.Values[name] }

// SolvedGroup and LevelGroup give the radio buttons of the rating to the templates.
func (s SenderCase) SolvedGroup(text string) radios { return s.radios("solved", text, s.Rating.Solved) }

// LevelGroup: see SolvedGroup.
func (s SenderCase) LevelGroup(text string) radios { return s.radios("rating", text, s.Rating.Scale) }

func (s SenderCase) radios(name, text string, options []Choice) radios {
	return SurveyForm{Values: s.Values, Errors: s.Errors}.radios(name, text, "", options)
}
