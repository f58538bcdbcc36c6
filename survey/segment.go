package survey

import (
	"slices"
	"sync"
	"time"

	"sipas/internal/catalogue"
)

// dim is one property of a response that figures are grouped or filtered by
// and that a segment keeps as a column of small codes.
type dim int

const (
	dimArea dim = iota
	dimProcedure
	dimUnit
	dimDesk
	dimChannel
	dimVerified
	dimStage
	dimOutcome
	dimLate
	dimFlagged
	dimAnsweredOn
	dimLang
	dimSex
	dimAge
	dimEducation
	dimOccupation
	dimResidence
	dimForm // questionnaire and version; never asked for, needed to know the criteria
	dims
)

const (
	maxRows   = 50_000 // of one segment, which has to fit one document with the list of its responses
	maxValues = 255    // of one column, so that a code is one byte
)

// notApplicable is how an explicit "not applicable" stands in a column of
// answers; 0 is a blank, 1 to 5 are ratings.
const notApplicable = 6

// column is one property of every row: a code a row, and what the codes mean.
type column struct {
	codes  []uint8
	values []string
	index  map[string]uint8 // of the open segment only
}

func (c *column) full(value string) bool {
	_, known := c.index[value]
	return !known && len(c.values) == maxValues
}

func (c *column) add(value string) {
	code, known := c.index[value]
	if !known {
		code = uint8(len(c.values))
		c.values = append(c.values, value)
		if c.index == nil {
			c.index = map[string]uint8{}
		}
		c.index[value] = code
	}
	c.codes = append(c.codes, code)
}

// tally is what one response adds to the figures of the service block.
type tally struct {
	satisfied, answered uint8 // answers 4-5; answers 1-5
	levels              [5]uint8
	notApplicable       uint8
	complete            uint8 // 1: at least half of the criteria answered
	verified            uint8 // 1: through a one-time code; a column says so too
	overall             uint8 // 0: not given
}

// Segment is a run of responses received on one day, as columns of small
// integers: some 60 bytes a response, and a figure over a million of them is a
// pass over a few of the columns. A busy day has several.
type Segment struct {
	Day      catalogue.Date
	columns  [dims]column
	tallies  []tally
	criteria []string  // of the columns of answers
	answers  [][]uint8 // [criterion][row]
	ids      []string  // of the rows, while they are not sealed
	via      []string  // the rows' links, as long
	links    map[string]int
}

// Rows returns how many responses the segment holds.
func (s *Segment) Rows() int { return len(s.tallies) }

func (s *Segment) takes(day catalogue.Date, values *[dims]string) bool {
	if s.Day != day || s.Rows() == maxRows {
		return false
	}
	for d := range values {
		if s.columns[d].full(values[d]) {
			return false
		}
	}
	return true
}

// add appends a row; link is where the response came through. Links are counted
// and not a column: a day may have more of them than a code has values, and no
// figure is asked for by one.
func (s *Segment) add(values *[dims]string, t tally, answers []Answer, link string) {
	if s.links == nil {
		s.links = map[string]int{}
	}
	s.links[link]++
	for d := range values {
		s.columns[d].add(values[d])
	}
	row := s.Rows()
	s.tallies = append(s.tallies, t)
	for c := range s.answers {
		s.answers[c] = append(s.answers[c], 0)
	}
	for _, a := range answers {
		code := uint8(a.Rating)
		if a.Rating == 0 {
			code = notApplicable
		}
		s.answers[s.criterion(a.Criterion)][row] = code
	}
}

// criterion returns the column of answers to id, a new one of blanks if this
// is the first.
func (s *Segment) criterion(id string) int {
	for c, known := range s.criteria {
		if known == id {
			return c
		}
	}
	s.criteria = append(s.criteria, id)
	s.answers = append(s.answers, make([]uint8, s.Rows(), cap(s.tallies)))
	return len(s.criteria) - 1
}

