package survey

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Edition (bản công bố) is a set of figures as the office has published them, kept
// whole: it never changes, whatever is counted, computed or named otherwise later.
// A correction is another edition beside it.
type Edition struct {
	Number      int            `bson:"number"` // from 1, in the order of publication; 0: of the last whole month, not published
	From        catalogue.Date `bson:"from"`   // whole months
	To          catalogue.Date `bson:"to"`     // inclusive
	Corrects    int            `bson:"corrects"`
	Note        string         `bson:"note"`   // for readers
	Reason      string         `bson:"reason"` // of a correction
	PublishedAt time.Time      `bson:"publishedAt"`
	By          string         `bson:"by"` // account
	Method      Computation    `bson:"method"`
	Through     catalogue.Date `bson:"through"` // the newest sealed day that is counted
	Seal        string         `bson:"seal"`    // of that day
	AsOf        time.Time      `bson:"asOf"`
	Overall     Group          `bson:"overall"`
	Areas       []EditionArea  `bson:"areas"`    // in the catalogue's order
	Hidden      int            `bson:"hidden"`   // areas left out, see hide
	Channels    []EditionShare `bson:"channels"` // nil: left out
}

// EditionArea is an area as it was called then.
type EditionArea struct {
	ID    string         `bson:"id"` // "": the responses of no known area
	Name  catalogue.Text `bson:"name"`
	Group Group          `bson:"group"`
}

// EditionShare says how many responses came through a channel.
type EditionShare struct {
	Channel   Channel `bson:"channel"`
	Responses int64   `bson:"responses"`
}

// What is wrong with a period that is to be published, as codes of fields.
const (
	CodeMonths    = "months"     // not whole months
	CodeNotOver   = "not_over"   // the last month is not over, or not sealed
	CodeFewPeople = "few_people" // fewer than MinCell responses
	CodeAlone     = "alone"      // together with earlier editions it would be about single people
)

