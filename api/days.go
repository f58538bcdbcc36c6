package api

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// typedDay reads a day; where nothing was typed, or no day, it is the usual one.
func typedDay(bad *fault.Fields, typed url.Values, name string, usual catalogue.Date) catalogue.Date {
	text := strings.TrimSpace(typed.Get(name))
	if text == "" {
		return usual
	}
	d, err := catalogue.ParseDate(text)
	if err != nil {
		bad.Add(name, "date")
		return usual
	}
	return d
}

// readDays reads from and to of a page's address; what is not there is what is
// proposed, and "" is open.
func readDays(c echo.Context, from, to catalogue.Date) (catalogue.Date, catalogue.Date, error) {
	var bad fault.Fields
	from, to = typedDay(&bad, c.QueryParams(), "from", from), typedDay(&bad, c.QueryParams(), "to", to)
	if len(bad) == 0 && to != "" && to < from {
		bad.Add("to", "before_from")
	}
	return from, to, bad.Err()
}

// readPeriod reads from and to of an export's address; without to it goes up to
// today.
func (s *Server) readPeriod(c echo.Context) (survey.Period, error) {
	var bad fault.Fields
	onlyOnce(&bad, c, "from", "to")
	p := survey.Between(typedDay(&bad, c.QueryParams(), "from", ""), typedDay(&bad, c.QueryParams(), "to", s.today()))
	if err := bad.Err(); err != nil {
		return p, err
	}
	return p, CheckPeriod(p, s.today())
}

// onlyOnce names those of the parameters that stand in the address more than once.
func onlyOnce(bad *fault.Fields, c echo.Context, names ...string) {
	for _, name := range names {
		if len(c.QueryParams()[name]) > 1 {
			bad.Add(name, "twice")
		}
	}
}
