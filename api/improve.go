package api

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

const improvePath = "/lam-viec/cai-tien"

// Who sees improvement tasks, the office and leaders everybody's and the others
// their own unit's; who sees what is weak; who opens, changes and ends a task; and
// who adds evidence.
var (
	improveRoles   = []staff.Role{staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader}
	weakRoles      = []staff.Role{staff.Office, staff.Leader}
	improveEditors = []staff.Role{staff.Office}
	proverRoles    = []staff.Role{staff.Desk, staff.Unit, staff.Inspection, staff.Office}
)

// taskReader is who asks, as tasks know them. A desk's clerk without a unit has
// the desk's.
func (s *Server) taskReader(c echo.Context) improve.Reader {
	o := officerOf(c)
	r := improve.Reader{All: slices.Contains(weakRoles, o.Role), Unit: o.Unit}
	if d, ok := s.survey.Catalogue().Desk(o.Desk, s.today()); ok && r.Unit == "" {
		r.Unit = d.Unit
	}
	return r
}

func (s *Server) readTask(c echo.Context) (*improve.Task, error) {
	return s.improve.Task(c.Request().Context(), s.taskReader(c), c.Param("task"))
}

func taskPath(t *improve.Task) string { return improvePath + "/" + t.ID }

// plan returns the duties of today, and since when they are a plan that has ended.
func (s *Server) plan(ctx context.Context) (duties []improve.Duty, ended catalogue.Date, err error) {
	p, err := s.improve.Plan(ctx)
	if err != nil {
		return nil, "", err
	}
	duties, ended = p.On(s.today())
	return duties, ended, nil
}

// subject is what a figure is about: an area, and a factor or criterion; each may
// be left out.
type subject struct{ area, factor, criterion string }

func subjectOf(t *improve.Task) subject { return subject{t.Area, t.Factor, t.Criterion} }

// measure reads the subject's figure over a period.
func (s *Server) measure(x subject, from, to catalogue.Date) (improve.Measure, error) {
	return improve.Read(s.segments, s.survey.Catalogue(), x.area, x.factor, x.criterion, from, to, s.Now())
}

// subjectName says what a task is about: "Đất đai · Công chức".
func (s *Server) subjectName(lang string, x subject) string {
	var names []string
	if x.area != "" {
		names = append(names, s.valueName("area", x.area, lang, s.today()))
	}
	if x.criterion != "" {
		names = append(names, x.criterion+". "+s.valueName("criterion", x.criterion, lang, s.today()))
	} else if x.factor != "" {
		names = append(names, s.valueName("factor", x.factor, lang, s.today()))
	}
	return strings.Join(names, " · ")
}

func spanText(lang string, from, to catalogue.Date) string {
	return dayText(lang, from) + " – " + dayText(lang, to)
}

// dueCell says how long a task has left, in words.
func (s *Server) dueCell(c echo.Context, x *improve.Task) web.Cell {
	t, late, left := s.words(c), x.Late(s.today()), x.Due.Days()-s.today().Days()
	cell := web.Cell{Note: dayText(language(c), x.Due)}
	switch {
	case x.Status == improve.Dropped:
		return web.Cell{Text: cell.Note}
	case x.Status == improve.Done && late == 0:
		cell.Text = t("improve.due.kept")
	case x.Status == improve.Done:
		cell.Text, cell.Mark = t("improve.due.donelate", late), web.MarkDoubt
	case late > 0:
		cell.Text, cell.Mark = t("improve.due.late", late), web.MarkBad
	case left == 0:
		cell.Text = t("improve.due.today")
	default:
		cell.Text = t("improve.due.left", left)
	}
	return cell
}

// rateCell is a figure with its interval.
func rateCell(t func(string, ...any) string, lang string, f survey.Figure) web.Cell {
	if f.Answered == 0 {
		return web.Cell{Text: "–"}
	}
	return web.Cell{
		Text: web.Percent(lang, int(survey.Rounded(f.Satisfied, f.Answered))),
		Note: t("improve.interval", percentText(lang, f.Low), percentText(lang, f.High)),
	}
}

func targetText(lang string, p catalogue.Percent) string {
	if p == 0 {
		return "–"
	}
	return web.Percent(lang, int(p))
}

// standingCell says in words what a figure tells of its target.
func standingCell(t func(string, ...any) string, f survey.Figure) web.Cell {
	standing := improve.StandingOf(f)
	cell := web.Cell{Text: t("improve.standing." + string(standing))}
	switch standing {
	case improve.Weak:
		cell.Mark = web.MarkBad
	case improve.Unproven, improve.TooFew:
		cell.Mark = web.MarkDoubt
	}
	return cell
}

// inVietnamese marks a text that the plan or a citizen wrote in Vietnamese on a
// page in another language.
func inVietnamese(c echo.Context) string {
	if language(c) == "vi" {
		return ""
	}
	return "vi"
}

// improveFacts are how many tasks there are to work on.
func (s *Server) improveFacts(c echo.Context) ([]web.Fact, error) {
	if !hasPart(c, improveRoles) {
		return nil, nil
	}
	tasks, err := s.improve.Tasks(c.Request().Context(), s.taskReader(c))
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	t, lang, open, late := s.words(c), language(c), 0, 0
	for _, x := range tasks {
		if x.Status == improve.Open {
			open++
			late += min(1, x.Late(s.today()))
		}
	}
	return []web.Fact{
		{Name: t("work.improve.open"), Text: web.Number(lang, open), URL: localPath(c, improvePath)},
		{Name: t("work.improve.late"), Text: web.Number(lang, late), URL: localPath(c, improvePath+"?state=late")},
	}, nil
}
