package api

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
	"sipas/web"
)

// publishPage shows what publishing a draft changes, and asks for the day.
func (s *Server) publishPage(c echo.Context) error {
	d, err := s.survey.Draft(c.Request().Context(), refOf(c))
	if err != nil {
		return err
	}
	return s.publishView(c, http.StatusOK, &d, nil)
}

// publishView is the page of a draft before it is published. mend puts into the
// form what came of a try.
func (s *Server) publishView(c echo.Context, status int, d *survey.Draft, mend func(*web.Form)) error {
	t, lang, ctx := s.words(c), language(c), c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return err
	}
	var before *survey.Published // the newest version that there is
	for i := range published {
		switch p := &published[i]; {
		case p.Ref() == d.Ref():
			return c.Redirect(http.StatusSeeOther, localPath(c, versionPath(d.Ref())))
		case p.ID == d.ID:
			before = p
		}
	}
	q, here := &d.Questionnaire, draftPath(d.Ref())
	p := s.consolePage(c, "catalogue", t("asked.publish.heading", cmp.Or(q.Name.In(lang), q.Name.VI, q.ID), strconv.Itoa(q.Version)))
	p.Up = web.Link{URL: here, Text: t("asked.back.draft")}
	p.Lead = t("asked.publish.lead")
	p.Actions = []web.Action{{URL: here + "/xem", Text: t("asked.preview")}}
	if missing := s.askedErrors(c, q, d.Unfinished()); len(missing) > 0 {
		p.Lead = t("asked.publish.unfinished")
		list := web.Table{Heading: t("asked.publish.missing"), Columns: []web.Column{{Text: t("asked.publish.mend")}}}
		for _, m := range missing {
			list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{{Text: m.Message, URL: here + "#" + m.Field}}})
		}
		p.Actions[0].Primary = false
		p.Tables = []web.Table{list}
		return s.page(c, status, web.PageConsole, p)
	}
	if p.Facts, err = s.whatFollows(c, d, before); err != nil {
		return err
	}
	if before != nil {
		p.Tables = s.whatChanges(c, &before.Questionnaire, q)
	}
	f := s.publishForm(c, d, before)
	if mend != nil {
		mend(&f)
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// publishForm asks for the day. Of a draft whose publishing was cut off it is
// settled: the same day again finishes it.
func (s *Server) publishForm(c echo.Context, d *survey.Draft, before *survey.Published) web.Form {
	t := s.words(c)
	day, seen := max(s.today().AddDays(1), d.From), d.Seen
	if before != nil {
		day = max(day, before.From.AddDays(1))
	}
	f := web.Form{Action: draftPath(d.Ref()) + "/cong-bo", Heading: t("asked.publish.day"), Submit: t("asked.publish.go"), Cancel: web.Link{URL: draftPath(d.Ref()), Text: t("console.cancel")}}
	if d.Publishing != "" {
		day, seen = d.Publishing, d.Seen-1
		f.Notice = t("asked.publish.halfway", dayText(language(c), d.Publishing))
		f.Hidden = append(f.Hidden, web.Choice{Value: "from", Text: string(day)})
		f.Cancel = web.Link{URL: questionnairesPath, Text: t("console.cancel")}
	} else {
		f.Inputs = []web.Input{{Name: "from", Label: t("asked.publish.from"), Type: web.InputDate, Value: string(day), Required: true, Hint: t("asked.publish.from.hint")}}
	}
	f.Hidden = append(f.Hidden, web.Choice{Value: "version", Text: strconv.FormatInt(seen, 10)})
	return f
}

// whatFollows says which version ends, which links follow and which close.
func (s *Server) whatFollows(c echo.Context, d *survey.Draft, before *survey.Published) ([]web.Fact, error) {
	t, lang, ctx := s.words(c), language(c), c.Request().Context()
	asking, err := s.linksAsking(ctx)
	if err != nil {
		return nil, err
	}
	facts := []web.Fact{
		{Name: t("asked.publish.ends"), Text: t("asked.publish.first")},
		{Name: t("asked.publish.follow"), Text: t("asked.publish.links", following(d.ID, asking))},
	}
	if before == nil {
		return facts, nil
	}
	state, _ := s.versionState(c, &before.Questionnaire)
	facts[0].Text = t("asked.publish.before", strconv.Itoa(before.Version), state)
	if before.To != "" && before.To < s.today() {
		facts[0].Text = t("asked.publish.over", strconv.Itoa(before.Version), dayText(lang, before.To))
	}
	links, err := s.survey.LinksTo(ctx, before.Ref())
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		if !errors.Is(l.Open(s.Now()), survey.ErrClosed) {
			facts = append(facts, web.Fact{Name: t("asked.publish.close"), Text: s.linkName(c, l) + " (" + l.Code + ")", URL: linksPath + "/" + l.Code})
		}
	}
	return facts, nil
}

