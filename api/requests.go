package api

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/survey"
)

// Largest requests. A questionnaire of sixty criteria in two languages is some
// 100 KB as a form; and one that waits in the sign-in page comes encoded twice.
const (
	maxBody       = 64 << 10 // of routes that name no other
	maxDraftBody  = 256 << 10
	maxSignInBody = 2 * maxDraftBody
)

// allowBody lets a route take requests larger than maxBody. It stands before
// signedIn, which reads what was sent when the session has ended.
func allowBody(most int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(keyBodyLimit, most)
			return next(c)
		}
	}
}

var (
	errTooLarge = fault.New(fault.TooLarge, "too_large")
	errBadJSON  = fault.New(fault.Malformed, "json")
	errBadForm  = fault.New(fault.Malformed, "form")
	errBadUTF8  = fault.New(fault.Malformed, "utf8")
)

// readBody returns the whole body, which has to be UTF-8.
func readBody(c echo.Context) ([]byte, error) {
	var b bytes.Buffer
	most, other := c.Get(keyBodyLimit).(int64)
	if !other {
		most = maxBody
	}
	if n := c.Request().ContentLength; n > 0 && n <= most {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(http.MaxBytesReader(c.Response(), c.Request().Body, most))
	body := b.Bytes()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, errBadForm.Because(err)
	case !utf8.Valid(body):
		return nil, errBadUTF8
	}
	return body, nil
}

// answerRequest is what a sender of answers may say, whichever way it came.
type answerRequest struct {
	Key           string `json:"key" validate:"required,min=8,max=64,keychars"`
	Overall       int
	Answers       map[string]int
	Extra         map[string]string
	Profile       map[string]string
	Comment       string
	Lang          string `json:"lang" validate:"omitempty,oneof=vi en"`
	StartedAt     time.Time
	Area          string
	Procedure     string
	AnsweredOn    string
	Questionnaire string
}

func (r answerRequest) submission() survey.Submission {
	return survey.Submission{
		Key: r.Key, Questionnaire: r.Questionnaire, Overall: r.Overall, Answers: r.Answers, Extra: r.Extra,
		Profile: r.Profile, Comment: r.Comment, Lang: r.Lang, StartedAt: r.StartedAt,
		Area: r.Area, Procedure: r.Procedure, AnsweredOn: r.AnsweredOn,
	}
}

// answerMembers are the members of an answer. The last line is what a response
// has and a sender does not decide: it is passed over, whatever it says.
var answerMembers = []string{
	"key", "overall", "answers", "extra", "profile", "comment", "lang", "startedAt", "area", "procedure", "answeredOn", "questionnaire",
	"channel", "verified", "stage", "outcome", "late",
}

// linkMembers are the members of a link; the last line is what a link answers
// and its sender does not decide.
var linkMembers = []string{
	"kind", "area", "procedure", "desk", "unit", "questionnaire", "title", "opensAt", "closesAt", "version",
	"code", "url", "createdAt",
}

// readAnswersJSON reads the body of POST …/responses.
func readAnswersJSON(body []byte, bad *fault.Fields) (answerRequest, error) {
	o, err := readObject(body, bad)
	if err != nil {
		return answerRequest{}, err
	}
	o.only(answerMembers...)
	r := answerRequest{
		Key: o.text("key"), Overall: o.number("overall"), Comment: o.text("comment"), Lang: o.text("lang"),
		StartedAt: o.moment("startedAt"), Area: o.text("area"), Procedure: o.text("procedure"),
		AnsweredOn: o.text("answeredOn"), Questionnaire: o.text("questionnaire"),
		Extra: map[string]string{}, Profile: map[string]string{},
	}
	if o.raw("overall") == "0" {
		bad.Add("overall", "range", 1, 5)
	}
	answers := o.inner("answers")
	r.Answers = make(map[string]int, len(answers.members))
	for _, m := range answers.members {
		before := len(*bad)
		if v := answers.number(m.name); len(*bad) == before && !m.isNull() {
			r.Answers[m.name] = v
		}
	}
	o.texts("extra", r.Extra)
	o.texts("profile", r.Profile)
	return r, nil
}

