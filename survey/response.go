package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// ShapeVersion numbers the stored shape of a response. Sealed responses are
// never rewritten, so a change of shape is a new number and an upgrade on read.
const ShapeVersion = 1

// MaxComment is the longest free text, in characters.
const MaxComment = 4000

// Answer is one criterion's rating, 1 to 5, or 0 for "not applicable".
type Answer struct {
	Criterion string
	Rating    int
}

// Choice is the option chosen for one of the counter questions.
type Choice struct{ Question, Option string }

// Profile is what a respondent says of themselves; every part is optional.
type Profile struct {
	Sex        string `bson:"sex,omitempty"`
	Age        string `bson:"age,omitempty"`
	Education  string `bson:"education,omitempty"`
	Occupation string `bson:"occupation,omitempty"`
	Residence  string `bson:"residence,omitempty"`
}

// Get returns the part with the given id ("sex", "age", ...).
func (p *Profile) Get(id string) string {
	if at := p.at(id); at != nil {
		return *at
	}
	return ""
}

// Set sets the part with the given id; an unknown id is passed over.
func (p *Profile) Set(id, value string) {
	if at := p.at(id); at != nil {
		*at = value
	}
}

func (p *Profile) at(id string) *string {
	switch id {
	case "sex":
		return &p.Sex
	case "age":
		return &p.Age
	case "education":
		return &p.Education
	case "occupation":
		return &p.Occupation
	case "residence":
		return &p.Residence
	}
	return nil
}

// Response (phiếu trả lời) is one citizen's answers as they are kept. It is
// append-only: nothing in it changes once it is stored. It holds no name,
// phone, address or device.
type Response struct {
	ID                   string         `bson:"-"`     // the page's key
	Shape                int            `bson:"shape"` // ShapeVersion when stored
	Digest               string         `bson:"digest"`
	Link                 string         `bson:"link"`
	Questionnaire        string         `bson:"questionnaire"`
	QuestionnaireVersion int            `bson:"questionnaireVersion"`
	Area                 string         `bson:"area"`
	Procedure            string         `bson:"procedure"`
	Desk                 string         `bson:"desk"` // where it was received
	Unit                 string         `bson:"unit"` // who resolved it
	Channel              Channel        `bson:"channel"`
	Verified             bool           `bson:"verified"` // through a one-time code
	Stage                string         `bson:"stage"`    // receipt, supplement, refusal, result; "": not known
	Outcome              string         `bson:"outcome"`
	Late                 string         `bson:"late"` // "yes", "no"; "": not known
	AnsweredOn           catalogue.Date `bson:"answeredOn"`
	ReceivedAt           time.Time      `bson:"receivedAt"` // set by the committer, one reading a batch
	Overall              int            `bson:"overall"`    // 0: not given
	Answers              []Answer       `bson:"-"`          // in the questionnaire's order
	Extra                []Choice       `bson:"-"`
	Profile              Profile        `bson:"profile"`
	Lang                 string         `bson:"lang"`
	Comment              string         `bson:"comment"` // commitment to the text, "": none
	Flags                []string       `bson:"flags"`   // set at intake, see trust.go
}

// Submission is what a sender says, before anything is checked. Numbers that
// were not sent are absent from the maps.
type Submission struct {
	Key           string
	Questionnaire string // Ref of the version that the page showed; "": the one in force
	Overall       int    // 0: not given
	Answers       map[string]int
	Extra         map[string]string
	Profile       map[string]string
	Comment       string
	Lang          string
	StartedAt     time.Time
	Area          string
	Procedure     string
	AnsweredOn    string // only from staff, for paper
	Typed         bool   // by an officer, from a paper form; never the sender's word
}

// Form is a link that can be answered now, with the questionnaire behind it.
type Form struct {
	Link          Link
	Slip          *Slip // of a one-time code; nil: any other link
	Questionnaire *Questionnaire
	Areas         []catalogue.Area // to choose from, where the link leaves it open
	Edition       int64            // another one whenever anything of the form may have changed
	catalogue     *catalogue.Catalogue
	earlier       func(ref string) *Questionnaire
	preview       bool // of a draft: to be looked at, not answered
}

