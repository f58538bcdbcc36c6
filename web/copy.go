package web

// CaseCopy is everything that is held about the sender of a case, to be handed over to them: page "copy". It is opened from a
// folder, without the server, and loads nothing.
type CaseCopy struct {
	Base
	Code             string
	Made             string // when, and by whom
	Contact          []Fact // empty: the sender left none
	Facts            []Fact
	Subject, Content string
	Files            []string     // names, of the files beside it
	Steps            []SenderStep // the oldest first
	Notes            int          // notes of officers, which are not in it
}
