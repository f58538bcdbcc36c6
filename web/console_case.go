package web

// CasePage is a case as an officer works on it, or one step of it that is being written: page "console/case". Its Actions are
// the steps that can be taken now. Whatever the sender can read stands on a ground of its own.
type CasePage struct {
	Page
	Preview   *CaseEvent // what will be read, shown once before it goes
	PreviewOf string     // who will read it

	Publication *PublicationView // what everybody will read, shown once before it goes

	Subject, Content string // in the sender's words
	Lang             string // of those words
	Files            []Link // attachments; Text with type and size
	Letters          []Link // Word files about what has happened
	Due              string // how far off the due day is, in words
	Late             bool
	Provisional      []string // years that may yet move the due day, a sentence each
	Days             []ReceiptDay
	History          []CaseEvent // the latest first
	Contact          []Fact      // how the sender is reached; empty: it was not asked for
	AskContact       *Form       // asks for it; nil: this officer may not
	AskCopy          *Form       // asks for a copy of everything, for the sender; nil: this officer may not
}

// PublicationView is what everybody will read beside what the sender has read.
type PublicationView struct {
	Before         string // the answer to the sender; may be empty
	Question, Text []Piece
	Left           []Piece // what still looks like personal data: each once
	Second         bool    // with the next button it is public
}

// CaseEvent is one thing that happened to a case.
type CaseEvent struct {
	When, What, Who string
	Message         string // the sender reads it, or wrote it
	FromSender      bool
	ForAll          bool   // not the sender but everybody reads it, or will
	Note            string // officers alone read it
}
