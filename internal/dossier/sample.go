package dossier

import (
	"cmp"
	"slices"
)

// Received counts the dossiers of an area received at a desk.
type Received struct {
	Area, Desk string
	Dossiers   int
}

func receivedOf(count map[Received]int) []Received {
	list := make([]Received, 0, len(count))
	for r, n := range count {
		r.Dossiers = n
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Received) int { return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Desk, b.Desk)) })
	return list
}

// Answered counts the answers of an area through a desk.
type Answered struct {
	Area, Desk string
	Responses  int
}

// Sample is how many answers an area needs and has.
type Sample struct {
	Area              string
	Dossiers          int
	Needed, Responses int
	Desks             []DeskSample
}

// Missing is how many answers the area still needs.
func (s Sample) Missing() int { return max(0, s.Needed-s.Responses) }

// DeskSample is a desk's part of a Sample.
type DeskSample struct {
	Desk      string
	Dossiers  int
	Needed    int // its part of the area's, by its dossiers
	Responses int
}

// Missing is how many answers should still come from the desk.
func (s DeskSample) Missing() int { return max(0, s.Needed-s.Responses) }

// Sampling says for each area with dossiers how many answers size asks for, and
// divides that among the desks by their dossiers, rounding up the largest
// remainders first so that the parts add up. Answers through no desk count for
// the area alone. Pure.
func Sampling(received []Received, answered []Answered, size func(dossiers int) int) []Sample {
	var list []Sample
	for _, r := range received {
		i := slices.IndexFunc(list, func(s Sample) bool { return s.Area == r.Area })
		if i < 0 {
			i, list = len(list), append(list, Sample{Area: r.Area})
		}
		list[i].Dossiers += r.Dossiers
		list[i].Desks = append(list[i].Desks, DeskSample{Desk: r.Desk, Dossiers: r.Dossiers})
	}
	for i := range list {
		s := &list[i]
		s.Needed = size(s.Dossiers)
		for _, a := range answered {
			if a.Area != s.Area {
				continue
			}
			s.Responses += a.Responses
			for j := range s.Desks {
				if s.Desks[j].Desk == a.Desk {
					s.Desks[j].Responses += a.Responses
				}
			}
		}
		s.divide()
	}
	return list
}

// divide gives each desk its part of what the area needs.
func (s *Sample) divide() {
	left := s.Needed
	order := make([]int, len(s.Desks))
	for i := range s.Desks {
		d := &s.Desks[i]
		d.Needed = s.Needed * d.Dossiers / s.Dossiers
		left -= d.Needed
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(s.Needed*s.Desks[b].Dossiers%s.Dossiers, s.Needed*s.Desks[a].Dossiers%s.Dossiers)
	})
	for _, i := range order[:left] {
		s.Desks[i].Needed++
	}
}
