package survey

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/sheet"
)

// ExportRow is a response as a table of single responses shows it. What it leaves
// out of the response, docs/decisions/0015 says why: key, link and the time of
// receipt would lead to a receipt in somebody's hand or to a dossier.
type ExportRow struct {
	*Response
	Shown Profile // see Profiles
	Text  string  // the free text; "": none, erased, or not for this reader

	ratings [maxCriterion + 1]int8 // by the criterion's number, and one more than what was chosen; 0: blank
}

// maxCriterion is the largest number that a criterion can have.
const maxCriterion = 99

// NewExportRow makes the row of a response.
func NewExportRow(r *Response, shown Profile, text string) *ExportRow {
	row := &ExportRow{Response: r, Shown: shown, Text: text}
	for _, a := range r.Answers {
		if n, err := strconv.Atoi(a.Criterion); err == nil && n <= maxCriterion {
			row.ratings[n] = int8(a.Rating + 1)
		}
	}
	return row
}

// ExportColumns are the columns of the table, in order: for the criteria and
// counter questions of the given questionnaires, and with the free text only
// where comments says so.
func ExportColumns(forms []*Questionnaire, comments bool) []sheet.Column[*ExportRow] {
	text := func(id, values string, codes []string, get func(*ExportRow) string) sheet.Column[*ExportRow] {
		return sheet.Column[*ExportRow]{ID: id, Values: values, Codes: codes, Width: 14, Cell: func(r *ExportRow) sheet.Cell { return sheet.Text(get(r)) }}
	}
	place := func(id string, get func(*ExportRow) string) sheet.Column[*ExportRow] {
		c := text(id, id, nil, get)
		c.Width = 27
		return c
	}
	yes, levels := []string{"yes", "no"}, []string{"1", "2", "3", "4", "5"}
	list := []sheet.Column[*ExportRow]{
		{ID: "answered_on", Cell: func(r *ExportRow) sheet.Cell { return sheet.Day(string(r.AnsweredOn), r.AnsweredOn.Days()) }, Width: 12},
		text("area", "area", nil, func(r *ExportRow) string { return r.Area }),
		text("procedure", "procedure", nil, func(r *ExportRow) string { return r.Procedure }),
		place("desk", func(r *ExportRow) string { return r.Desk }),
		place("unit", func(r *ExportRow) string { return r.Unit }),
		text("channel", "channel", []string{string(ChannelPhone), string(ChannelKiosk), string(ChannelPaper)}, func(r *ExportRow) string { return string(r.Channel) }),
		text("verified", "verified", yes, func(r *ExportRow) string { return yesNo(r.Verified) }),
		text("stage", "stage", []string{"receipt", "supplement", "refusal", "result"}, func(r *ExportRow) string { return r.Stage }),
		text("outcome", "", nil, func(r *ExportRow) string { return r.Outcome }),
		text("late", "late", yes, func(r *ExportRow) string { return r.Late }),
		text("flags", "flag", []string{FlagFast, FlagUniform, FlagBurst, FlagUntyped}, func(r *ExportRow) string { return strings.Join(r.Flags, " ") }),
		text("questionnaire", "", nil, func(r *ExportRow) string { return ref(r.Questionnaire, r.QuestionnaireVersion) }),
		text("lang", "lang", []string{"vi", "en"}, func(r *ExportRow) string { return r.Lang }),
		{ID: "overall", Values: "level", Codes: levels, Cell: func(r *ExportRow) sheet.Cell { return rating(r.Overall) }},
	}
	for _, n := range criteriaOf(forms) {
		list = append(list, sheet.Column[*ExportRow]{ID: "q" + strconv.Itoa(n), Values: "level", Codes: append(slices.Clone(levels), "0"),
			Cell: func(r *ExportRow) sheet.Cell {
				if r.ratings[n] == 0 {
					return sheet.Cell{}
				}
				return sheet.Number(int(r.ratings[n]) - 1)
			}})
	}
	for _, q := range extrasOf(forms) {
		list = append(list, text("x_"+q.ID, "x_"+q.ID, q.OptionIDs(), func(r *ExportRow) string { return r.choice(q.ID) }))
	}
	for _, q := range ProfileQuestions {
		list = append(list, text("p_"+q.ID, q.ID, q.OptionIDs(), func(r *ExportRow) string { return r.Shown.Get(q.ID) }))
	}
	if comments {
		c := text("comment", "", nil, func(r *ExportRow) string { return r.Text })
		c.Width = 60
		list = append(list, c)
	}
	return list
}

func rating(level int) sheet.Cell {
	if level == 0 {
		return sheet.Cell{}
	}
	return sheet.Number(level)
}

func (r *ExportRow) choice(question string) string {
	for _, c := range r.Extra {
		if c.Question == question {
			return c.Option
		}
	}
	return ""
}

// criteriaOf are the numbers of all criteria of the forms.
func criteriaOf(forms []*Questionnaire) (list []int) {
	for _, form := range forms {
		for _, id := range form.CriterionIDs() {
			if n, err := strconv.Atoi(id); err == nil && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	slices.Sort(list)
	return list
}

// extrasOf are the counter questions of the forms, each with all of its options.
func extrasOf(forms []*Questionnaire) (list []Question) {
	for _, form := range forms {
		for _, q := range form.Extra {
			at := slices.IndexFunc(list, func(x Question) bool { return x.ID == q.ID })
			if at < 0 {
				q.Options = slices.Clone(q.Options)
				list = append(list, q)
				continue
			}
			for _, o := range q.Options {
				if !list[at].Has(o.ID) {
					list[at].Options = append(list[at].Options, o)
				}
			}
		}
	}
	return list
}

// FormsAnswered returns the versions of questionnaires that responses of the days
// from to to answer, by their Ref; "" is open.
func (s *Segments) FormsAnswered(from, to catalogue.Date) []*Questionnaire {
	refs := map[string]bool{}
	for _, segment := range s.all() {
		days, forms := &segment.columns[dimAnsweredOn], &segment.columns[dimForm]
		for row := range segment.tallies {
			on := catalogue.Date(days.values[days.codes[row]])
			if (from == "" || on >= from) && (to == "" || on <= to) {
				refs[forms.values[forms.codes[row]]] = true
			}
		}
	}
	var list []*Questionnaire
	for _, ref := range sortedKeys(refs) {
		if form := s.forms(ref); form != nil {
			list = append(list, form)
		}
	}
	return list
}
