package survey

import (
	"strconv"

	"sipas/internal/catalogue"
)

// ref names a questionnaire version as responses keep it.
func ref(id string, version int) string { return id + "@" + strconv.Itoa(version) }

// ValidOn says whether the version may be answered on the day.
func (q *Questionnaire) ValidOn(day catalogue.Date) bool {
	return q.From <= day && (q.To == "" || day <= q.To)
}