// whatChanges are the tables of what makes figures hard to compare, and of every
// text that is another one.
func (s *Server) whatChanges(c echo.Context, before, q *survey.Questionnaire) []web.Table {
	t := s.words(c)
	warnings := web.Table{
		Heading: t("asked.publish.warnings"), Empty: t("asked.publish.comparable", strconv.Itoa(before.Version)),
		Columns: []web.Column{{Text: t("asked.publish.warning")}},
	}
	for _, w := range survey.Warnings(before, q) {
		warnings.Rows = append(warnings.Rows, web.Row{Cells: []web.Cell{{Text: t("warning."+w.Code, w.Args...)}}})
	}
	changes := web.Table{
		Heading: t("asked.publish.changes"), Empty: t("asked.publish.same", strconv.Itoa(before.Version)),
		Columns: []web.Column{{Text: t("console.conflict.field")}, {Text: t("asked.version.called", strconv.Itoa(before.Version))}, {Text: t("asked.version.called", strconv.Itoa(q.Version))}},
	}
	for _, x := range s.changesBetween(c, before, q, "from", "source", "confirmed") {
		changes.Rows = append(changes.Rows, web.Row{Cells: []web.Cell{{Text: x.Label}, {Text: cmp.Or(x.Stored, "–")}, {Text: cmp.Or(x.Typed, "–")}}})
	}
	return []web.Table{warnings, changes}
}

// publish makes the draft the version that is asked from a day on.
func (s *Server) publish(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, ref, from := c.Request().Context(), refOf(c), catalogue.Date(form.Get("from"))
	d, err := s.survey.Draft(ctx, ref)
	if err != nil {
		return err
	}
	var detail []string
	if from.Valid() {
		detail = []string{"from=" + string(from)}
	}
	err = s.audited(c, "questionnaire.publish", "questionnaire/"+ref, detail, func() (err error) {
		d, err = s.survey.Publish(ctx, ref, seenIn(form), from, s.today())
		return err
	})
	if err == nil {
		return done(c, versionPath(ref), "published")
	}
	t := s.words(c)
	e, status := classify(err)
	switch {
	case errors.Is(err, survey.ErrNoDraft):
		return err
	case errors.Is(err, survey.ErrVersionTaken):
		return s.versionTaken(c, &d)
	case errors.Is(err, store.ErrStale) && d.Publishing != "":
		if v, _, lost := s.version(c); lost == nil {
			return s.versionPage(c, status, &v, s.termsForm(c, &v), t("asked.publish.other", dayText(language(c), d.Publishing)))
		}
	case errors.Is(err, store.ErrStale):
		return s.publishView(c, status, &d, func(f *web.Form) {
			f.Notice = t("asked.publish.changed", d.ChangedBy)
			keep(f, "from", string(from))
		})
	case e.Kind == fault.Internal:
		return err
	}
	var lost error
	render := s.publishView(c, status, &d, func(f *web.Form) { _, lost = s.refill(c, f, form, err) })
	return errors.Join(render, lost)
}

// keep leaves what was typed in a field.
func keep(f *web.Form, name, typed string) {
	for i := range f.Inputs {
		if f.Inputs[i].Name == name {
			f.Inputs[i].Value = typed
		}
	}
}

// versionTaken tells that another text has the number, and offers the next one.
func (s *Server) versionTaken(c echo.Context, d *survey.Draft) error {
	t := s.words(c)
	p := s.consolePage(c, "catalogue", t("problem.version_taken"))
	p.Path = draftPath(d.Ref())
	p.Up = web.Link{URL: questionnairesPath, Text: t("asked.title")}
	p.Lead = t("problem.version_taken.detail")
	p.Forms = []web.Form{{Action: draftPath(d.Ref()) + "/ban-moi", Submit: t("asked.renumber"), Cancel: web.Link{URL: draftPath(d.Ref()), Text: t("asked.back.draft")}}}
	return s.page(c, http.StatusConflict, web.PageConsole, p)
}