// paperDays is how long after the date on a paper form it may be typed in.
const paperDays = 30

// Read checks a submission against the form and returns the response that it
// makes, not yet stamped with a time of receipt, and its free text. Every
// field that has to be mended is named in the error. Nothing can be read through
// the form of a preview: ErrNotOpen. Pure.
func (fm *Form) Read(s Submission, now time.Time) (Response, string, error) {
	if fm.preview {
		return Response{}, "", ErrNotOpen
	}
	var f fault.Fields
	q := fm.Questionnaire
	if s.Questionnaire != "" {
		if q = fm.At(s.Questionnaire); q == nil {
			f.Add("questionnaire", "unknown", s.Questionnaire)
			q = fm.Questionnaire
		}
	}
	f.AddKey(s.Key)
	r := Response{
		ID: s.Key, Shape: ShapeVersion, Link: fm.Link.Code,
		Questionnaire: q.ID, QuestionnaireVersion: q.Version,
		Desk: fm.Link.Desk, Channel: fm.Link.Kind.Channel(), Lang: s.Lang,
	}
	fm.readPlace(&f, &r, s, now)
	readRatings(&f, &r, q, s)
	readChoices(&f, &r, q, s)
	r.AnsweredOn = fm.readDate(&f, s, now)
	if fm.Slip != nil {
		r.Link, r.Verified, r.Stage, r.Outcome, r.Late = dossierLink, true, fm.Slip.Stage, fm.Slip.Outcome, fm.Slip.Late
	}
	if r.Lang == "" {
		r.Lang = "vi"
	} else if r.Lang != "vi" && r.Lang != "en" {
		f.Add("lang", "choice", "vi, en")
	}
	comment := text.Clean(s.Comment)
	if n := utf8.RuneCountInString(comment); n > MaxComment {
		f.Add("comment", "too_long", MaxComment, n)
	}
	if err := f.Err(); err != nil {
		return Response{}, "", err
	}
	r.Flags = flagsOf(&r, s, now)
	r.Digest = digest(&r)
	return r, comment, nil
}

// At returns the version with that Ref if answers to it are taken: the one in
// force, or one that ran out so lately that phones and paper forms still hold
// it. Else nil.
func (fm *Form) At(ref string) *Questionnaire {
	if ref == fm.Questionnaire.Ref() {
		return fm.Questionnaire
	}
	return fm.earlier(ref)
}

func (fm *Form) readPlace(f *fault.Fields, r *Response, s Submission, now time.Time) {
	on := catalogue.DateOf(now)
	r.Area, r.Procedure, r.Unit = fm.Link.Area, fm.Link.Procedure, fm.Link.Unit
	if s.Procedure != "" && s.Procedure != r.Procedure {
		p, ok := fm.catalogue.Procedure(s.Procedure, on)
		switch {
		case r.Procedure != "":
			f.Add("procedure", "fixed")
		case !ok:
			f.Add("procedure", "unknown", s.Procedure)
		case r.Area != "" && p.Area != r.Area, s.Area != "" && p.Area != s.Area:
			f.Add("procedure", "other_area", p.Area)
		default:
			r.Procedure, r.Area = p.ID, p.Area
			if r.Unit == "" {
				r.Unit = p.Unit
			}
		}
	}
	if s.Area != "" && s.Area != r.Area {
		if r.Area != "" {
			f.Add("area", "fixed")
		} else if _, ok := fm.catalogue.Area(s.Area, on); !ok {
			f.Add("area", "unknown", s.Area)
		} else {
			r.Area = s.Area
		}
	}
}

