package survey

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
)

// sumsOf is the independent, slow way: one response at a time, from the text of
// DOMAIN section 4.
func sumsOf(responses []*Response, forms map[string]*Questionnaire, counts func(*Questionnaire, string) bool) Sums {
	var s Sums
	for _, r := range responses {
		form := forms[ref(r.Questionnaire, r.QuestionnaireVersion)]
		k := 0
		for _, id := range form.CriterionIDs() {
			if counts(form, id) {
				k++
			}
		}
		s.Criteria = max(s.Criteria, k)
		s.Responses++
		if r.Verified {
			s.Verified++
		}
		if r.Overall > 0 {
			s.Overall[r.Overall-1]++
		}
		var y, m int64
		for _, a := range r.Answers {
			switch {
			case !counts(form, a.Criterion):
			case a.Rating == 0:
				s.NotApplicable++
			default:
				m++
				s.Levels[a.Rating-1]++
				if a.Rating >= 4 {
					y++
				}
			}
		}
		if m == 0 {
			continue
		}
		s.Respondents++
		if 2*m >= int64(k) {
			s.Complete++
		}
		s.Y, s.M = s.Y+y, s.M+m
		s.YY, s.YM, s.MM = s.YY+y*y, s.YM+y*m, s.MM+m*m
	}
	return s
}

func valueOf(r *Response, name string) string {
	switch name {
	case "area":
		return r.Area
	case "desk":
		return r.Desk
	case "channel":
		return string(r.Channel)
	case "flagged":
		if len(r.Flags) > 0 {
			return "yes"
		}
		return "no"
	case "month":
		return string(r.AnsweredOn)[:7]
	case "quarter":
		return r.AnsweredOn.Quarter()
	case "sex":
		return r.Profile.Sex
	case "lang":
		return r.Lang
	}
	panic(name)
}

// randomResponses makes responses to two versions of the service questionnaire
// and one policy questionnaire, received over some days.
func randomResponses(random *rand.Rand, n int) ([]*Response, map[string]*Questionnaire) {
	one := testForm()
	two := testForm()
	two.Version = 2
	two.Factors[0].Criteria = two.Factors[0].Criteria[:2]
	policy := &Questionnaire{ID: "chinh-sach", Version: 1, Block: BlockPolicy, Factors: []Factor{{ID: "P-I", Criteria: []Criterion{{ID: "1"}, {ID: "2"}}}}}
	forms := map[string]*Questionnaire{}
	list := []*Questionnaire{one, one, one, two, policy}
	for _, q := range list {
		forms[q.Ref()] = q
	}
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	received := time.Date(2026, 3, 30, 1, 0, 0, 0, time.UTC)
	var out []*Response
	for i := range n {
		received = received.Add(time.Duration(random.IntN(3)) * time.Hour)
		form := list[random.IntN(len(list))]
		r := &Response{
			ID: fmt.Sprint("r", i), Questionnaire: form.ID, QuestionnaireVersion: form.Version,
			Area: pick("", "dat-dai", "xay-dung", "moi-truong"), Desk: pick("a", "b"), Channel: Channel(pick("phone", "kiosk", "paper")),
			ReceivedAt: received, AnsweredOn: catalogue.DateOf(received).AddDays(-random.IntN(3)), Overall: random.IntN(6),
			Verified: random.IntN(3) == 0, Lang: pick("vi", "vi", "en"), Profile: Profile{Sex: pick("", "male", "female")},
		}
		if random.IntN(10) == 0 {
			r.Flags = []string{FlagFast}
		}
		for _, id := range form.CriterionIDs() {
			if random.IntN(3) > 0 {
				rating := 1 + random.IntN(5)
				if form.Criterion(id).NotApplicable.VI != "" && random.IntN(2) == 0 {
					rating = 0
				}
				r.Answers = append(r.Answers, Answer{id, rating})
			}
		}
		out = append(out, r)
	}
	return out, forms
}

func TestTabulateAgainstOneByOne(t *testing.T) {
	responses, forms := randomResponses(rand.New(rand.NewPCG(7, 7)), 3000)
	t.Run("several forms a day", func(t *testing.T) { tabulateAgainstOneByOne(t, responses, forms) })
	one := slices.DeleteFunc(slices.Clone(responses), func(r *Response) bool { return r.QuestionnaireVersion != 1 || r.Questionnaire != ServiceQuestionnaire })
	t.Run("one form", func(t *testing.T) { tabulateAgainstOneByOne(t, one, forms) })
	// More criteria than are counted together.
	policy := &forms[ref("chinh-sach", 1)].Factors[0]
	for n := len(policy.Criteria) + 1; n <= maxJoint+1; n++ {
		policy.Criteria = append(policy.Criteria, Criterion{ID: fmt.Sprint(n)})
	}
	t.Run("a long factor", func(t *testing.T) { tabulateAgainstOneByOne(t, responses, forms) })
}

