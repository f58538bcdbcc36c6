package web

// Console is what every page of staff needs beside Base.
type Console struct {
	Base
	Account string // who is signed in; empty: nobody, and nothing of the console is offered
	Person  string // the name that colleagues know
	Role    string // in words
	Nav     []NavItem
	Done    string // what has just been done, to be read once; may be empty
}

// NavItem is a part of the console.
type NavItem struct {
	URL, Text string
	Current   bool
}

// Page is a page of the console made of the parts that most of them have, in the order in which they are shown:
// page "console/page". A part that is empty is left out.
type Page struct {
	Console
	Up      Link   // the page above this one
	Heading string // h1 and title
	Lead    string // what this page is for, one or two sentences
	Actions []Action
	Facts   []Fact
	Quote   Quote
	Filter  *Form // sent by GET to this page
	Tables  []Table
	Forms   []Form
}

// Quote is what somebody else wrote, as it was written.
type Quote struct {
	Heading, Text string
	Lang          string // of the text
}

// Action is a way on. At most one of a page is Primary: the next thing to do.
type Action struct {
	URL, Text string
	Primary   bool
	Download  bool // leads to a file
}

// Fact is a name and what it is.
type Fact struct {
	Name, Text string
	URL        string // makes Text a link
	Lang       string // of a Text that is not in the page's language; may be empty
	Code       bool   // to be read letter by letter
	Copy       bool   // worth copying; with scripts a button offers it
}

// Table lists things, one a line.
type Table struct {
	ID      string // for links to it and for filtering in place; may be empty
	Heading string // h2; empty: the page's own heading says it
	Columns []Column
	Rows    []Row
	Empty   string // shown instead of a table without rows: what will be here, and what to do now
	Next    string // address of the next page; empty: this is the last
	Note    string // under the table
	Picks   *Form  // with an ID: asks what is done with the rows that are ticked, and is sent with their ticks as "case"; nil: rows have no ticks
}

// Column heads the cells below it.
type Column struct {
	Text  string
	Right bool // figures
	Whole bool // never broken into lines, but on a phone
}

// Row is one thing.
type Row struct {
	Cells []Cell
	Quiet bool // no longer in use
	Pick  Pick // the row can be ticked; Value empty: not this one
}

// Pick is the box that chooses a row of a Table with Picks.
type Pick struct {
	Value string // sent if it is ticked
	Label string // read out, not shown
}

// Cell is what one row says in one column.
type Cell struct {
	Text string
	URL  string // makes Text a link
	Note string // smaller, below
	Mark string // one of the Mark constants; the text says it, colour only repeats it
	Lang string // of a text that is not in the page's language; may be empty
	Code bool
}

// Marks of a cell.
const (
	MarkGood  = "good"
	MarkBad   = "bad"
	MarkDoubt = "doubt"
)

// Form asks for something. A page with errors goes out with status 422.
type Form struct {
	ID      string // of the form element; may be empty
	Action  string // where it is sent
	Get     bool   // by GET; else by POST
	Plain   bool   // of a filter: it changes with its answer, so the page is loaded anew
	Heading string // h2; may be empty
	Lead    string
	Notice  string        // why it came back although nothing in it is wrong
	Changes []Disagreeing // what somebody else has saved meanwhile
	Errors  []FieldError
	Inputs  []Input
	Hidden  []Choice
	Submit  string
	Back    string // text of a second button, which sends the form with the field back=1; may be empty
	Other   Link   // a second button of a Get form: the same fields sent to another address; may be empty
	Danger  bool   // what it does cannot be taken back
	Quiet   bool   // not the next thing to do on this page
	Cancel  Link   // the way out; may be empty
	Upload  bool   // has a file
	Marked  *Marked
}

// Marked is a text of the form with what may tell who somebody is, to be blanked:
// fields blank (each a text of Marks), and the buttons blankpicked and blankall.
type Marked struct {
	Text  []Piece
	Marks []Piece // each text once
}

// Piece is a part of a text. Mark says what it looks like, in words; empty: it is
// as good as any other.
type Piece struct {
	Text, Mark string
}

// Disagreeing is a field that somebody else has changed while this form was open.
type Disagreeing struct {
	Label, Stored, Typed string
}

// Input is one field of a Form.
type Input struct {
	Name, Label string
	Hint        string
	Type        string // one of the Input constants; empty: InputText
	Value       string
	Options     []Choice
	Required    bool
	Complete    string // autocomplete token; empty: off
	Wide        bool   // takes the whole line
	Error       string // set by Form.Fail
	Group       string // heading of a group that begins here; may be empty
	Ground      string // one of the Ground constants: who reads what is typed; may be empty
	Accept      string // of a file: the types offered
	Many        bool   // of a file: several at once
}

// Grounds of an Input: nobody may take one for the other.
const (
	GroundPublic   = "public"   // the citizen reads it
	GroundInternal = "internal" // officers alone read it
)

// Types of an Input.
const (
	InputText     = "text"
	InputSearch   = "search"
	InputPassword = "password"
	InputNumber   = "number"
	InputDate     = "date"
	InputMoment   = "datetime-local"
	InputSelect   = "select"
	InputRadio    = "radio"
	InputCheck    = "checkbox" // Value "1" is checked
	InputArea     = "textarea"
	InputFile     = "file"
)

// Fail puts messages into the form: a list on top, and each beside its field.
func (f *Form) Fail(errs []FieldError) {
	f.Errors = errs
	for i := range f.Inputs {
		for _, e := range errs {
			if e.Field == f.Inputs[i].Name {
				f.Inputs[i].Error = e.Message
			}
		}
	}
}

// Label is the label of the input of that name; empty where the form has none.
func (f Form) Label(name string) string {
	for _, in := range f.Inputs {
		if in.Name == name {
			return in.Label
		}
	}
	return ""
}

// Kind is the input's type as it is drawn.
func (in Input) Kind() string {
	if in.Type == "" {
		return InputText
	}
	return in.Type
}

// Described is the id list of what explains the input.
func (in Input) Described() string {
	switch {
	case in.Error != "" && in.Hint != "":
		return "e-" + in.Name + " h-" + in.Name
	case in.Error != "":
		return "e-" + in.Name
	case in.Hint != "":
		return "h-" + in.Name
	}
	return ""
}

// SignIn is the page "/dang-nhap", page "console/sign-in".
type SignIn struct {
	Console
	Form     Form
	Insecure bool   // the browser would not keep the cookie here: https or localhost is wanted
	Unsent   string // what was sent without being signed in, said in one sentence; may be empty
	SignOn   SignOn
}

// SignOn is the way to sign in by the office's single sign-on; without a URL there is none.
type SignOn struct {
	URL    string
	Notice string // why the last try ended here; may be empty
	Apart  bool   // in another tab, as a form waits in this one
	Again  Form   // sends what waits, once the other tab is signed in
}

// LinkPage is one link with its code to be shown, page "console/link".
type LinkPage struct {
	Page
	QR     string // address of the picture; empty: nobody scans this one
	QRText string // what the picture is
}

// Slip is something handed over once, on the screen or printed: page "console/slip". Its Facts are what is handed over, its Actions come after that.
type Slip struct {
	Page
	Warning string   // why it has to be taken now
	Steps   []string // what whoever gets it does with it, in this order; may be empty
}

// Shown is a value as people read it: the words of an option rather than its id.
func (in Input) Shown(value string) string {
	for _, o := range in.Options {
		if o.Value == value && value != "" {
			return o.Text
		}
	}
	return value
}