func readRatings(f *fault.Fields, r *Response, q *Questionnaire, s Submission) {
	if s.Overall < 0 || s.Overall > 5 {
		f.Add("overall", "range", 1, 5)
	}
	r.Overall = s.Overall
	r.Answers = make([]Answer, 0, len(s.Answers))
	known := 0
	for i := range q.Factors {
		for j := range q.Factors[i].Criteria {
			c := &q.Factors[i].Criteria[j]
			v, given := s.Answers[c.ID]
			if given {
				known++
			}
			switch {
			case !given:
			case v == 0 && c.NotApplicable.VI == "", v < 0, v > 5:
				f.Add("answers."+c.ID, "range", 1, 5)
			default:
				r.Answers = append(r.Answers, Answer{c.ID, v})
			}
		}
	}
	if known != len(s.Answers) {
		for _, id := range sortedKeys(s.Answers) {
			if q.Criterion(id) == nil {
				f.Add("answers."+id, "unknown_criterion", id)
			}
		}
	}
	if s.Overall == 0 && len(s.Answers) == 0 {
		f.Add("overall", "nothing")
	}
}

func readChoices(f *fault.Fields, r *Response, q *Questionnaire, s Submission) {
	known := 0
	for _, question := range q.Extra {
		option, given := s.Extra[question.ID]
		if given {
			known++
		}
		if option == "" {
			continue
		}
		if !question.Has(option) {
			f.Add("extra."+question.ID, "choice", question.OptionIDs())
			continue
		}
		r.Extra = append(r.Extra, Choice{question.ID, option})
	}
	if known != len(s.Extra) {
		for _, id := range sortedKeys(s.Extra) {
			if !slices.ContainsFunc(q.Extra, func(x Question) bool { return x.ID == id }) {
				f.Add("extra."+id, "unknown_question", id)
			}
		}
	}
	known = 0
	for _, question := range ProfileQuestions {
		option, given := s.Profile[question.ID]
		if given {
			known++
		}
		switch {
		case option == "":
		case !question.Has(option):
			f.Add("profile."+question.ID, "choice", question.OptionIDs())
		default:
			r.Profile.Set(question.ID, option)
		}
	}
	if known != len(s.Profile) {
		for _, id := range sortedKeys(s.Profile) {
			if r.Profile.at(id) == nil {
				f.Add("profile."+id, "unknown_question", id)
			}
		}
	}
}

// readDate returns the day that the answers belong to: for paper the date on
// the form, else the day of receipt, which only the committer knows ("").
func (fm *Form) readDate(f *fault.Fields, s Submission, now time.Time) catalogue.Date {
	if s.AnsweredOn == "" {
		return ""
	}
	on, err := catalogue.ParseDate(s.AnsweredOn)
	today := catalogue.DateOf(now)
	switch {
	case fm.Link.Kind != KindPaper:
		f.Add("answeredOn", "only_paper")
	case err != nil:
		f.Add("answeredOn", "date")
	case on > today:
		f.Add("answeredOn", "future")
	case on < today.AddDays(-paperDays):
		f.Add("answeredOn", "too_old", paperDays)
	}
	return on
}

// digest tells the same answers sent again from a key used for others. The
// free text is left out (its commitment is compared instead), so that nothing
// derived from it without salt stays behind when it has to be erased; so is
// all that the server adds.
func digest(r *Response) string {
	b := make([]byte, 0, 512)
	put := func(parts ...string) {
		for _, p := range parts { // lengths, so that no two lists look alike
			b = strconv.AppendInt(b, int64(len(p)), 10)
			b = append(b, ':')
			b = append(b, p...)
		}
	}
	number := func(n int) { b = append(strconv.AppendInt(b, int64(n), 10), ';') }
	put("v1", r.ID, r.Link, r.Questionnaire, r.Area, r.Procedure, string(r.AnsweredOn), r.Lang)
	number(r.QuestionnaireVersion)
	number(r.Overall)
	number(len(r.Answers))
	for _, a := range r.Answers {
		put(a.Criterion)
		number(a.Rating)
	}
	number(len(r.Extra))
	for _, c := range r.Extra {
		put(c.Question, c.Option)
	}
	put(r.Profile.Sex, r.Profile.Age, r.Profile.Education, r.Profile.Occupation, r.Profile.Residence)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
