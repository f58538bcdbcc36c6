package feedback

import (
	"strings"

	"sipas/internal/catalogue"
)

// storedDays is an explanation in a letter a day: as a list of documents it was
// two thirds of a case, and what searches spent their time on.
type storedDays struct {
	First catalogue.Date   `bson:"first"` // "": none
	Days  string           `bson:"days"`
	Names []catalogue.Text `bson:"names"` // one for each newHoliday
}

// dayLetters has a letter for each reason.
var dayLetters = map[Why]byte{
	WhyReceipt: 'r', WhyAcceptance: 'a', WhyReopening: 'o', WhySaturday: '6', WhySunday: '7', WhyHoliday: 'h', WhyPaused: 'p',
	WhyCounted: 'c', WhyMakeup: 'k', WhyMoved: 'm',
}

// newHoliday is a day of a holiday that is not the one before it.
const newHoliday = 'H'

func packDays(days []Day) storedDays {
	var p storedDays
	var letters strings.Builder
	for i, d := range days {
		letter := dayLetters[d.Why]
		if i == 0 {
			p.First = d.On
		}
		if d.Why == WhyHoliday && (i == 0 || days[i-1].Name != d.Name) {
			letter = newHoliday
			p.Names = append(p.Names, d.Name)
		}
		letters.WriteByte(letter)
	}
	p.Days = letters.String()
	return p
}

func (p storedDays) unpack() []Day {
	why := map[byte]Why{newHoliday: WhyHoliday}
	for w, letter := range dayLetters {
		why[letter] = w
	}
	var days []Day
	holidays, counted := 0, 0
	for i := range len(p.Days) {
		d := Day{On: p.First.AddDays(i), Why: why[p.Days[i]]}
		if p.Days[i] == newHoliday {
			holidays++
		}
		switch d.Why {
		case WhyHoliday:
			d.Name = p.Names[holidays-1]
		case WhyCounted, WhyMakeup:
			counted++
			d.Counted, d.N = true, counted
		}
		days = append(days, d)
	}
	return days
}