func tabulateAgainstOneByOne(t *testing.T, responses []*Response, forms map[string]*Questionnaire) {
	t.Helper()
	segments := NewSegments(func(ref string) *Questionnaire { return forms[ref] })
	segments.Add(responses...)
	factorOf := func(form *Questionnaire, id string) string {
		for _, f := range form.Factors {
			if slices.ContainsFunc(f.Criteria, func(c Criterion) bool { return c.ID == id }) {
				return f.ID
			}
		}
		return ""
	}
	queries := []Query{
		{},
		{By: []string{"area"}},
		{By: []string{"month"}},
		{By: []string{"quarter", "channel"}},
		{From: "2026-04-10", To: "2026-05-20", By: []string{"area", "desk"}},
		{By: []string{"criterion"}},
		{By: []string{"factor"}},
		{By: []string{"area", "criterion"}},
		{By: []string{"factor", "desk"}},
		{By: []string{"factor", "criterion"}},
		{By: []string{"area"}, Filters: []Filter{{"channel", []string{"phone", "paper"}}, {"flagged", []string{"no"}}}},
		{By: []string{"area"}, Filters: []Filter{{"factor", []string{"I", "IV"}}}},
		{By: []string{"criterion"}, Filters: []Filter{{"factor", []string{"V"}}, {"area", []string{"dat-dai"}}}},
		{Filters: []Filter{{"criterion", []string{"15"}}}},
		{Filters: []Filter{{"factor", []string{"I", "IV"}}}},
		{Filters: []Filter{{"criterion", []string{"99"}}}},
		{By: []string{"sex", "lang"}},
		{Filters: []Filter{{"area", []string{"khong-co"}}}},
		{Filters: []Filter{{"area", []string{""}}}},
	}
	for _, q := range queries {
		t.Run(strings.ReplaceAll(fmt.Sprint(q), " ", "_"), func(t *testing.T) {
			got, err := segments.Tabulate(q)
			if err != nil {
				t.Fatal(err)
			}
			filterParts := func(name, value string) bool {
				for _, f := range q.Filters {
					if f.Dimension == name && !slices.Contains(f.Values, value) {
						return false
					}
				}
				return true
			}
			answersBy := slices.Contains(q.By, "factor") || slices.Contains(q.By, "criterion")
			narrowed := slices.ContainsFunc(q.Filters, func(f Filter) bool { return f.Dimension == "factor" || f.Dimension == "criterion" })
			counts := func(form *Questionnaire, id string) bool {
				return filterParts("factor", factorOf(form, id)) && filterParts("criterion", id)
			}
			service := func(form *Questionnaire, id string) bool {
				return counts(form, id) && (form.Block == BlockService || narrowed && answersBy)
			}
			var kept []*Response
			for _, r := range responses {
				ok := (q.From == "" || r.AnsweredOn >= q.From) && (q.To == "" || r.AnsweredOn <= q.To)
				for _, f := range q.Filters {
					if f.Dimension != "factor" && f.Dimension != "criterion" && !slices.Contains(f.Values, valueOf(r, f.Dimension)) {
						ok = false
					}
				}
				if ok {
					kept = append(kept, r)
				}
			}
			if want := sumsOf(kept, forms, service); !reflect.DeepEqual(got.Overall, want) {
				t.Errorf("overall\n got %+v\nwant %+v", got.Overall, want)
			}
			// Group one by one.
			groups := map[string][]*Response{}
			for _, r := range kept {
				key := make([]string, len(q.By))
				for i, name := range q.By {
					if name != "factor" && name != "criterion" {
						key[i] = valueOf(r, name)
					}
				}
				groups[strings.Join(key, "|")] = append(groups[strings.Join(key, "|")], r)
			}
			want := map[string]Sums{}
			for key, members := range groups {
				if !answersBy {
					want[key] = sumsOf(members, forms, service)
					continue
				}
				parts := map[string]bool{}
				for _, form := range forms {
					if !slices.ContainsFunc(responses, func(r *Response) bool { return ref(r.Questionnaire, r.QuestionnaireVersion) == form.Ref() }) {
						continue
					}
					for _, id := range form.CriterionIDs() {
						if !counts(form, id) {
							continue
						}
						full := strings.Split(key, "|")
						for i, name := range q.By {
							switch name {
							case "factor":
								full[i] = factorOf(form, id)
							case "criterion":
								full[i] = id
							}
						}
						parts[strings.Join(full, "|")] = true
					}
				}
				for full := range parts {
					values := strings.Split(full, "|")
					want[full] = sumsOf(members, forms, func(form *Questionnaire, id string) bool {
						for i, name := range q.By {
							if name == "factor" && values[i] != factorOf(form, id) || name == "criterion" && values[i] != id {
								return false
							}
						}
						return counts(form, id)
					})
				}
			}
			if len(q.By) == 0 {
				want = nil
			}
			if len(got.Cells)+got.Suppressed != len(want) {
				t.Errorf("%d cells and %d suppressed, want %d together", len(got.Cells), got.Suppressed, len(want))
			}
			for _, c := range got.Cells {
				key := strings.Join(c.Key, "|")
				if !reflect.DeepEqual(c.Sums, want[key]) {
					t.Errorf("%s\n got %+v\nwant %+v", key, c.Sums, want[key])
				}
			}
		})
	}
}

