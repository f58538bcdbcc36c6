package survey

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// dimension is a name by which figures may be grouped and filtered.
type dimension struct {
	column  dim
	derive  func(string) string // from the column's value; nil: the value itself
	profile bool                // of the respondent: small cells are suppressed
}

var dimensions = map[string]dimension{
	"area":       {column: dimArea},
	"procedure":  {column: dimProcedure},
	"unit":       {column: dimUnit},
	"desk":       {column: dimDesk},
	"channel":    {column: dimChannel},
	"verified":   {column: dimVerified},
	"stage":      {column: dimStage},
	"outcome":    {column: dimOutcome},
	"late":       {column: dimLate},
	"flagged":    {column: dimFlagged},
	"lang":       {column: dimLang},
	"month":      {column: dimAnsweredOn, derive: func(s string) string { return catalogue.Date(s).Month() }},
	"quarter":    {column: dimAnsweredOn, derive: func(s string) string { return catalogue.Date(s).Quarter() }},
	"sex":        {column: dimSex, profile: true},
	"age":        {column: dimAge, profile: true},
	"education":  {column: dimEducation, profile: true},
	"occupation": {column: dimOccupation, profile: true},
	"residence":  {column: dimResidence, profile: true},
}

// The two dimensions that divide the answers of one response instead of the
// responses.
const (
	byFactor    = "factor"
	byCriterion = "criterion"
)

// DimensionNames lists everything that By and Filter take, sorted.
func DimensionNames() []string {
	names := append(sortedKeys(dimensions), byFactor, byCriterion)
	slices.Sort(names)
	return names
}

// Filter keeps the responses (for "factor" and "criterion": the answers) that
// have one of Values; "" is the value of those without one.
type Filter struct {
	Dimension string
	Values    []string
}

// Query is a question about all responses: those answered From to To,
// inclusive, "" being open.
type Query struct {
	From, To catalogue.Date
	By       []string // at most two
	Filters  []Filter
	Through  catalogue.Date // only what was sealed up to this day; "": all
}

// Cell is one group of an answer: the values of Query.By, and its sums.
type Cell struct {
	Key  []string
	Sums Sums
}

// Table answers a Query with counts alone; rates and verdicts are made of them
// by Pooled and Single.
type Table struct {
	Overall    Sums
	Cells      []Cell // those with responses, ordered by key
	Suppressed int    // cells left out because fewer than MinCell people stand behind them, or would behind a difference
}

// MinCell is the smallest demographic cell that is shown, and the smallest public
// one, in responses.
const MinCell = 5

// Check names everything in the query that cannot be answered.
func (q Query) Check() error {
	var f fault.Fields
	known := func(name string) bool {
		_, ok := dimensions[name]
		return ok || name == byFactor || name == byCriterion
	}
	if q.From != "" && q.To != "" && q.To < q.From {
		f.Add("to", "before_from")
	}
	if len(q.By) > 2 {
		f.Add("by", "too_many", 2)
	}
	for i, name := range q.By {
		if !known(name) {
			f.Add("by", "choice", strings.Join(DimensionNames(), ", "))
		} else if slices.Contains(q.By[:i], name) {
			f.Add("by", "twice", name)
		}
	}
	for _, filter := range q.Filters {
		if !known(filter.Dimension) {
			f.Add(filter.Dimension, "unknown", filter.Dimension)
		}
	}
	return f.Err()
}

// Tabulate answers q. It reads the columns and nothing else, so that a figure
// never depends on when or how it is asked for.
func (s *Segments) Tabulate(q Query) (Table, error) {
	if err := q.Check(); err != nil {
		return Table{}, err
	}
	segments := s.through(q.Through)
	plan := newPlan(q, segments, s.forms)
	total := plan.run(segments)
	return plan.table(total), nil
}

// plan is a query made ready: which value of a grouped dimension has which
// number, and which criteria count.
type plan struct {
	q       Query
	forms   map[string]*Questionnaire
	by      []axis    // the dimensions of q.By that divide responses
	filters []rowTest // the filters that choose responses
	splits  []split   // how answers are divided: one split, "all", unless by factor or criterion
	cells   int       // product of the axes' sizes
	profile bool      // a group or a filter says something of the respondents
}

type axis struct {
	dimension
	numbers map[string]int
	values  []string
}

type rowTest struct {
	dimension
	wanted map[string]bool
}

// criteriaSet is a set of criteria by id; nil stands for the service block.
type criteriaSet map[string]bool

// split is one part of the answers with its key (factor, criterion, or both).
type split struct {
	key      []string
	criteria criteriaSet // nil: the whole service block
}

func newPlan(q Query, segments []*Segment, forms func(string) *Questionnaire) *plan {
	p := &plan{q: q, forms: map[string]*Questionnaire{}, cells: 1}
	for _, segment := range segments {
		for _, ref := range segment.columns[dimForm].values {
			if _, known := p.forms[ref]; !known {
				p.forms[ref] = forms(ref)
			}
		}
	}
	for _, filter := range q.Filters {
		if d, ok := dimensions[filter.Dimension]; ok {
			wanted := map[string]bool{}
			for _, v := range filter.Values {
				wanted[v] = true
			}
			p.filters = append(p.filters, rowTest{d, wanted})
			p.profile = p.profile || d.profile
		}
	}
	for _, name := range q.By {
		if d, ok := dimensions[name]; ok {
			a := newAxis(d, segments)
			p.by = append(p.by, a)
			p.cells *= len(a.values)
			p.profile = p.profile || d.profile
		}
	}
	p.splits = p.answerSplits()
	return p
}

