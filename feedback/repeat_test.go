package feedback_test

import (
	"errors"
	"testing"
	"time"

	"sipas/feedback"
)

// saying is what the sender does in these tests.
func saying(r *feedback.Rules, message string) action {
	return func(c *feedback.Case, now time.Time) (feedback.Event, error) { return c.Reply(message, r, now) }
}

func rating(r *feedback.Rules, in feedback.RatingInput) action {
	return func(c *feedback.Case, now time.Time) (feedback.Event, error) { return c.Rate(in, r, now) }
}

// TestSentTwice: what a sender repeats is known again by the version that they
// saw, and what they say anew in the same words is not taken for it.
func TestSentTwice(t *testing.T) {
	r := shipped(t)
	classify := doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition})
	answer := doing(r, feedback.Answer, desk, feedback.StepInput{Message: "Đã làm"})
	reply := saying(r, "Vâng")
	partly := feedback.RatingInput{Solved: feedback.SolvedPartly, Level: 3, Comment: "Còn chậm"}
	again := partly
	again.Reopen = true
	for _, tt := range []struct {
		name    string
		do      []action
		message string
		rating  feedback.RatingInput
		seen    int
		want    bool
	}{
		{"nothing was said", nil, "Vâng", feedback.RatingInput{}, 1, false},
		{"the same", []action{reply}, " Vâng\r\n", feedback.RatingInput{}, 1, true},
		{"another message", []action{reply}, "Không", feedback.RatingInput{}, 1, false},
		{"an officer was in between", []action{reply, classify}, "Vâng", feedback.RatingInput{}, 1, true},
		{"said anew after it was seen", []action{reply, classify}, "Vâng", feedback.RatingInput{}, 2, false},
		{"no version", []action{classify, reply}, "Vâng", feedback.RatingInput{}, 0, true},
		{"no version, an officer was in between", []action{reply, classify}, "Vâng", feedback.RatingInput{}, 0, false},
		{"a version that is none", []action{reply}, "Vâng", feedback.RatingInput{}, 99, false},
		{"an officer's words", []action{classify, answer}, "Đã làm", feedback.RatingInput{}, 1, false},
		{"the same rating", []action{classify, answer, rating(r, partly)}, "", partly, 3, true},
		{"the same rating, and now reopen", []action{classify, answer, rating(r, partly)}, "", again, 3, false},
		{"the same rating that reopened", []action{classify, answer, rating(r, again)}, "", again, 3, true},
		{"another level", []action{classify, answer, rating(r, partly)}, "", feedback.RatingInput{Solved: feedback.SolvedPartly, Level: 4, Comment: "Còn chậm"}, 3, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := walk(t, r, received(t, r, feedback.Petition), tt.do...)
			got := c.Replied(tt.message, tt.seen)
			if tt.message == "" {
				tt.rating.Seen = tt.seen
				got = c.Rated(tt.rating)
			}
			if got != tt.want {
				t.Errorf("sent before: %t, want %t", got, tt.want)
			}
		})
	}
}

// TestRatingIsOfTheAnswerThatWasSeen: nobody's rating becomes that of an answer
// that they have not read.
func TestRatingIsOfTheAnswerThatWasSeen(t *testing.T) {
	r := shipped(t)
	answer := doing(r, feedback.Answer, desk, feedback.StepInput{Message: "Đã làm"})
	c := walk(t, r, received(t, r, feedback.Petition),
		doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}), answer,
		doing(r, feedback.Reopen, office, feedback.StepInput{Note: "nhầm"}), answer,
		doing(r, feedback.Close, office, feedback.StepInput{}))
	for seen, want := range map[int]error{0: nil, 3: feedback.ErrNewAnswer, 4: feedback.ErrNewAnswer, 5: nil, 6: nil} {
		_, err := c.Rate(feedback.RatingInput{Solved: feedback.SolvedYes, Level: 5, Seen: seen}, r, onDay(20))
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("having seen version %d: %v, want %v", seen, err, want)
		}
	}
}
