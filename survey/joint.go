package survey

// joint answers by factor and by criterion where nothing else divides the
// responses: it counts how often each combination of up to five answers occurs,
// over all segments, one increment a row instead of one an answer. Everything
// that a sum needs follows from the counts of combinations.
type joint struct {
	splits []split
	chunks []chunk
	forms  map[*Questionnaire]*jointCounts
	blank  []uint8 // the column of a criterion that nobody in a segment answered
}

// maxJoint is how many answers are combined: three bits each.
const maxJoint = 5

// chunk is a set of criteria that are counted together, each belonging to the
// split of the same place in of.
type chunk struct {
	criteria []string
	of       []int
}

type jointCounts struct {
	overall [6]uint32
	counts  [][]uint32 // of each chunk, by combination
}

// newJoint returns nil where the plan has to look at single responses.
func newJoint(p *plan) *joint {
	if p.cells != 1 || p.splits[0].criteria == nil {
		return nil
	}
	j := &joint{splits: p.splits, forms: map[*Questionnaire]*jointCounts{}}
	for i, s := range p.splits {
		ids := sortedKeys(s.criteria)
		last := len(j.chunks) - 1
		switch {
		case len(ids) == 0 || len(ids) > maxJoint:
			return nil
		case last >= 0 && len(j.chunks[last].criteria)+len(ids) < maxJoint: // four are faster than five
		default:
			j.chunks = append(j.chunks, chunk{})
			last++
		}
		for _, id := range ids {
			j.chunks[last].criteria = append(j.chunks[last].criteria, id)
			j.chunks[last].of = append(j.chunks[last].of, i)
		}
	}
	return j
}

// add counts all rows of a segment, which are of one form.
func (j *joint) add(s *Segment, form *Questionnaire) {
	c := j.forms[form]
	if c == nil {
		c = &jointCounts{}
		for _, chunk := range j.chunks {
			c.counts = append(c.counts, make([]uint32, 1<<(3*len(chunk.criteria))))
		}
		j.forms[form] = c
	}
	for i := range s.tallies {
		c.overall[s.tallies[i].overall]++
	}
	for len(j.blank) < s.Rows() {
		j.blank = append(j.blank, 0)
	}
	for i, chunk := range j.chunks {
		columns := make([][]uint8, len(chunk.criteria))
		for k, id := range chunk.criteria {
			columns[k] = j.blank[:s.Rows()]
			for at, known := range s.criteria {
				if known == id {
					columns[k] = s.answers[at]
				}
			}
		}
		combine(c.counts[i], columns)
	}
}

// combine counts the combinations of the columns' codes, three bits each.
func combine(counts []uint32, columns [][]uint8) {
	a := columns[0]
	at := func(i int) []uint8 { return columns[min(i, len(columns)-1)][:len(a)] }
	b, c, d, e := at(1), at(2), at(3), at(4)
	// An array of known length and an index below it need no bounds check.
	switch len(columns) {
	case 1:
		to := (*[1 << 3]uint32)(counts)
		for _, x := range a {
			to[x&7]++
		}
	case 2:
		to := (*[1 << 6]uint32)(counts)
		for i, x := range a {
			to[(uint(x)|uint(b[i])<<3)&(1<<6-1)]++
		}
	case 3:
		to := (*[1 << 9]uint32)(counts)
		for i, x := range a {
			to[(uint(x)|uint(b[i])<<3|uint(c[i])<<6)&(1<<9-1)]++
		}
	case 4:
		to := (*[1 << 12]uint32)(counts)
		for i, x := range a {
			to[(uint(x)|uint(b[i])<<3|uint(c[i])<<6|uint(d[i])<<9)&(1<<12-1)]++
		}
	case 5:
		to := (*[1 << 15]uint32)(counts)
		for i, x := range a {
			to[(uint(x)|uint(b[i])<<3|uint(c[i])<<6|uint(d[i])<<9|uint(e[i])<<12)&(1<<15-1)]++
		}
	}
}

// finish adds what was counted to the sums of each split.
func (j *joint) finish(sums [][]Sums) {
	for form, c := range j.forms {
		asked := make([]int, len(j.splits))
		for i, s := range j.splits {
			for id := range s.criteria {
				if form != nil && form.Criterion(id) != nil {
					asked[i]++
				}
			}
			part := Sums{Criteria: asked[i]}
			for level, n := range c.overall {
				part.Responses += int64(n)
				if level > 0 {
					part.Overall[level-1] = int64(n)
				}
			}
			sums[i][0].Add(part)
		}
		for i, chunk := range j.chunks {
			for combination, n := range c.counts[i] {
				if n > 0 {
					j.spread(sums, chunk, asked, uint(combination), int64(n))
				}
			}
		}
	}
}

// spread adds n responses that answered a chunk alike.
func (j *joint) spread(sums [][]Sums, c chunk, asked []int, combination uint, n int64) {
	for at := 0; at < len(c.of); {
		of := c.of[at]
		s := &sums[of][0]
		var y, m int64
		for ; at < len(c.of) && c.of[at] == of; at++ {
			switch code := combination >> (3 * at) & 7; code {
			case 0:
			case notApplicable:
				s.NotApplicable += n
			default:
				s.Levels[code-1] += n
				m++
				if code >= 4 {
					y++
				}
			}
		}
		if m == 0 {
			continue
		}
		s.Respondents += n
		if 2*m >= int64(asked[of]) {
			s.Complete += n
		}
		s.Y, s.M = s.Y+n*y, s.M+n*m
		s.YY, s.YM, s.MM = s.YY+n*y*y, s.YM+n*y*m, s.MM+n*m*m
	}
}
