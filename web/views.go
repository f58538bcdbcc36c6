package web

import "strings"

// Base is what every page needs. The language is not part of it: Render is told the language and the page follows.
type Base struct {
	Path        string // path and query of this page without lang, for the language switch: "/k/AB12", "/ket-qua?from=2026-01-01"
	OfficeName  string // who asks: "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị"
	Sample      bool   // the store holds sample data; every page says so
	Title       string // replaces the page's own title in the browser tab; empty: the page's own
	FeedbackURL string // where to complain about something specific; empty: not offered yet, no link is shown
}

// Choice is one option of a question, in the page's language.
type Choice struct {
	Value, Text string
}

// Question is a question with fixed options: about the visit (Extra) or about the person (Profile).
type Question struct {
	ID, Text string // ID as in the JSON contract, without the prefix of the form field
	Options  []Choice
}

// Criterion is one of the criteria of the questionnaire.
type Criterion struct {
	ID, Text      string // ID is the official number: "15"
	NotApplicable string // the words for "does not apply to me"; empty: not offered
}

// Factor groups criteria under a heading.
type Factor struct {
	ID, Name string // ID is the Roman number: "I"
	Criteria []Criterion
}

// FieldError says what to put right in one field.
type FieldError struct {
	Field   string // form field name, which is also the id of its first input; see FieldID
	Message string // a sentence in the page's language
}

// Questions is what a link asks, in one language.
type Questions struct {
	AreaName string   // empty when the link leaves the area open
	DeskName string   // may be empty
	Areas    []Choice // when the link leaves the area open; else empty

	Scale   []Choice // the five levels, worst first, values "1" to "5"
	Factors []Factor
	Extra   []Question
	Profile []Question
}

// SurveyForm is the survey behind a QR code, page "survey".
//
// Form fields: overall, q<criterion id> ("0" is not applicable), x_<extra id>, p_<profile id>, comment, area, lang, questionnaire, key, startedAt.
type SurveyForm struct {
	Base
	Code   string
	Action string // where to send: "/k/AB12"; the page's language goes along as field lang

	Questionnaire string // the version shown; it goes along as field questionnaire

	Preview string // nobody can answer: why the page is shown, in words; empty: it is the real one
	Back    Link   // from a preview

	Trial   bool // answers through this link never count
	OneTime bool // the code answers for one dossier, once

	Questions
	AreaRequired bool // an answer without an area would be refused

	Values map[string]string // form field name → value to show again
	Errors []FieldError      // page goes out with status 422
	Notice string            // why the form came back (503, 409), one sentence or two; the button then says "send again"

	Key       string // empty: KeyMarker stands where the server splices KeyFields in
	StartedAt string // RFC 3339, when the page went out; used with Key only

	MaxComment int // longest comment in characters
}

// Thanks is the page after an answer has been acknowledged, page "thanks".
type Thanks struct {
	Base
	Code       string // to offer the same survey to the next person; empty for one-time codes
	Receipt    string // short form, to be read out on the telephone; empty when the page was opened without one
	ReceivedAt string // formatted, "24/11/2026, 09:41"; may be empty
	Trial      bool
}

// Link is a way on.
type Link struct {
	URL, Text string
}

// Kinds of Notice. Each has its words in locale/*.json under notice.<kind>.
const (
	NoticeUnknownCode = "unknown-code"
	NoticeClosed      = "closed"       // When: since when
	NoticeNotYetOpen  = "not-yet-open" // When: from when
	NoticeSpent       = "spent"
	NoticeNotKiosk    = "not-kiosk" // the code is for telephones or paper, not for a tablet at the desk
	NoticeNotFound    = "not-found"
	NoticeNoEntry     = "no-entry" // not-found for officers, who have no code to type
	NoticeMethod      = "method"
	NoticeBadRequest  = "bad-request"
	NoticeTooLarge    = "too-large"
	NoticeForbidden   = "forbidden"
	NoticeTooMany     = "too-many"    // When: how long to wait, in words ("30 giây")
	NoticeUnavailable = "unavailable" // store away or overload
	NoticeInternal    = "internal"    // ID: the request id that is also in the log
)

