package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/seeds/demo"
	"sipas/survey"
)

// figured adds to a sample that was filled what the office made of its figures:
// improvement tasks, and comments that are tagged.
func (s *stores) figured(ctx context.Context, kind *storedKind, year *demo.Year, segments *survey.Segments, log *slog.Logger) error {
	err := s.openTasks(ctx, year, segments)
	if err == nil {
		err = s.sortComments(ctx, kind)
	}
	if err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	return s.filled(ctx, kind, year, log)
}

// sampleEditions is how many months of the sample are published.
const sampleEditions = 2

// publishMonths seals the year and publishes the two months before the last whole
// one, each in the month after it, unless they are published: the last is left for
// whoever tries the program. No visitor waits for it.
func (s *stores) publishMonths(ctx context.Context, kind *storedKind, chain *survey.Chain, segments *survey.Segments) error {
	earlier := s.survey.Editions()
	if kind.At.IsZero() || len(earlier) >= sampleEditions {
		return nil
	}
	if err := chain.Seal(ctx); err != nil {
		return err
	}
	first, _ := survey.LastWholeMonth(kind.At)
	for n := len(earlier); n < sampleEditions; n++ {
		from := catalogue.DateOf(first.Start().AddDate(0, n-sampleEditions, 0))
		next := catalogue.DateOf(from.Start().AddDate(0, 1, 0))
		seal, err := s.survey.SealOf(ctx, next.AddDays(3))
		if err != nil {
			return err
		}
		at := next.AddDays(4).Start().Add(9 * time.Hour).UTC()
		e, err := segments.Compose(from, next.AddDays(-1), seal, earlier, s.survey.Catalogue(), at)
		if err != nil {
			return fmt.Errorf("edition of %s: %w", from.Month(), err)
		}
		e.Number, e.By, e.PublishedAt, e.Note = n+1, sampleOfficer(feedback.RoleOffice).Account, at, "Dữ liệu mẫu: không phải kết quả đo của cơ quan nào."
		if err := s.survey.PublishEdition(ctx, e); err != nil {
			return err
		}
		earlier = append(earlier, e)
	}
	return s.survey.Reload(ctx)
}

// openTasks opens the tasks and does what was done about them. One that is there
// already stays as it is.
func (s *stores) openTasks(ctx context.Context, year *demo.Year, segments *survey.Segments) error {
	plan, err := s.improve.Plan(ctx)
	if err != nil {
		return err
	}
	office, units := sampleOfficer(feedback.RoleOffice).Account, s.survey.Catalogue()
	for i, told := range year.Tasks {
		x := improve.Task{ID: fmt.Sprintf("mauvieccaitien%012d", i+1), Area: told.Area, Factor: told.Factor}
		for _, d := range plan {
			if d.ID == told.Duty {
				x.Duty = d.Ref()
			}
		}
		if told.Area != "" {
			if x.Before, err = improve.Read(segments, units, x.Area, x.Factor, x.Criterion, told.From, told.To, told.OpenedAt); err != nil {
				return err
			}
		}
		t, err := improve.New(x, told.Sheet, office, units, told.OpenedAt)
		for n, p := range told.Proofs {
			if err == nil {
				e := improve.Evidence{ID: fmt.Sprintf("%s-%d", x.ID, n), By: sampleOfficer(p.By).Account, Text: p.Text}
				t, err = t.Prove(e, p.At)
			}
		}
		if err == nil && !told.DoneAt.IsZero() {
			t, err = t.End(improve.ActDone, told.Reason, office, told.DoneAt)
		}
		if err == nil {
			err = s.improve.Put(ctx, t)
		}
		if err != nil {
			return fmt.Errorf("task %d: %w", i+1, err)
		}
	}
	return nil
}

// sampleTags are what the office sorts comments by, each with the words by which
// the sample finds some that belong to it.
var sampleTags = []struct {
	name  string
	words []string
}{
	{"Chờ lâu", []string{"chờ lâu", "gần hai tiếng", "cứ về chờ"}},
	{"Trễ hẹn", []string{"trễ hẹn", "mong trả đúng ngày"}},
	{"Hướng dẫn chưa khớp", []string{"hướng dẫn trên mạng", "mỗi người nói một kiểu"}},
	{"Lời khen", []string{"nhiệt tình", "lễ phép"}},
}

// tagged is how many comments are tagged for each of the words.
const tagged = 8

// sortComments tags some of the newest comments, and blanks what one of them says
// of its writer.
func (s *stores) sortComments(ctx context.Context, kind *storedKind) error {
	from := catalogue.DateOf(kind.At).AddDays(-60)
	for i, told := range sampleTags {
		tag := &survey.Tag{ID: fmt.Sprintf("maunhan%019d", i+1), Name: told.name}
		if err := s.survey.PutTag(ctx, tag); err != nil {
			return err
		}
		for _, words := range told.words {
			list, _, err := s.survey.Comments(ctx, survey.CommentFilter{From: from, Words: words}, 1000, "")
			if err != nil {
				return err
			}
			for _, c := range list[:min(tagged, len(list))] {
				if err := s.survey.TagComment(ctx, c, []string{tag.ID}); err != nil {
					return err
				}
			}
		}
	}
	name, _, _ := strings.Cut(demo.NamedGone, "\n")
	list, _, err := s.survey.Comments(ctx, survey.CommentFilter{From: from, Words: name}, 1000, "")
	if err != nil {
		return err
	}
	for _, c := range list {
		// As in the console, what was done to a text is on record before it is done.
		if err := s.staff.Record(ctx, &staff.Entry{At: kind.At, Account: byCommand, Action: "comment.blank", Object: "comment/" + c.ID}); err != nil {
			return err
		}
		if err := s.survey.BlankComment(ctx, c, demo.NamedGone); err != nil {
			return err
		}
	}
	return nil
}
