package survey

// joint answers by factor and by criterion: it counts how often each combination
// of up to five answers occurs in each cell, over all segments, one increment a
// row instead of one an answer. Everything that a sum needs follows from the
// counts of combinations.
type joint struct {
	splits []split
	chunks []chunk
	cells  int // and one for what is filtered out
	forms  map[*Questionnaire]*jointCounts
	blank  []uint8 // the column of a criterion that nobody in a segment answered
}

const (
	maxJoint = 5 // answers that are combined, three bits each
	// maxJointCounts is how many counts of one chunk stay in the processor's cache.
	maxJointCounts = 1 << 19
)

// chunk is a set of criteria that are counted together, each belonging to the
// split of the same place in of.
type chunk struct {
	criteria []string
	of       []int
}

type jointCounts struct {
	whole  []counts   // of each cell, with what the splits have in common alone
	counts [][]uint32 // of each chunk, by cell and combination
}

// newJoint returns nil where the plan has to look at single responses.
func newJoint(p *plan) *joint {
	if p.splits[0].criteria == nil {
		return nil
	}
	together := maxJoint
	for (p.cells+1)<<(3*together) > maxJointCounts {
		together--
	}
	j := &joint{splits: p.splits, cells: p.cells + 1, forms: map[*Questionnaire]*jointCounts{}}
	for i, s := range p.splits {
		ids := sortedKeys(s.criteria)
		last := len(j.chunks) - 1
		switch {
		case len(ids) == 0 || len(ids) > together:
			return nil
		case last >= 0 && len(j.chunks[last].criteria)+len(ids) < max(together, 2): // one fewer is faster
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

// add counts the rows of a segment whose cell is not 0, which are of one form.
func (j *joint) add(s *Segment, form *Questionnaire, cells []int32) {
	c := j.forms[form]
	if c == nil {
		c = &jointCounts{whole: make([]counts, j.cells)}
		for _, chunk := range j.chunks {
			c.counts = append(c.counts, make([]uint32, j.cells<<(3*len(chunk.criteria))))
		}
		j.forms[form] = c
	}
	for i, cell := range cells {
		c.whole[cell].one(&s.tallies[i])
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
		combine(c.counts[i], cells, columns)
	}
}

// combine counts the combinations of the columns' codes, three bits each, above
// them the cell.
func combine(counts []uint32, cells []int32, columns [][]uint8) {
	at := func(i int) []uint8 { return columns[min(i, len(columns)-1)][:len(cells)] }
	a, b, c, d, e := at(0), at(1), at(2), at(3), at(4)
	switch len(columns) {
	case 1:
		for i, cell := range cells {
			counts[uint(cell)<<3|uint(a[i])]++
		}
	case 2:
		for i, cell := range cells {
			counts[uint(cell)<<6|uint(a[i])|uint(b[i])<<3]++
		}
	case 3:
		for i, cell := range cells {
			counts[uint(cell)<<9|uint(a[i])|uint(b[i])<<3|uint(c[i])<<6]++
		}
	case 4:
		for i, cell := range cells {
			counts[uint(cell)<<12|uint(a[i])|uint(b[i])<<3|uint(c[i])<<6|uint(d[i])<<9]++
		}
	case 5:
		for i, cell := range cells {
			counts[uint(cell)<<15|uint(a[i])|uint(b[i])<<3|uint(c[i])<<6|uint(d[i])<<9|uint(e[i])<<12]++
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
		}
		for cell := 1; cell < j.cells; cell++ {
			if c.whole[cell].responses == 0 {
				continue
			}
			for i := range j.splits {
				sums[i][cell-1].Add(c.whole[cell].sums(asked[i]))
			}
			for i, chunk := range j.chunks {
				size := 1 << (3 * len(chunk.criteria))
				for combination, n := range c.counts[i][cell*size : (cell+1)*size] {
					if n > 0 {
						chunk.spread(sums, cell-1, asked, uint(combination), int64(n))
					}
				}
			}
		}
	}
}

// spread adds n responses of a cell that answered the chunk alike.
func (c chunk) spread(sums [][]Sums, cell int, asked []int, combination uint, n int64) {
	for at := 0; at < len(c.of); {
		of := c.of[at]
		s := &sums[of][cell]
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
