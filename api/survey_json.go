package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// writeJSON answers with v. Text stands as it is, not escaped for HTML.
func writeJSON(c echo.Context, status int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return writeCompressed(c, status, echo.MIMEApplicationJSON, b.Bytes())
}

type idName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type idText struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type surveyView struct {
	Code          string            `json:"code"`
	Kind          survey.Kind       `json:"kind"`
	Area          *string           `json:"area"`
	Areas         []idName          `json:"areas,omitempty"`
	Procedure     *string           `json:"procedure"`
	Desk          *string           `json:"desk"`
	Unit          *string           `json:"unit"`
	Questionnaire questionnaireView `json:"questionnaire"`
}

type questionnaireView struct {
	ID      string         `json:"id"`
	Version int            `json:"version"`
	Factors []factorView   `json:"factors"`
	Extra   []questionView `json:"extra"`
}

type factorView struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Criteria []criterionView `json:"criteria"`
}

type criterionView struct {
	idText
	NotApplicable *string `json:"notApplicable"` // the words of answer 0; null: not offered
}

type questionView struct {
	idText
	Options []idText `json:"options"`
}

func viewQuestionnaire(q *survey.Questionnaire, lang string) questionnaireView {
	v := questionnaireView{ID: q.ID, Version: q.Version, Factors: []factorView{}, Extra: []questionView{}}
	for _, f := range q.Factors {
		factor := factorView{ID: f.ID, Name: f.Name.In(lang)}
		for _, c := range f.Criteria {
			factor.Criteria = append(factor.Criteria, criterionView{idText{c.ID, c.Text.In(lang)}, orNull(c.NotApplicable.In(lang))})
		}
		v.Factors = append(v.Factors, factor)
	}
	for _, x := range q.Extra {
		question := questionView{idText: idText{x.ID, x.Text.In(lang)}}
		for _, o := range x.Options {
			question.Options = append(question.Options, idText{o.ID, o.Text.In(lang)})
		}
		v.Extra = append(v.Extra, question)
	}
	return v
}

// surveyJSON is what a program has to know to ask the survey itself.
func (s *Server) surveyJSON(c echo.Context) error {
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if err != nil {
		return err
	}
	lang, l := language(c), form.Link
	v := surveyView{
		Code: l.Code, Kind: l.Kind, Area: orNull(l.Area), Procedure: orNull(l.Procedure), Desk: orNull(l.Desk),
		Unit: orNull(l.Unit), Questionnaire: viewQuestionnaire(form.Questionnaire, lang),
	}
	for _, a := range form.Areas {
		v.Areas = append(v.Areas, idName{a.ID, a.Name.In(lang)})
	}
	return writeJSON(c, http.StatusOK, v)
}

// respond takes in answers from programs.
func (s *Server) respond(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	request, err := readAnswersJSON(body, &bad)
	if err != nil {
		return err
	}
	if request.AnsweredOn != "" {
		if _, err := s.officer(c, paperRoles...); err != nil {
			return err
		}
	}
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if err != nil && !errors.Is(err, survey.ErrUsed) { // the same answer may come again
		return err
	}
	if form.Link.Kind == survey.KindPaper && request.AnsweredOn == "" {
		if err := s.noteTypist(c); err != nil {
			return err
		}
	}
	receipt, err := s.save(c, form, request, bad)
	if errors.Is(err, survey.ErrKeyReused) {
		return s.writeProblem(c, http.StatusConflict, survey.ErrKeyReused, survey.NewKey(s.Now()))
	}
	if err != nil {
		return err
	}
	return writeReceipt(c, receipt)
}

// writeReceipt answers 201 for what was stored now, 200 for what had been. It is
// written byte by byte: an id is of letters that JSON takes as they are, and
// this is the answer that is given most.
func writeReceipt(c echo.Context, r survey.Receipt) error {
	status := http.StatusCreated
	if r.Repeated {
		status = http.StatusOK
	}
	b := make([]byte, 0, 160)
	b = append(b, `{"id":"`...)
	b = append(b, r.ID...)
	b = append(b, `","receivedAt":"`...)
	b = r.ReceivedAt.In(catalogue.Zone).AppendFormat(b, momentForm)
	b = append(b, `","verified":`...)
	b = strconv.AppendBool(b, r.Verified)
	b = append(b, "}\n"...)
	return writeWhole(c, status, echo.MIMEApplicationJSON, b)
}
