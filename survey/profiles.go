package survey

import (
	"cmp"
	"slices"

	"sipas/internal/catalogue"
)

// Profiles decides what a table of single responses says of the people behind
// them. Where somebody was, and in which month, others may know; so of those who
// answered about one procedure at one desk in one month, everybody shares what is
// said of them with at least MinCell-1 others. What is left out looks like what
// was never said.
//
// It holds twice: for whole months, so that two tables of different days never
// tell more together than one of the month; and for the days asked for, so that
// no table has a smaller cell by itself.
type Profiles struct{ month, days map[profileAt]Profile }

// place is where and when a response was given, as far as others may know it.
type place struct {
	month                       string
	area, procedure, desk, unit string
}

type profileAt struct {
	place
	profile Profile
}

// Of returns the part of the profile that may stand beside the response.
func (p Profiles) Of(r *Response) Profile {
	if r.Profile == (Profile{}) {
		return Profile{}
	}
	at := place{string(r.AnsweredOn[:7]), r.Area, r.Procedure, r.Desk, r.Unit}
	return p.days[profileAt{at, p.month[profileAt{at, r.Profile}]}]
}

// Profiles counts the responses answered From to To, inclusive; "" is open. A
// response that comes later has no profile in it.
func (s *Segments) Profiles(from, to catalogue.Date) Profiles {
	whole, asked := map[profileAt]int{}, map[profileAt]int{}
	var p Profiles
	segments := s.all()
	for _, segment := range segments {
		segment.eachProfile(func(on catalogue.Date, at profileAt) {
			if (from == "" || at.month >= string(from[:7])) && (to == "" || at.month <= string(to[:7])) {
				whole[at]++
			}
		})
	}
	p.month = shownProfiles(whole)
	for _, segment := range segments {
		segment.eachProfile(func(on catalogue.Date, at profileAt) {
			if (from == "" || on >= from) && (to == "" || on <= to) {
				at.profile = p.month[at]
				asked[at]++
			}
		})
	}
	p.days = shownProfiles(asked)
	return p
}

func (s *Segment) eachProfile(visit func(catalogue.Date, profileAt)) {
	value := func(d dim, row int) string { return s.columns[d].values[s.columns[d].codes[row]] }
	for row := range s.tallies {
		on := catalogue.Date(value(dimAnsweredOn, row))
		visit(on, profileAt{
			place{string(on[:7]), value(dimArea, row), value(dimProcedure, row), value(dimDesk, row), value(dimUnit, row)},
			Profile{value(dimSex, row), value(dimAge, row), value(dimEducation, row), value(dimOccupation, row), value(dimResidence, row)},
		})
	}
}

// profiled is how many people at one place have a profile, and what is left of it.
type profiled struct {
	whole, shown Profile
	people       int
}

// shownProfiles says for each profile at each place which part of it is shown,
// given how many have it. Pure.
func shownProfiles(people map[profileAt]int) map[profileAt]Profile {
	places := map[place][]*profiled{}
	for at, n := range people {
		places[at.place] = append(places[at.place], &profiled{at.profile, at.profile, n})
	}
	shown := make(map[profileAt]Profile, len(people))
	for at, list := range places {
		divide(list, ProfileQuestions)
		for _, p := range list {
			shown[profileAt{at, p.whole}] = p.shown
		}
	}
	return shown
}

// divide shows the answers to the first of the questions by which the people can
// be told apart in groups of at least MinCell, and goes on inside each group.
// Those whose answer is left out are one group with those who gave none; it takes
// in the smallest of the others until it is large enough, since being the only one
// without an answer says as much as an answer.
func divide(list []*profiled, questions []Question) {
	if len(questions) == 0 || len(list) == 0 {
		return
	}
	id := questions[0].ID
	groups := map[string][]*profiled{}
	for _, p := range list {
		groups[p.shown.Get(id)] = append(groups[p.shown.Get(id)], p)
	}
	blank := groups[""]
	delete(groups, "")
	answers := sortedKeys(groups)
	slices.SortStableFunc(answers, func(a, b string) int { return cmp.Compare(total(groups[a]), total(groups[b])) })
	for _, answer := range answers {
		small, few := total(groups[answer]) < MinCell, total(blank) > 0 && total(blank) < MinCell
		if !small && !few {
			break // the others are no smaller
		}
		for _, p := range groups[answer] {
			p.shown.Set(id, "")
		}
		blank = append(blank, groups[answer]...)
		delete(groups, answer)
	}
	divide(blank, questions[1:])
	for _, group := range groups {
		divide(group, questions[1:])
	}
}

func total(list []*profiled) (n int) {
	for _, p := range list {
		n += p.people
	}
	return n
}