// newAxis numbers the values of d that occur, in the order of their text.
func newAxis(d dimension, segments []*Segment) axis {
	a := axis{dimension: d, numbers: map[string]int{}}
	for _, segment := range segments {
		for _, v := range segment.columns[d.column].values {
			a.numbers[d.of(v)] = 0
		}
	}
	a.values = sortedKeys(a.numbers)
	for n, v := range a.values {
		a.numbers[v] = n
	}
	return a
}

func (d dimension) of(value string) string {
	if d.derive == nil {
		return value
	}
	return d.derive(value)
}

// answerSplits lists the parts into which q divides the answers. Filters by
// factor and criterion narrow every part.
func (p *plan) answerSplits() []split {
	keep := func(factor, id string) bool {
		for _, filter := range p.q.Filters {
			if filter.Dimension == byFactor && !slices.Contains(filter.Values, factor) ||
				filter.Dimension == byCriterion && !slices.Contains(filter.Values, id) {
				return false
			}
		}
		return true
	}
	answerKeys := slices.DeleteFunc(slices.Clone(p.q.By), func(name string) bool {
		return name != byFactor && name != byCriterion
	})
	if len(answerKeys) == 0 && !p.narrowed() {
		return []split{{}}
	}
	var splits []split
	for _, ref := range sortedKeys(p.forms) {
		form := p.forms[ref]
		if form == nil || len(answerKeys) == 0 && form.Block != BlockService {
			continue
		}
		for _, factor := range form.Factors {
			for _, c := range factor.Criteria {
				if !keep(factor.ID, c.ID) {
					continue
				}
				key := make([]string, len(answerKeys))
				for i, name := range answerKeys {
					key[i] = c.ID
					if name == byFactor {
						key[i] = factor.ID
					}
				}
				i := slices.IndexFunc(splits, func(s split) bool { return slices.Equal(s.key, key) })
				if i < 0 {
					i = len(splits)
					splits = append(splits, split{key: key, criteria: criteriaSet{}})
				}
				splits[i].criteria[c.ID] = true
			}
		}
	}
	if splits == nil { // a filter that leaves no criterion still leaves responses
		splits = []split{{key: make([]string, len(answerKeys)), criteria: criteriaSet{}}}
	}
	return splits
}

// run adds up all segments, several at a time. The result has, for each split,
// p.cells sums; behind the splits one more block for the overall figure where
// the splits do not add up to it.
func (p *plan) run(segments []*Segment) [][]Sums {
	parts := shared(segments, func(next <-chan *Segment) [][]Sums {
		sums := p.blank()
		b := buffers{counts: make([]counts, p.cells+1), answers: make([]byCode, p.cells+1)}
		b.joint = newJoint(p)
		for segment := range next {
			p.add(sums, segment, &b)
		}
		if b.joint != nil {
			b.joint.finish(sums)
		}
		return sums
	})
	total := parts[0]
	for _, part := range parts[1:] {
		for i := range part {
			for c := range part[i] {
				total[i][c].Add(part[i][c])
			}
		}
	}
	return total
}

// shared has a worker for each processor, one at least, take segments until none is
// left, and returns what each made of those that it took.
func shared[T any](segments []*Segment, work func(next <-chan *Segment) T) []T {
	next := make(chan *Segment, len(segments))
	for _, segment := range segments {
		next <- segment
	}
	close(next)
	parts := make([]T, min(runtime.GOMAXPROCS(0), max(1, len(segments))))
	var wg sync.WaitGroup
	for w := range parts {
		wg.Go(func() { parts[w] = work(next) })
	}
	wg.Wait()
	return parts
}

// needsWhole says whether the overall figure is not the sum of the splits.
func (p *plan) needsWhole() bool { return len(p.splits) != 1 }

func (p *plan) blank() [][]Sums {
	n := len(p.splits)
	if p.needsWhole() {
		n++
	}
	sums := make([][]Sums, n)
	for i := range sums {
		sums[i] = make([]Sums, p.cells)
	}
	return sums
}

// add adds one segment to sums, form by form: K differs between versions.
func (p *plan) add(sums [][]Sums, s *Segment, b *buffers) {
	union := p.union()
	for code, ref := range s.columns[dimForm].values {
		form := p.forms[ref]
		if !p.place(s, uint8(code), b) {
			continue
		}
		if union != nil || b.joint == nil && p.splits[0].criteria != nil {
			b.countWhole(s)
		}
		if b.joint != nil {
			b.joint.add(s, form, b.cells)
		} else {
			for i, split := range p.splits {
				b.addSplit(sums[i], s, form, split.criteria)
			}
		}
		if p.needsWhole() {
			b.addSplit(sums[len(p.splits)], s, form, union)
		}
	}
}