// view returns the segment as it is now. What is appended later lies beyond the
// ends of the view's slices.
func (s *Segment) view() *Segment {
	v := *s
	v.answers = append([][]uint8(nil), s.answers...)
	return &v
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func valuesOf(r *Response) [dims]string {
	return [dims]string{
		dimArea:       r.Area,
		dimProcedure:  r.Procedure,
		dimUnit:       r.Unit,
		dimDesk:       r.Desk,
		dimChannel:    string(r.Channel),
		dimVerified:   yesNo(r.Verified),
		dimStage:      r.Stage,
		dimOutcome:    r.Outcome,
		dimLate:       r.Late,
		dimFlagged:    yesNo(len(r.Flags) > 0),
		dimAnsweredOn: string(r.AnsweredOn),
		dimLang:       r.Lang,
		dimSex:        r.Profile.Sex,
		dimAge:        r.Profile.Age,
		dimEducation:  r.Profile.Education,
		dimOccupation: r.Profile.Occupation,
		dimResidence:  r.Profile.Residence,
		dimForm:       ref(r.Questionnaire, r.QuestionnaireVersion),
	}
}

func tallyOf(r *Response, q *Questionnaire) tally {
	t := tally{overall: uint8(r.Overall)}
	if r.Verified {
		t.verified = 1
	}
	if q == nil || q.Block != BlockService {
		return t
	}
	for _, a := range r.Answers {
		if a.Rating == 0 {
			t.notApplicable++
			continue
		}
		t.levels[a.Rating-1]++
		t.answered++
		if a.Rating >= 4 {
			t.satisfied++
		}
	}
	if criteria := q.CriteriaCount(); criteria > 0 && 2*int(t.answered) >= criteria {
		t.complete = 1
	}
	return t
}

// Segments holds all responses in memory, for figures: the sealed days, and the
// open runs of those that no sealed segment lists yet. One response counts once,
// however often it is handed in.
type Segments struct {
	forms func(ref string) *Questionnaire

	mu     sync.RWMutex
	sealed []*Segment
	last   catalogue.Date            // the newest sealed day; "": none
	listed map[string]catalogue.Date // ids in the segments of the last recentDays days, with their segment's day
	open   []*Segment                // the last one grows
	ids    map[string]bool           // of the open ones
}

// NewSegments returns an empty set; forms resolves Questionnaire.Ref and has to
// know every version ever answered.
func NewSegments(forms func(ref string) *Questionnaire) *Segments {
	return &Segments{forms: forms, listed: map[string]catalogue.Date{}, ids: map[string]bool{}}
}

// Add takes in stored responses; they count in every figure asked for after it
// returns. Those that are in already are passed over.
func (s *Segments) Add(responses ...*Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range responses {
		if _, sealed := s.listed[r.ID]; sealed || s.ids[r.ID] {
			continue
		}
		s.ids[r.ID] = true
		s.open = appendRow(s.open, r, s.forms)
	}
}

// appendRow adds a response to the last of the segments, or to a new one.
func appendRow(segments []*Segment, r *Response, forms func(string) *Questionnaire) []*Segment {
	values := valuesOf(r)
	day := catalogue.DateOf(r.ReceivedAt)
	if n := len(segments); n == 0 || !segments[n-1].takes(day, &values) {
		if n > 0 {
			segments[n-1].finish()
		}
		segments = append(segments, &Segment{Day: day})
	}
	last := segments[len(segments)-1]
	last.add(&values, tallyOf(r, forms(values[dimForm])), r.Answers, r.Link)
	last.ids, last.via = append(last.ids, r.ID), append(last.via, r.Link)
	return segments
}

// finish frees what only a growing segment needs.
func (s *Segment) finish() {
	for d := range s.columns {
		c := &s.columns[d]
		c.index = nil
		c.codes = slices.Clip(c.codes)
	}
	for c := range s.answers {
		s.answers[c] = slices.Clip(s.answers[c])
	}
	s.tallies = slices.Clip(s.tallies)
}

// all returns every segment as it is now; what it returns does not change.
func (s *Segments) all() []*Segment {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]*Segment, 0, len(s.sealed)+len(s.open))
	list = append(list, s.sealed...)
	for _, open := range s.open {
		list = append(list, open.view())
	}
	return list
}

// through returns the segments of the days sealed up to a day; "": all.
func (s *Segments) through(day catalogue.Date) []*Segment {
	if day == "" {
		return s.all()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []*Segment
	for _, segment := range s.sealed {
		if segment.Day <= day {
			list = append(list, segment)
		}
	}
	return list
}

// Rows returns how many responses are held.
func (s *Segments) Rows() int {
	n := 0
	for _, segment := range s.all() {
		n += segment.Rows()
	}
	return n
}

// ByLink returns how many responses came through each link, by its code, on the
// days from a day on; "" is from the start. Days sealed before links were
// counted are not in it.
func (s *Segments) ByLink(from catalogue.Date) map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	count := map[string]int{}
	for _, list := range [][]*Segment{s.sealed, s.open} {
		for _, segment := range list {
			if segment.Day < from {
				continue
			}
			for link, n := range segment.links {
				count[link] += n
			}
		}
	}
	return count
}

// OpenSince is the first moment of the first day that is not sealed: no
// response may be stamped earlier any more. Zero while nothing is sealed.
func (s *Segments) OpenSince() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.last == "" {
		return time.Time{}
	}
	return s.last.AddDays(1).Start()
}

// isListed reports whether one of the newest sealed segments lists the response.
func (s *Segments) isListed(id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, listed := s.listed[id]
	return listed
}

// close takes over a sealed day: its segments, and the ids that they list, which
// are open no more.
func (s *Segments) close(day catalogue.Date, segments []*Segment, ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = append(s.sealed, segments...)
	s.last = day
	for id, of := range s.listed {
		if of <= day.AddDays(-recentDays) {
			delete(s.listed, id)
		}
	}
	for _, id := range ids {
		s.listed[id] = day
		delete(s.ids, id)
	}
	var open []*Segment
	for _, segment := range s.open {
		if segment = segment.keep(func(id string) bool { return s.ids[id] }); segment != nil {
			open = append(open, segment)
		}
	}
	s.open = open
}

// keep returns the segment with the rows whose id passes: itself where all do,
// nil where none does.
func (s *Segment) keep(passes func(id string) bool) *Segment {
	var rows []int
	for row, id := range s.ids {
		if passes(id) {
			rows = append(rows, row)
		}
	}
	switch len(rows) {
	case 0:
		return nil
	case s.Rows():
		return s
	}
	kept := &Segment{Day: s.Day, links: map[string]int{}}
	for _, row := range rows {
		for d := range s.columns {
			kept.columns[d].add(s.columns[d].values[s.columns[d].codes[row]])
		}
		kept.tallies = append(kept.tallies, s.tallies[row])
		kept.ids, kept.via = append(kept.ids, s.ids[row]), append(kept.via, s.via[row])
		kept.links[s.via[row]]++
	}
	kept.criteria = s.criteria
	for _, column := range s.answers {
		codes := make([]uint8, 0, len(rows))
		for _, row := range rows {
			codes = append(codes, column[row])
		}
		kept.answers = append(kept.answers, codes)
	}
	return kept
}