// readAnswersForm reads the fields of the survey page.
func readAnswersForm(body []byte, bad *fault.Fields) (answerRequest, url.Values, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return answerRequest{}, nil, errBadForm.Because(err)
	}
	r := answerRequest{Answers: map[string]int{}, Extra: map[string]string{}, Profile: map[string]string{}}
	for name, list := range values {
		v := list[0]
		if !utf8.ValidString(name) || !utf8.ValidString(v) {
			return answerRequest{}, nil, errBadUTF8
		}
		if len(list) > 1 {
			bad.Add(contractName(name), "twice")
		}
		if strings.TrimSpace(v) == "" {
			continue
		}
		switch {
		case name == "overall":
			r.Overall = formNumber(v, "overall", bad)
		case isCriterionField(name):
			id := name[1:]
			r.Answers[id] = formNumber(v, "answers."+id, bad)
		case strings.HasPrefix(name, "x_"):
			r.Extra[name[2:]] = v
		case strings.HasPrefix(name, "p_"):
			r.Profile[name[2:]] = v
		case name == "startedAt":
			r.StartedAt, _ = time.Parse(time.RFC3339, v) // only a hint; not the citizen's to mend
		case name == "comment":
			r.Comment = v
		case name == "key":
			r.Key = v
		case name == "lang":
			r.Lang = v
		case name == "area":
			r.Area = v
		case name == "questionnaire":
			r.Questionnaire = v
		}
	}
	return r, values, nil
}

// contractName turns a form field into the name that the interface uses.
func contractName(field string) string {
	switch {
	case strings.HasPrefix(field, "x_"):
		return "extra." + field[2:]
	case strings.HasPrefix(field, "p_"):
		return "profile." + field[2:]
	case isCriterionField(field):
		return "answers." + field[1:]
	}
	return field
}

// isCriterionField tells "q15" from other fields that begin with a q.
func isCriterionField(name string) bool {
	return len(name) > 1 && name[0] == 'q' && name[1] >= '0' && name[1] <= '9'
}

func formNumber(v, name string, bad *fault.Fields) int {
	n, err := strconv.Atoi(v)
	if err != nil {
		bad.Add(name, "type_number")
	}
	return n
}

// linkRequest is what may be said of a link; a pointer that is nil was not sent.
type linkRequest struct {
	Kind          string `json:"kind" validate:"required,oneof=counter kiosk paper trial"`
	Area          string `json:"area" validate:"max=64"`
	Procedure     string `json:"procedure" validate:"max=64"`
	Desk          string `json:"desk" validate:"max=64"`
	Unit          string `json:"unit" validate:"max=64"`
	Questionnaire string `json:"questionnaire" validate:"max=80"`
	Title         string `json:"title" validate:"max=200"`
	OpensAt       time.Time
	ClosesAt      time.Time
}

// readLink reads the members of body over what is in r: one that is not sent
// stays, null empties.
func readLink(body []byte, r *linkRequest, bad *fault.Fields) error {
	o, err := readObject(body, bad)
	if err != nil {
		return err
	}
	o.only(linkMembers...)
	for name, at := range map[string]*string{
		"kind": &r.Kind, "area": &r.Area, "procedure": &r.Procedure, "desk": &r.Desk,
		"unit": &r.Unit, "questionnaire": &r.Questionnaire, "title": &r.Title,
	} {
		if o.has(name) {
			*at = strings.TrimSpace(o.text(name))
		}
	}
	for name, at := range map[string]*time.Time{"opensAt": &r.OpensAt, "closesAt": &r.ClosesAt} {
		if o.has(name) {
			*at = o.moment(name)
		}
	}
	return nil
}
