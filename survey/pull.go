package survey

import (
	"cmp"
	"slices"

	"sipas/internal/catalogue"
)

// Pull is what one criterion does to the pooled rate of a group of responses.
type Pull struct {
	Criterion string
	Figure    Figure // its own rate, one yes/no per response

	// Gain is by how many percentage points the group's pooled rate would be
	// higher if everybody who answered the criterion had been satisfied with it.
	Gain float64

	// Relation is by how much the share satisfied with everything (the overall
	// rating) is higher among those satisfied with the criterion than among the
	// others; Related says whether both have people. It is no proof that the one
	// brings about the other.
	Relation Change
	Related  bool
}

// Weak says whether the criterion holds the rate down beyond chance: even the
// upper end of its own interval is below the target, on answers enough for a
// verdict. So a handful of people never points at anybody.
func (p *Pull) Weak() bool { return p.Figure.Verdict == VerdictNotMet }

// Pulls tells of each criterion what it does to the rate of the responses that q
// selects, the largest gain first. q groups by nothing.
func (s *Segments) Pulls(q Query, target catalogue.Percent) ([]Pull, error) {
	q.By = nil
	all, err := s.Tabulate(q)
	if err != nil || all.Overall.Responses == 0 { // nobody, or too few to be shown
		return nil, err
	}
	segments := s.through(q.Through)
	p := newPlan(q, segments, s.forms)
	crossed := map[string]*crossing{}
	for _, part := range shared(segments, p.cross) {
		for id, x := range part {
			if crossed[id] == nil {
				crossed[id] = &crossing{}
			}
			crossed[id].join(x)
		}
	}
	var list []Pull
	for _, id := range sortedKeys(crossed) {
		pull := crossed[id].pull(id, target)
		if f := pull.Figure; f.Answered > 0 {
			pull.Gain = 100 * float64(f.Answered-f.Satisfied) / float64(all.Overall.M)
			list = append(list, pull)
		}
	}
	slices.SortStableFunc(list, func(a, b Pull) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), Naturally(a.Criterion, b.Criterion))
	})
	return list, nil
}

// crossing counts responses by their answer to one criterion and their overall
// rating, both as codes.
type crossing [notApplicable + 1][6]uint32

// cross counts segments, form by form: only criteria that count belong here.
func (p *plan) cross(segments <-chan *Segment) map[string]*crossing {
	crossed, wanted := map[string]*crossing{}, p.union()
	var b buffers
	for s := range segments {
		for code, ref := range s.columns[dimForm].values {
			form := p.forms[ref]
			if !p.place(s, uint8(code), &b) || form == nil || wanted == nil && form.Block != BlockService {
				continue
			}
			for column, id := range s.criteria {
				if form.Criterion(id) == nil || wanted != nil && !wanted[id] {
					continue
				}
				if crossed[id] == nil {
					crossed[id] = &crossing{}
				}
				crossed[id].add(s.answers[column], s.tallies, b.cells)
			}
		}
	}
	return crossed
}

func (x *crossing) join(y *crossing) {
	for code := range x {
		for overall := range x[code] {
			x[code][overall] += y[code][overall]
		}
	}
}

func (x *crossing) add(answers []uint8, tallies []tally, cells []int32) {
	for i, code := range answers {
		if cells[i] > 0 {
			x[code][tallies[i].overall]++
		}
	}
}

func (x *crossing) pull(id string, target catalogue.Percent) Pull {
	var levels, content, others [5]int64
	for rating := 1; rating <= 5; rating++ {
		to := &others
		if rating >= 4 {
			to = &content
		}
		for overall, n := range x[rating] {
			levels[rating-1] += int64(n)
			if overall > 0 {
				to[overall-1] += int64(n)
			}
		}
	}
	p := Pull{Criterion: id, Figure: Single(levels, target)}
	p.Relation, p.Related = Compare(Single(content, 0), Single(others, 0))
	return p
}