func TestSmallDemographicCellsAreLeftOut(t *testing.T) {
	q := testForm()
	segments := NewSegments(func(string) *Questionnaire { return q })
	add := func(n int, sex, area string) {
		for i := range n {
			segments.Add(&Response{ID: fmt.Sprint(sex, area, i), Questionnaire: q.ID, QuestionnaireVersion: 1, ReceivedAt: time.Now(), AnsweredOn: "2026-06-30", Overall: 4, Area: area, Profile: Profile{Sex: sex}})
		}
	}
	add(4, "female", "dat-dai")
	add(5, "male", "dat-dai")
	add(1, "", "xay-dung")
	got, err := segments.Tabulate(Query{By: []string{"sex"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Cells) != 1 || got.Cells[0].Key[0] != "male" || got.Suppressed != 2 {
		t.Errorf("by sex: %+v", got)
	}
	for _, values := range [][]string{{"female"}, {""}} {
		got, err = segments.Tabulate(Query{Filters: []Filter{{"sex", values}}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Overall.Responses != 0 || got.Suppressed != 1 {
			t.Errorf("a filter that leaves fewer than five shows %+v", got)
		}
	}
	if got, _ = segments.Tabulate(Query{By: []string{"area"}}); len(got.Cells) != 2 || got.Suppressed != 0 {
		t.Errorf("areas say nothing of people and stay: %+v", got)
	}
}

func TestSegmentsSplitBeforeTheirCodesRunOut(t *testing.T) {
	q := testForm()
	segments := NewSegments(func(string) *Questionnaire { return q })
	at := time.Date(2026, 6, 30, 3, 0, 0, 0, time.UTC)
	for i := range 1000 {
		segments.Add(&Response{ID: fmt.Sprint(i), Questionnaire: q.ID, QuestionnaireVersion: 1, ReceivedAt: at, AnsweredOn: "2026-06-30", Procedure: fmt.Sprint("p", i%600), Overall: 5})
	}
	got, err := segments.Tabulate(Query{By: []string{"procedure"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Cells) != 600 || got.Overall.Responses != 1000 {
		t.Errorf("%d procedures, %d responses", len(got.Cells), got.Overall.Responses)
	}
	if n := len(segments.all()); n < 3 {
		t.Errorf("600 values in %d segments of at most 255", n)
	}
}

// TestReadersWhileAdding asks while responses come in; run with -race it shows
// that a view is never written to, and every answer is a count of whole
// responses.
func TestReadersWhileAdding(t *testing.T) {
	responses, forms := randomResponses(rand.New(rand.NewPCG(3, 3)), 2000)
	segments := NewSegments(func(ref string) *Questionnaire { return forms[ref] })
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, r := range responses {
			segments.Add(r)
		}
	}()
	last := int64(0)
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		got, err := segments.Tabulate(Query{By: []string{"area", "criterion"}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Overall.Responses < last {
			t.Fatalf("%d responses after %d", got.Overall.Responses, last)
		}
		last = got.Overall.Responses
	}
	if last != int64(len(responses)) {
		t.Errorf("%d of %d", last, len(responses))
	}
}

func TestQueriesThatCannotBeAnswered(t *testing.T) {
	for _, q := range []Query{
		{By: []string{"weather"}}, {By: []string{"area", "area"}}, {By: []string{"area", "desk", "month"}},
		{From: "2026-02-01", To: "2026-01-01"}, {Filters: []Filter{{"weather", []string{"rain"}}}},
	} {
		if _, err := NewSegments(nil).Tabulate(q); err == nil {
			t.Errorf("%+v was answered", q)
		}
	}
}
