package api

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/improve"
	"sipas/web"
)

func validTaskID(id string) bool { return len(id) == len(improve.NewID()) && catalogue.IsSlug(id) }

func staleTask(err error) bool { return errors.Is(err, improve.ErrStale) }

// changeTask stores what do makes of the task, if it has the version that the form
// showed. Whether it has comes first: what has to be mended would be mended in a
// form that shows another version.
func (s *Server) changeTask(c echo.Context, x *improve.Task, form url.Values, do func() (action string, next *improve.Task, err error)) error {
	if form.Get("version") != strconv.FormatInt(x.Version(), 10) {
		return improve.ErrStale
	}
	action, next, err := do()
	if err != nil {
		return err
	}
	return s.audited(c, action, "task/"+x.ID, []string{"unit=" + next.Unit}, func() error {
		return s.improve.Put(c.Request().Context(), next)
	})
}

func (s *Server) proofForm(c echo.Context, x *improve.Task) web.Form {
	t := s.words(c)
	return web.Form{
		ID: "proof", Action: taskPath(x) + "/minh-chung", Heading: t("improve.prove"), Lead: t("improve.prove.lead"), Submit: t("improve.prove.save"),
		Hidden: []web.Choice{{Value: "id", Text: improve.NewID()}},
		Inputs: []web.Input{
			{Name: "text", Label: t("improve.evidence.text"), Hint: t("improve.evidence.hint", improve.MaxEvidence), Type: web.InputArea, Required: true, Wide: true},
			{Name: "link", Label: t("improve.evidence.link"), Hint: t("improve.evidence.link.hint"), Wide: true},
		},
	}
}

// tries is how often evidence is added anew because somebody else changed the
// task meanwhile.
const tries = 10

// proveTask adds evidence to whatever the task has become meanwhile.
func (s *Server) proveTask(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readTask(c)
	if err != nil {
		return err
	}
	e := improve.Evidence{ID: form.Get("id"), By: officerOf(c).Account, Text: form.Get("text"), Link: form.Get("link")}
	if !validTaskID(e.ID) {
		e.ID = improve.NewID()
	}
	if _, err = x.Prove(e, s.Now()); err == nil {
		err = s.audited(c, "improve.evidence", "task/"+x.ID, nil, func() error { return s.addProof(c, e) })
	}
	if err == nil {
		return done(c, taskPath(x), "evidence")
	}
	f := s.proofForm(c, x)
	f.Hidden[0].Text = e.ID
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.showTask(c, status, x, taskForms{proof: &f})
}

func (s *Server) addProof(c echo.Context, e improve.Evidence) error {
	ctx := context.WithoutCancel(c.Request().Context())
	for range tries {
		x, err := s.readTask(c)
		if err != nil {
			return err
		}
		next, err := x.Prove(e, s.Now())
		if err != nil || next == x {
			return err
		}
		if err := s.improve.Put(ctx, next); !staleTask(err) {
			return err
		}
	}
	return improve.ErrStale
}

func (s *Server) endTaskForm(c echo.Context, x *improve.Task) web.Form {
	t := s.words(c)
	return web.Form{
		ID: "end", Action: taskPath(x) + "/ket-thuc", Heading: t("improve.end"), Submit: t("improve.end.save"), Quiet: true,
		Hidden: []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}},
		Inputs: []web.Input{
			{Name: "act", Label: t("improve.end.how"), Type: web.InputRadio, Value: string(improve.ActDone), Options: []web.Choice{
				{Value: string(improve.ActDone), Text: t("improve.end.done")}, {Value: string(improve.ActDrop), Text: t("improve.end.drop")},
			}, Wide: true},
			{Name: "reason", Label: t("improve.reason"), Hint: t("improve.reason.hint"), Type: web.InputArea, Wide: true},
		},
	}
}

// endTask says that a task is done or dropped.
func (s *Server) endTask(c echo.Context) error {
	return s.stepTask(c, s.endTaskForm, func(f *web.Form) taskForms { return taskForms{end: f} },
		func(x *improve.Task, form url.Values) (string, *improve.Task, error) {
			act := improve.Act(form.Get("act"))
			if act != improve.ActDone && act != improve.ActDrop {
				var bad fault.Fields
				bad.Add("act", catalogue.CodeRequired)
				return "", nil, bad.Err()
			}
			next, err := x.End(act, form.Get("reason"), officerOf(c).Account, s.Now())
			return "improve." + string(act), next, err
		})
}

func (s *Server) reopenForm(c echo.Context, x *improve.Task) web.Form {
	t := s.words(c)
	return web.Form{
		ID: "reopen", Action: taskPath(x) + "/mo-lai", Heading: t("improve.reopen"), Submit: t("improve.reopen"), Quiet: true,
		Hidden: []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}},
		Inputs: []web.Input{{Name: "reason", Label: t("improve.reason"), Type: web.InputArea, Required: true, Wide: true}},
	}
}

// reopenTask takes back that a task was ended.
func (s *Server) reopenTask(c echo.Context) error {
	return s.stepTask(c, s.reopenForm, func(f *web.Form) taskForms { return taskForms{reopen: f} },
		func(x *improve.Task, form url.Values) (string, *improve.Task, error) {
			next, err := x.Reopen(form.Get("reason"), officerOf(c).Account, s.Now())
			return "improve.reopen", next, err
		})
}

// stepTask takes a step on the version that the form showed. What was typed comes
// back with the task as it is now.
func (s *Server) stepTask(c echo.Context, fresh func(echo.Context, *improve.Task) web.Form, place func(*web.Form) taskForms,
	step func(*improve.Task, url.Values) (action string, next *improve.Task, err error),
) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readTask(c)
	if err != nil {
		return err
	}
	err = s.changeTask(c, x, form, func() (string, *improve.Task, error) { return step(x, form) })
	if err == nil {
		return done(c, taskPath(x), "saved")
	}
	if staleTask(err) {
		if x, err = s.readTask(c); err != nil {
			return err
		}
		err = improve.ErrStale
	}
	f := fresh(c, x)
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.showTask(c, status, x, place(&f))
}
