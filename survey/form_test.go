package survey

import (
	"fmt"

	"sipas/internal/catalogue"
)

// testForm is a questionnaire of the shape of the service block: five factors,
// criteria 15 to 33, "not applicable" in the last factor.
func testForm() *Questionnaire {
	q := &Questionnaire{ID: ServiceQuestionnaire, Version: 1, Block: BlockService, From: "2023-01-01"}
	next := 15
	for i, n := range []int{4, 4, 5, 3, 3} {
		f := Factor{ID: []string{"I", "II", "III", "IV", "V"}[i], Name: catalogue.Text{VI: "Yếu tố", EN: "Factor"}}
		for range n {
			c := Criterion{ID: fmt.Sprint(next), Text: catalogue.Text{VI: "Câu", EN: "Question"}}
			if f.ID == "V" {
				c.NotApplicable = catalogue.Text{VI: "Tôi chưa từng phản ánh", EN: "Never"}
			}
			f.Criteria = append(f.Criteria, c)
			next++
		}
		q.Factors = append(q.Factors, f)
	}
	q.Extra = []Question{{ID: "visits", Text: catalogue.Text{VI: "Mấy lần", EN: "How often"}, Options: []Option{{ID: "1"}, {ID: "2"}}}}
	return q
}
