package api

import (
	"io"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/document"
	"sipas/survey"
)

// paperPDF is a blank form to be printed and handed out, in the language asked.
func (s *Server) paperPDF(c echo.Context) error {
	form, err := s.openPaper(c)
	if form != nil && err != nil {
		return s.paperShut(c, form)
	}
	if err != nil {
		return err
	}
	f, err := s.blankPaper(c, form)
	if err != nil {
		return err
	}
	return s.writePDF(c, s.words(c)("print.form"), "phieu-"+form.Link.Code, func(w io.Writer, about document.About) error {
		return document.WritePaperForm(w, about, f)
	})
}

// blankPaper is the questionnaire in force as it is printed. It asks in the same
// order as paperView, which numbers the questions as they come out here.
func (s *Server) blankPaper(c echo.Context, form *survey.Form) (document.PaperForm, error) {
	t, lang := s.words(c), language(c)
	l, q := &form.Link, form.Questionnaire
	code, err := s.linkCode(l)
	if err != nil {
		return document.PaperForm{}, err
	}
	p := document.PaperForm{
		Mark: s.markOf(c, l), Intro: t("print.form.intro"), Page: t("print.form.page"), QR: code.Bitmap(),
		Date: t("print.form.date"), Last: t("print.form.last"),
		Overall: t("survey.heading"),
		Extra:   document.Group{Name: t("survey.extra"), Questions: printed(q.Extra, lang)},
		Comment: document.Comment{Text: t("survey.comment"), Hint: t("print.form.comment")},
		Profile: document.Group{Name: t("survey.profile"), Hint: t("print.form.profile"), Questions: printed(survey.ProfileQuestions, lang)},
	}
	where := []string{t("print.form.reference", l.Code, t("paper.version", q.Version)), s.placeOf(c, l)}
	if l.Area == "" {
		x := document.Choice{Text: t("survey.whicharea")}
		for _, a := range form.Areas {
			x.Options = append(x.Options, a.Name.In(lang))
		}
		p.First = []document.Choice{x}
	} else {
		p.Place = t("print.area", s.subjectOf(c, l))
	}
	// The desk stands in the line at the head, where it takes no room: with the
	// areas to choose from, the form has just enough for two sides.
	p.Reference = strings.Join(slices.DeleteFunc(where, isEmpty), " · ")
	for i, level := range []string{"1", "2", "3", "4", "5"} {
		p.Scale[i] = t("level." + level)
	}
	for _, f := range q.Factors {
		x := document.Factor{Name: f.Name.In(lang)}
		for _, criterion := range f.Criteria {
			x.Criteria = append(x.Criteria, document.Criterion{Text: criterion.Text.In(lang), NotApplicable: criterion.NotApplicable.In(lang)})
		}
		p.Factors = append(p.Factors, x)
	}
	return p, nil
}

func printed(list []survey.Question, lang string) (out []document.Choice) {
	for _, q := range list {
		x := document.Choice{Text: q.Text.In(lang)}
		for _, o := range q.Options {
			x.Options = append(x.Options, o.Text.In(lang))
		}
		out = append(out, x)
	}
	return out
}
