package survey

import (
	"slices"
	"time"

	"sipas/internal/catalogue"
)

// Group is one set of responses with its two readings: the pooled rate of the
// service criteria, which the verdict is about, and the overall rating's.
type Group struct {
	Key     []string // the values of Query.By, none for all responses
	Sums    Sums
	Pooled  Figure
	Overall Figure
}

// Summary answers a Query with figures.
type Summary struct {
	Query      Query // with From and To filled in
	AsOf       time.Time
	Method     Computation
	Overall    Group
	Groups     []Group
	Suppressed int
}

// Summarise answers q with rates, intervals and verdicts against the targets in
// force on q.To (today, where the query leaves it open). Errors name the parts
// of the query that cannot be answered.
func (s *Segments) Summarise(q Query, c *catalogue.Catalogue, now time.Time) (Summary, error) {
	if q.To == "" {
		q.To = catalogue.DateOf(now)
	}
	table, err := s.Tabulate(q)
	if err != nil {
		return Summary{}, err
	}
	sum := Summary{
		Query: q, AsOf: now, Method: Method, Suppressed: table.Suppressed,
		Overall: newGroup(nil, table.Overall, q.target(c, nil)),
	}
	for _, cell := range table.Cells {
		sum.Groups = append(sum.Groups, newGroup(cell.Key, cell.Sums, q.target(c, cell.Key)))
	}
	return sum, nil
}

// NewGroup computes both readings of one set of responses.
func newGroup(key []string, s Sums, target catalogue.Percent) Group {
	return Group{Key: key, Sums: s, Pooled: Pooled(s, target), Overall: Single(s.Overall, target)}
}

// target returns what a group is held against: the target of its area where the
// group is one area, by its key or by a filter, else the general one.
func (q Query) target(c *catalogue.Catalogue, key []string) catalogue.Percent {
	area := ""
	if i := slices.Index(q.By, "area"); i >= 0 && key != nil {
		area = key[i]
	}
	for _, f := range q.Filters {
		if f.Dimension == "area" && len(f.Values) == 1 {
			area = f.Values[0]
		}
	}
	t, _ := c.Target(catalogue.MeasureSatisfaction, area, q.To)
	return t.Value
}

// byArea answers a query by area for every area in force on its last day, those
// without a response included.
func (s *Segments) byArea(q Query, c *catalogue.Catalogue, now time.Time) (Summary, error) {
	q.By = []string{"area"}
	sum, err := s.Summarise(q, c, now)
	if err == nil {
		sum.EveryArea(c)
	}
	return sum, err
}

// EveryArea puts the groups of a summary by area into the order of the catalogue,
// and adds those of areas in force on the last day without a response: not where
// groups are left out, since nobody is to know which of them have some.
func (sum *Summary) EveryArea(c *catalogue.Catalogue) {
	var groups []Group
	for _, a := range c.Areas(sum.Query.To) {
		i := slices.IndexFunc(sum.Groups, func(g Group) bool { return g.Key[0] == a.ID })
		switch {
		case i >= 0:
			groups = append(groups, sum.Groups[i])
			sum.Groups = slices.Delete(sum.Groups, i, i+1)
		case sum.Suppressed == 0:
			key := []string{a.ID}
			groups = append(groups, newGroup(key, Sums{}, sum.Query.target(c, key)))
		}
	}
	sum.Groups = append(groups, sum.Groups...)
}
