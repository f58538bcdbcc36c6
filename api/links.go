package api

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
)

// linkView is a link as staff see it.
type linkView struct {
	Code          string      `json:"code"`
	URL           string      `json:"url"`
	Kind          survey.Kind `json:"kind"`
	Area          *string     `json:"area"`
	Procedure     *string     `json:"procedure"`
	Desk          *string     `json:"desk"`
	Unit          *string     `json:"unit"`
	Questionnaire *string     `json:"questionnaire"`
	Title         string      `json:"title"`
	OpensAt       *string     `json:"opensAt"`
	ClosesAt      *string     `json:"closesAt"`
	CreatedAt     string      `json:"createdAt"`
	Version       int64       `json:"version"`
}

func (s *Server) viewLink(l *survey.Link) linkView {
	return linkView{
		Code: l.Code, URL: s.publicURL("/k/" + l.Code), Kind: l.Kind, Area: orNull(l.Area), Procedure: orNull(l.Procedure),
		Desk: orNull(l.Desk), Unit: orNull(l.Unit), Questionnaire: orNull(l.Questionnaire), Title: l.Title,
		OpensAt: timeOrNull(l.OpensAt), ClosesAt: timeOrNull(l.ClosesAt), CreatedAt: inZone(l.CreatedAt), Version: l.Version,
	}
}

func requestOf(l *survey.Link) linkRequest {
	return linkRequest{
		Kind: string(l.Kind), Area: l.Area, Procedure: l.Procedure, Desk: l.Desk, Unit: l.Unit,
		Questionnaire: l.Questionnaire, Title: l.Title, OpensAt: l.OpensAt, ClosesAt: l.ClosesAt,
	}
}

// apply puts a checked request into the link.
func (s *Server) apply(r linkRequest, l *survey.Link, bad fault.Fields) error {
	checkShape(r, &bad)
	l.Kind, l.Area, l.Procedure, l.Desk, l.Unit = survey.Kind(r.Kind), r.Area, r.Procedure, r.Desk, r.Unit
	l.Questionnaire, l.Title, l.OpensAt, l.ClosesAt = r.Questionnaire, r.Title, r.OpensAt.UTC(), r.ClosesAt.UTC()
	if r.OpensAt.IsZero() {
		l.OpensAt = r.OpensAt
	}
	if r.ClosesAt.IsZero() {
		l.ClosesAt = r.ClosesAt
	}
	if err := join(&bad, l.Check(s.survey.Catalogue(), s.survey.Questionnaires(), s.Now())); err != nil {
		return err
	}
	return bad.Err()
}

func (s *Server) createLink(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	var r linkRequest
	if err := readLink(body, &r, &bad); err != nil {
		return err
	}
	l := s.newLink(c)
	if err := s.apply(r, l, bad); err != nil {
		return err
	}
	if err := s.storeLink(c, l); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/links/"+l.Code)
	return writeJSON(c, http.StatusCreated, s.viewLink(l))
}

// newLink begins a link under a code that is its own from here on, so that the
// audit log can name it.
func (s *Server) newLink(c echo.Context) *survey.Link {
	return &survey.Link{Code: survey.NewCode(), CreatedAt: s.Now().UTC(), CreatedBy: officerOf(c).Account}
}

func (s *Server) storeLink(c echo.Context, l *survey.Link) error {
	return s.audited(c, "link.create", "link/"+l.Code, []string{"kind=" + string(l.Kind)}, func() error {
		return s.survey.AddLink(c.Request().Context(), l)
	})
}

// replaceLink stores a link over the one that was read.
func (s *Server) replaceLink(c echo.Context, before, l *survey.Link) error {
	return s.audited(c, "link.change", "link/"+l.Code, changedFields(before, l), func() error {
		return s.survey.ChangeLink(c.Request().Context(), l)
	})
}

// changedFields names the members in which two states of a link differ.
func changedFields(a, b *survey.Link) (names []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"area", a.Area == b.Area}, {"procedure", a.Procedure == b.Procedure}, {"desk", a.Desk == b.Desk}, {"unit", a.Unit == b.Unit},
		{"questionnaire", a.Questionnaire == b.Questionnaire}, {"title", a.Title == b.Title},
		{"opensAt", a.OpensAt.Equal(b.OpensAt)}, {"closesAt", a.ClosesAt.Equal(b.ClosesAt)},
	} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}

func (s *Server) getLink(c echo.Context) error {
	l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.viewLink(l))
}

// changeLink changes what is sent and leaves the rest. With "version" it wants
// the link as the sender saw it; without, the last one wins.
func (s *Server) changeLink(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	for {
		l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
		if err != nil {
			return err
		}
		before := *l
		var bad fault.Fields
		r := requestOf(l)
		if err := readLink(body, &r, &bad); err != nil {
			return err
		}
		if r.Kind != string(l.Kind) {
			bad.Add("kind", "fixed") // the answers so far came through another channel
			r.Kind = string(l.Kind)
		}
		o, err := readObject(body, &bad)
		if err != nil {
			return err
		}
		seen := int64(o.number("version"))
		if seen != 0 && seen != l.Version {
			return store.ErrStale
		}
		if err := s.apply(r, l, bad); err != nil {
			return err
		}
		err = s.replaceLink(c, &before, l)
		if errors.Is(err, store.ErrStale) && seen == 0 {
			continue
		}
		if err != nil {
			return err
		}
		return writeJSON(c, http.StatusOK, s.viewLink(l))
	}
}

func (s *Server) listLinks(c echo.Context) error {
	limit, err := pageLimit(c)
	if err != nil {
		return err
	}
	links, next, err := s.survey.Links(c.Request().Context(), survey.Kind(c.QueryParam("kind")), limit, c.QueryParam("after"))
	if err != nil {
		return err
	}
	items := make([]linkView, len(links))
	for i, l := range links {
		items[i] = s.viewLink(l)
	}
	return writeList(c, items, next)
}

// maxPage is the most items of one list.
const maxPage = 500

func pageLimit(c echo.Context) (int, error) {
	v := c.QueryParam("limit")
	if v == "" {
		return 100, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > maxPage {
		var bad fault.Fields
		bad.Add("limit", "range", 1, maxPage)
		return 0, bad.Err()
	}
	return n, nil
}

func writeList[T any](c echo.Context, items []T, next string) error {
	return writeJSON(c, http.StatusOK, struct {
		Items []T     `json:"items"`
		Next  *string `json:"next"`
	}{items, orNull(next)})
}