var noticeKinds = []string{
	NoticeUnknownCode, NoticeClosed, NoticeNotYetOpen, NoticeSpent, NoticeNotKiosk, NoticeNotFound, NoticeNoEntry, NoticeMethod, NoticeBadRequest,
	NoticeTooLarge, NoticeForbidden, NoticeTooMany, NoticeUnavailable, NoticeInternal,
}

// Notice is a calm page that says what is the matter and what to do now, page "notice".
type Notice struct {
	Base
	Kind  string // one of the Notice constants; the words follow from it
	When  string // formatted date or duration, where the kind has one; may be empty
	Links []Link // ways on besides those that the kind offers by itself
	ID    string // what to quote when asking for help; may be empty
}

// AsksCode says whether the page offers to type a code (again).
func (n Notice) AsksCode() bool { return n.Kind == NoticeUnknownCode || n.Kind == NoticeNotFound }

// Home is the page "/", page "home".
type Home struct {
	Base
	Code string // what was typed, to show again when the code is not known; usually empty
}

// Privacy is the page "/quyen-rieng-tu", page "privacy".
type Privacy struct {
	Base
	Contact string // whom to ask about personal data: an address or telephone number; may be empty
	Kept    []Fact // how long what is kept of each kind of feedback; empty: nothing is said
}

// Verdicts of a ResultRow.
const (
	VerdictMet      = "met"
	VerdictNotMet   = "not_met"
	VerdictUnproven = "unproven"
	VerdictTooFew   = "too_few"
	VerdictNone     = "" // nothing answered
)

// ResultRow is one area of the published results.
type ResultRow struct {
	Name      string
	Responses int

	// The pooled rate, its interval and the target as percentages; Low and High only place the band.
	Rate, Low, High, Target float64
	// The same for reading, formatted by Percent: "88,42 %". RateText is empty when nothing was answered.
	RateText, LowText, HighText, TargetText string

	Verdict string // one of the Verdict constants
	Needed  int    // responses still needed to settle an unproven or too_few verdict; 0: not known
	Met     bool   // the plain official reading: unrounded rate >= target

	OverallText    string // rate of the single overall rating, formatted; empty when there is none
	OverallVerdict string // its own verdict; shown when it differs from Verdict
}

// Share is one channel of the mix.
type Share struct {
	Name      string // in the page's language
	Responses int
	Text      string // formatted share, "62,10 %"
}

// Results is the page "/ket-qua", page "results".
type Results struct {
	Base
	PeriodText  string // "6 tháng đầu năm 2026", "Tháng 10/2026"
	AsOf        string // formatted moment of counting
	Provisional bool   // nothing is published yet; this is the last whole month

	Total         int    // responses
	VerifiedText  string // share answered through one-time codes, formatted; may be empty
	ResponseText  string // responses as a share of the dossiers returned, formatted; empty when not known
	CompleteText  string // share of responses that answered at least half of the criteria; may be empty
	Areas         []ResultRow
	Mix           []Share
	Method        string // name and version: "tỷ lệ gộp, bản 1"
	SealDate      string // formatted day of the last published seal; may be empty
	SealRoot      string // its hash, may be shortened; may be empty
	StatisticsURL string // the same figures as JSON; may be empty
	CSVURL        string // as a file; may be empty
	JSONURL       string // as a file; may be empty

	Hidden    int           // areas left out because too few people answered
	Edition   string        // number and day of publication; empty: nothing is published yet
	Note      string        // of the office, to readers; may be empty
	Reason    string        // of a correction; may be empty
	Corrected Link          // the edition that corrects this one; may be empty
	Editions  []EditionLink // all that are published, the newest first
}

// EditionLink is a published edition in the list of all.
type EditionLink struct {
	URL, Name, Period string
	Corrects          string // that it corrects another one; may be empty
	Current           bool   // the one that is shown
}

// FieldID gives the form field (and input id) for a field name of the JSON contract: "answers.15" → "q15".
func FieldID(field string) string {
	for _, p := range [...][2]string{{"answers.", "q"}, {"extra.", "x_"}, {"profile.", "p_"}} {
		if rest, ok := strings.CutPrefix(field, p[0]); ok {
			return p[1] + rest
		}
	}
	if field == "answers" {
		return "overall"
	}
	return field
}
