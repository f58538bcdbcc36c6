package feedback

import (
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/sheet"
)

// ExportColumns are the columns of a table of single cases as they stand at now:
// nothing that leads to the sender (no contact, no dossier, no name of whom it is
// about), and of the words only the subject.
func ExportColumns(now time.Time) []sheet.Column[*Case] {
	text := func(id, values string, codes []string, get func(*Case) string) sheet.Column[*Case] {
		return sheet.Column[*Case]{ID: id, Values: values, Codes: codes, Width: 14, Cell: func(c *Case) sheet.Cell { return sheet.Text(get(c)) }}
	}
	place := func(id, values string, get func(*Case) string) sheet.Column[*Case] {
		c := text(id, values, nil, get)
		c.Width = 27
		return c
	}
	day := func(id string, get func(*Case) time.Time) sheet.Column[*Case] {
		return sheet.Column[*Case]{ID: id, Width: 12, Cell: func(c *Case) sheet.Cell { return dayCell(get(c)) }}
	}
	yes := []string{"yes", "no"}
	subject := text("subject", "", nil, func(c *Case) string { return c.Subject })
	subject.Width = 60
	return []sheet.Column[*Case]{
		text("code", "", nil, func(c *Case) string { return c.Code }),
		text("kind", "kind", wordsOf(notSecret), func(c *Case) string { return string(c.Kind) }),
		text("status", "status", wordsOf(Statuses), func(c *Case) string { return string(c.Status) }),
		text("standing", "standing", wordsOf(Standings), func(c *Case) string { return string(c.Standing(now)) }),
		day("received_on", func(c *Case) time.Time { return c.ReceivedAt }),
		day("accepted_on", func(c *Case) time.Time { return c.AcceptedAt }),
		day("due_on", func(c *Case) time.Time { return c.DueAt }),
		day("answered_on", func(c *Case) time.Time { return c.AnsweredAt }),
		day("ended_on", func(c *Case) time.Time { return c.EndedAt }),
		{ID: "days", Cell: func(c *Case) sheet.Cell {
			if days, ok := c.days(now); ok {
				return sheet.Number(days)
			}
			return sheet.Cell{}
		}},
		text("apologised", "apologised", yes, func(c *Case) string {
			late, apologised := c.late()
			return yesNo(late, apologised)
		}),
		text("area", "area", nil, func(c *Case) string { return c.Area }),
		text("procedure", "procedure", nil, func(c *Case) string { return c.Procedure }),
		place("unit", "unit", func(c *Case) string { return c.Unit }),
		place("about_unit", "unit", func(c *Case) string { return c.About.Unit }),
		place("about_desk", "desk", func(c *Case) string { return c.About.Desk }),
		text("taken_by_officer", "taken", yes, func(c *Case) string { return yesNo(true, c.Taken.Account != "") }),
		text("published", "published", yes, func(c *Case) string { return yesNo(true, c.Publication.Public()) }),
		text("solved", "solved", []string{string(SolvedYes), string(SolvedPartly), string(SolvedNo)}, func(c *Case) string { return string(c.Rating.Solved) }),
		{ID: "rating", Values: "level", Codes: []string{"1", "2", "3", "4", "5"}, Cell: func(c *Case) sheet.Cell {
			if c.Rating.Level == 0 {
				return sheet.Cell{}
			}
			return sheet.Number(c.Rating.Level)
		}},
		{ID: "files", Cell: func(c *Case) sheet.Cell { return sheet.Number(len(c.Files)) }},
		subject,
	}
}

func dayCell(at time.Time) sheet.Cell {
	if at.IsZero() {
		return sheet.Cell{}
	}
	on := catalogue.DateOf(at)
	return sheet.Day(string(on), on.Days())
}

// yesNo answers a question that does not arise with nothing.
func yesNo(arises, yes bool) string {
	switch {
	case !arises:
		return ""
	case yes:
		return "yes"
	}
	return "no"
}
