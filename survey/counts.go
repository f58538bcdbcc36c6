package survey

import "slices"

// buffers are a worker's columns of work, reused from segment to segment.
type buffers struct {
	cells   []int32  // cell of each row plus one; 0: filtered out
	counts  []counts // of each cell, as numbered in cells; zero between uses
	whole   []counts // likewise, with what the splits have in common alone
	joint   *joint   // nil: single responses have to be looked at
	answers []byCode // likewise, for one split
	scores  []uint16 // of each row: satisfied answers, and answered ones in the high byte
}

// addSplit adds the answers to some criteria (nil: the service block) of one
// segment's rows of one form.
func (b *buffers) addSplit(sums []Sums, s *Segment, form *Questionnaire, criteria criteriaSet) {
	k := 0
	switch {
	case criteria != nil:
		k = b.countSome(s, form, criteria)
	default:
		for i, cell := range b.cells {
			b.counts[cell].row(&s.tallies[i])
		}
		if form != nil && form.Block == BlockService {
			k = form.CriteriaCount()
		}
	}
	for cell := range b.counts {
		if c := &b.counts[cell]; c.responses > 0 {
			if cell > 0 {
				sums[cell-1].Add(c.sums(k))
			}
			*c = counts{}
		}
	}
}

// counts are the Sums of at most maxRows responses, small enough that a row
// touches two lines of the processor's cache.
type counts struct {
	responses, respondents, complete, verified, notApplicable uint32

	yy, ym, mm uint32 // at most maxRows · maxCriteria² < 2³²
	levels     [5]uint32
	overall    [6]uint32 // 0: not given
}

// row adds one response.
func (c *counts) row(t *tally) {
	c.one(t)
	c.notApplicable += uint32(t.notApplicable)
	c.score(t.satisfied, t.answered, t.complete)
	c.levels[0] += uint32(t.levels[0])
	c.levels[1] += uint32(t.levels[1])
	c.levels[2] += uint32(t.levels[2])
	c.levels[3] += uint32(t.levels[3])
	c.levels[4] += uint32(t.levels[4])
}

// one adds what every split of a response has in common.
func (c *counts) one(t *tally) {
	c.responses++
	c.verified += uint32(t.verified)
	c.overall[t.overall]++
}

// score adds what one response's y satisfied of m answered criteria add to the
// spread.
func (c *counts) score(satisfied, answered, complete uint8) {
	y, m := uint32(satisfied), uint32(answered)
	c.respondents += min(m, 1)
	c.complete += uint32(complete)
	c.yy += y * y
	c.ym += y * m
	c.mm += m * m
}

func (c *counts) sums(criteria int) Sums {
	s := Sums{
		Criteria: criteria, Responses: int64(c.responses), Respondents: int64(c.respondents), Complete: int64(c.complete), Verified: int64(c.verified),
		NotApplicable: int64(c.notApplicable), YY: int64(c.yy), YM: int64(c.ym), MM: int64(c.mm),
	}
	for l, n := range c.levels {
		s.Levels[l] = int64(n)
		s.M += int64(n)
		s.Overall[l] = int64(c.overall[l+1])
	}
	s.Y = s.Levels[3] + s.Levels[4]
	return s
}

// byCode counts the answers of a cell by their code in a column.
type byCode [notApplicable + 1]uint32

// scoreOf is what one answer adds to a row's score, by its code.
var scoreOf = [notApplicable + 1]uint16{1: 1 << 8, 2: 1 << 8, 3: 1 << 8, 4: 1<<8 | 1, 5: 1<<8 | 1}

// countSome fills b.counts from the answers to some criteria and says how many
// of them the form asks.
func (b *buffers) countSome(s *Segment, form *Questionnaire, criteria criteriaSet) (k int) {
	for id := range criteria {
		if form != nil && form.Criterion(id) != nil {
			k++
		}
	}
	copy(b.counts, b.whole)
	clear(b.answers)
	b.scores = slices.Grow(b.scores[:0], s.Rows())[:s.Rows()]
	clear(b.scores)
	for c, id := range s.criteria {
		if criteria[id] {
			b.countColumn(s.answers[c])
		}
	}
	var complete [256]uint8
	for m := 1; m < len(complete); m++ {
		if 2*m >= k {
			complete[m] = 1
		}
	}
	for i, cell := range b.cells {
		y, m := uint8(b.scores[i]), uint8(b.scores[i]>>8)
		b.counts[cell].score(y, m, complete[m])
	}
	for cell := range b.counts {
		b.counts[cell].take(&b.answers[cell])
	}
	return k
}

// countWhole fills b.whole with what every split of a segment has in common.
func (b *buffers) countWhole(s *Segment) {
	b.whole = slices.Grow(b.whole[:0], len(b.counts))[:len(b.counts)]
	clear(b.whole)
	for i, cell := range b.cells {
		b.whole[cell].one(&s.tallies[i])
	}
}

func (b *buffers) countColumn(codes []uint8) {
	cells, scores := b.cells[:len(codes)], b.scores[:len(codes)]
	for i, code := range codes {
		b.answers[cells[i]][code]++
		scores[i] += scoreOf[code]
	}
}

// take adds answers counted by code.
func (c *counts) take(a *byCode) {
	for l := range c.levels {
		c.levels[l] += a[l+1]
	}
	c.notApplicable += a[notApplicable]
}