// Compose makes the edition of whole months from what was sealed up to a day. It
// has all but number, words and author. earlier are all published editions: what
// it leaves out depends on them. The error is an Invalid fault.
func (s *Segments) Compose(from, to catalogue.Date, through Seal, earlier []*Edition, c *catalogue.Catalogue, now time.Time) (*Edition, error) {
	var bad fault.Fields
	switch {
	case !from.Valid() || !to.Valid() || to < from || from[8:] != "01" || to.AddDays(1)[8:] != "01":
		bad.Add("to", CodeMonths)
	case through.Date < to:
		bad.Add("to", CodeNotOver)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	e, err := s.count(from, to, through.Date, c, now)
	if err != nil {
		return nil, err
	}
	e.Through, e.Seal = through.Date, through.Seal
	for _, old := range earlier {
		if old.From == from && old.To == to {
			e.Corrects = max(e.Corrects, old.Number)
		}
	}
	if e.Overall.Sums.Responses < MinCell {
		bad.Add("to", CodeFewPeople)
	} else if !e.hide(s, earlier) {
		bad.Add("to", CodeAlone)
	}
	return e, bad.Err()
}

// Current makes what is public before anything is published: the last whole
// month as it is counted now, with no small cells.
func (s *Segments) Current(c *catalogue.Catalogue, now time.Time) (*Edition, error) {
	from, to := LastWholeMonth(now)
	e, err := s.count(from, to, "", c, now)
	if err != nil {
		return nil, err
	}
	if n := e.Overall.Sums.Responses; n > 0 && n < MinCell {
		e.Overall = newGroup(nil, Sums{}, e.Overall.Pooled.Target)
		e.drop(func(a EditionArea) bool { return a.Group.Sums.Responses > 0 })
		e.Channels = nil
		return e, nil
	}
	e.hide(s, nil)
	return e, nil
}

// count counts the responses answered From to To and sealed up to a day.
func (s *Segments) count(from, to, through catalogue.Date, c *catalogue.Catalogue, now time.Time) (*Edition, error) {
	q := Query{From: from, To: to, Through: through}
	sum, err := s.byArea(q, c, now)
	if err != nil {
		return nil, err
	}
	e := &Edition{From: from, To: to, Method: sum.Method, AsOf: now, Overall: sum.Overall}
	for _, g := range sum.Groups {
		area, _ := c.Area(g.Key[0], to)
		id := g.Key[0]
		g.Key = nil
		e.Areas = append(e.Areas, EditionArea{id, area.Name, g})
	}
	q.By = []string{"channel"}
	mix, err := s.Tabulate(q)
	for _, cell := range mix.Cells {
		e.Channels = append(e.Channels, EditionShare{Channel(cell.Key[0]), cell.Sums.Responses})
	}
	return e, err
}

// hide leaves out what would show fewer than MinCell people, alone or together
// with the editions before: the areas that are too small, and then one after the
// other, the smallest first; the channels, if they show somebody beside the areas
// that are left. False: it would even then.
func (e *Edition) hide(s *Segments, earlier []*Edition) bool {
	e.drop(func(a EditionArea) bool { n := a.Group.Sums.Responses; return n > 0 && n < MinCell })
	channels, arrivals := e.Channels, s.arrivals()
	together := append(slices.Clone(earlier), e)
	e.Channels = nil
	for disclose(arrivals, together).isolates() {
		smallest := slices.IndexFunc(e.Areas, func(a EditionArea) bool { return a.Group.Sums.Responses > 0 })
		if smallest < 0 {
			return false
		}
		for i, a := range e.Areas {
			if n := a.Group.Sums.Responses; n > 0 && n < e.Areas[smallest].Group.Sums.Responses {
				smallest = i
			}
		}
		id := e.Areas[smallest].ID
		e.drop(func(a EditionArea) bool { return a.ID == id })
	}
	if e.Channels = channels; disclose(arrivals, together).isolates() {
		e.Channels = nil
	}
	return true
}

func (e *Edition) drop(which func(EditionArea) bool) {
	before := len(e.Areas)
	e.Areas = slices.DeleteFunc(e.Areas, which)
	e.Hidden += before - len(e.Areas)
}

// arrival is all by which editions tell responses apart.
type arrival struct {
	area, channel  string
	answered, seal catalogue.Date // the first day of the month; the day under whose seal it is, "" while it is under none
}

// arrivals counts all responses.
func (s *Segments) arrivals() map[arrival]int64 {
	count := map[arrival]int64{}
	s.mu.RLock()
	sealed := len(s.sealed)
	s.mu.RUnlock()
	for i, segment := range s.all() {
		day := segment.Day
		if i >= sealed {
			day = ""
		}
		value := func(d dim, row int) string { return segment.columns[d].values[segment.columns[d].codes[row]] }
		for row := range segment.tallies {
			count[arrival{value(dimArea, row), value(dimChannel, row), catalogue.Date(value(dimAnsweredOn, row)[:8] + "01"), day}]++
		}
	}
	return count
}

// counts says whether the edition counts what has arrived so.
func (e *Edition) counts(a arrival) bool {
	return e.From <= a.answered && a.answered <= e.To && (e.Through == "" || a.seal != "" && a.seal <= e.Through)
}

// disclose is what the editions together say: of each the total, each area and
// each channel that is shown.
func disclose(arrivals map[arrival]int64, editions []*Edition) disclosure {
	var d disclosure
	kinds := map[string]int{} // area, channel and which editions count it
	var key strings.Builder
	sets := make([]map[string]map[int]bool, len(editions))
	for i := range sets {
		sets[i] = map[string]map[int]bool{}
	}
	for a, n := range arrivals {
		key.Reset()
		key.WriteString(a.area + " " + a.channel)
		some := false
		for _, e := range editions {
			in := e.counts(a)
			some = some || in
			key.WriteString(map[bool]string{false: "-", true: "+"}[in])
		}
		if !some {
			continue
		}
		kind, known := kinds[key.String()]
		if !known {
			kind = len(d.people)
			kinds[key.String()] = kind
			d.people = append(d.people, 0)
		}
		d.people[kind] += n
		for i, e := range editions {
			if !e.counts(a) {
				continue
			}
			for _, number := range e.numbersOf(a) {
				if sets[i][number] == nil {
					sets[i][number] = map[int]bool{}
				}
				sets[i][number][kind] = true
			}
		}
	}
	for _, numbers := range sets {
		for _, name := range sortedKeys(numbers) {
			var set []int
			for kind := range numbers[name] {
				set = append(set, kind)
			}
			slices.SortFunc(set, cmp.Compare)
			d.sets = append(d.sets, set)
		}
	}
	return d
}

// numbersOf names the published numbers in which something that has arrived is
// counted.
func (e *Edition) numbersOf(a arrival) []string {
	list := []string{"total"}
	if slices.ContainsFunc(e.Areas, func(x EditionArea) bool { return x.ID == a.area }) {
		list = append(list, "area "+a.area)
	}
	if slices.ContainsFunc(e.Channels, func(x EditionShare) bool { return string(x.Channel) == a.channel }) {
		list = append(list, "channel "+a.channel)
	}
	return list
}