// union is what the overall figure pools: the service block, or what the
// filters by factor and criterion leave of it.
func (p *plan) union() criteriaSet {
	if !p.narrowed() {
		return nil
	}
	all := criteriaSet{}
	for _, s := range p.splits {
		for id := range s.criteria {
			all[id] = true
		}
	}
	return all
}

// narrowed says whether a filter leaves out answers, not responses.
func (p *plan) narrowed() bool {
	return slices.ContainsFunc(p.q.Filters, func(f Filter) bool {
		return f.Dimension == byFactor || f.Dimension == byCriterion
	})
}

// place puts into b.cells the number of the cell of every row that has the form
// and passes the filters, column by column. It reports whether some row may.
func (p *plan) place(s *Segment, form uint8, b *buffers) bool {
	b.cells = append(b.cells[:0], make([]int32, s.Rows())...)
	cells := b.cells
	keep := func(c *column, test func(code int) bool) bool {
		return keepOnly(cells, c.codes, test, len(c.values))
	}
	keep(&s.columns[dimForm], func(code int) bool { return uint8(code) == form })
	days := &s.columns[dimAnsweredOn]
	inside := func(code int) bool {
		day := catalogue.Date(days.values[code])
		return (p.q.From == "" || day >= p.q.From) && (p.q.To == "" || day <= p.q.To)
	}
	if !keep(days, inside) {
		return false
	}
	for _, test := range p.filters {
		c := &s.columns[test.column]
		if !keep(c, func(code int) bool { return test.wanted[test.of(c.values[code])] }) {
			return false
		}
	}
	for _, a := range p.by {
		c := &s.columns[a.column]
		var number [256]int32
		for code, v := range c.values {
			number[code] = int32(a.numbers[a.of(v)])
		}
		size := int32(len(a.values))
		for i, code := range c.codes {
			if cells[i] >= 0 {
				cells[i] = cells[i]*size + number[code]
			}
		}
	}
	for i := range cells {
		cells[i]++
	}
	return true
}

// keepOnly sets the cells of rows whose code fails the test to -1 and reports
// whether some code passes. Where all do, it costs nothing a row.
func keepOnly(cells []int32, codes []uint8, test func(code int) bool, values int) (some bool) {
	var drop [256]bool
	all := true
	for code := range values {
		drop[code] = !test(code)
		some, all = some || !drop[code], all && !drop[code]
	}
	if all || !some {
		return some
	}
	for i, code := range codes {
		if drop[code] {
			cells[i] = -1
		}
	}
	return some
}

// table names the cells and leaves out those that would show single people.
func (p *plan) table(total [][]Sums) Table {
	var t Table
	for c := range total[len(total)-1] {
		t.Overall.Add(total[len(total)-1][c])
	}
	if p.profile && t.Overall.Responses < MinCell {
		if t.Overall.Responses > 0 {
			t.Suppressed = 1
		}
		t.Overall = Sums{}
		return t
	}
	if len(p.q.By) == 0 {
		return t
	}
	for i, split := range p.splits {
		hidden := p.hidden(total[i])
		for c, sums := range total[i] {
			switch {
			case sums.Responses == 0 || split.criteria != nil && len(split.criteria) == 0:
			case p.profile && hidden[c]:
				t.Suppressed++
			default:
				t.Cells = append(t.Cells, Cell{p.key(c, split), sums})
			}
		}
	}
	slices.SortStableFunc(t.Cells, func(a, b Cell) int { return slices.CompareFunc(a.Key, b.Key, Naturally) })
	return t
}

// hidden says which cells of a table by profile are left out: those that would
// show a few people, and those that would with the total, or with the tables by
// one of the two dimensions alone.
func (p *plan) hidden(cells []Sums) []bool {
	if !p.profile {
		return nil
	}
	people, total := make([]int64, len(cells)), make([]int, len(cells))
	for c := range cells {
		people[c], total[c] = cells[c].Responses, c
	}
	lines := [][]int{total}
	if len(p.by) == 2 {
		columns := len(p.by[1].values)
		crossing := make([][]int, len(p.by[0].values)+columns)
		for c := range cells {
			row, column := c/columns, len(p.by[0].values)+c%columns
			crossing[row], crossing[column] = append(crossing[row], c), append(crossing[column], c)
		}
		lines = append(lines, crossing...)
	}
	return hideCells(people, lines)
}

// key puts the values of cell c of a split into the order of q.By.
func (p *plan) key(c int, s split) []string {
	values := make([]string, len(p.by))
	for i := len(p.by) - 1; i >= 0; i-- {
		size := len(p.by[i].values)
		values[i], c = p.by[i].values[c%size], c/size
	}
	key := make([]string, len(p.q.By))
	row, answer := 0, 0
	for i, name := range p.q.By {
		if name == byFactor || name == byCriterion {
			key[i] = s.key[answer]
			answer++
		} else {
			key[i] = values[row]
			row++
		}
	}
	return key
}

// Naturally orders keys: numbers by value, the rest by text.
func Naturally(a, b string) int {
	if len(a) != len(b) && digits(a) && digits(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
