package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
)

// Of 10,000 dossiers, wherever they are.
const (
	withdrawn  = 60
	refused    = 150
	apologised = 7800 // of those that are late
)

// hardDays is how many working days ago it began that three times as many are
// late, so that some are overdue today.
const hardDays = 20

// terms are what procedures are given to be done, in working days.
var terms = []int{3, 5, 5, 7, 8, 10, 10, 15, 20}

// dossiers are what the one-stop system would have listed: in every area more
// than there are answers, most of them done in time.
func (m *maker) dossiers() {
	random := rand.New(rand.NewPCG(165, 2024))
	for _, a := range areas {
		list := m.procedures(a.id)
		if len(list) == 0 {
			continue
		}
		n := a.dossiers * m.todayAt / m.workdaysOf(365)
		for range n {
			i := random.IntN(len(list))
			d := m.dossier(random, a, list[i], terms[i%len(terms)])
			m.out.Dossiers = append(m.out.Dossiers, d)
		}
	}
	slices.SortStableFunc(m.out.Dossiers, func(a, b dossier.Dossier) int { return cmp.Compare(a.ReceivedOn, b.ReceivedOn) })
	for i := range m.out.Dossiers {
		d := &m.out.Dossiers[i]
		d.Code = fmt.Sprintf("MAU-%s-%05d", strings.ReplaceAll(string(d.ReceivedOn), "-", "")[2:], i)
	}
}

// workdaysOf counts the working days of the last days.
func (m *maker) workdaysOf(days int) int {
	first, _ := slices.BinarySearch(m.days, m.today.AddDays(-days))
	return m.todayAt - first
}

// dossier is one, received on any working day up to the last one before today.
func (m *maker) dossier(random *rand.Rand, a area, p catalogue.Procedure, term int) dossier.Dossier {
	if a.id == security { // registered on the day itself or the next
		term = 1
	}
	received := random.IntN(m.todayAt)
	chance := a.late
	if received > m.todayAt-hardDays {
		chance *= 3
	}
	due, late := received+term, random.IntN(10_000) < chance
	end := due - random.IntN(term/3+1)
	if late {
		end = due + 1 + random.IntN(6)
		if random.IntN(8) == 0 {
			end += random.IntN(10)
		}
	}
	d := dossier.Dossier{
		Procedure: p.ID, Area: p.Area, Desk: frontDesk, Unit: p.Unit, ReceivedOn: m.days[received], DueOn: m.days[due],
	}
	if random.IntN(3) > 0 {
		d.Desk = counter(a.id)
	}
	if d.Unit == "" && a.id == land {
		d.Unit = landDivision
	}
	if n := random.IntN(10_000); end <= m.todayAt && m.days[end] <= m.today {
		d.ReturnedOn, d.Outcome = m.days[end], dossier.OutcomeGranted
		switch {
		case late:
		case n < withdrawn:
			d.Outcome = dossier.OutcomeWithdrawn
		case n < withdrawn+refused:
			d.Outcome = dossier.OutcomeRefused
		}
	}
	if late && random.IntN(10_000) < apologised && m.days[due] < m.today {
		d.ApologyOn, d.PromisedOn = m.days[due], m.days[end]
	}
	return d
}

// The counters, each for its areas.
const landCounter, natureCounter = "quay-dat-dai", "quay-moi-truong-tai-nguyen"

// counter is where the people of an area are served.
func counter(area string) string {
	if area == land || area == security || area == maps {
		return landCounter
	}
	return natureCounter
}
