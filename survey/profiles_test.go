package survey_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// people answer about one procedure at one desk in June 2026; each is written
// "sex age", "." for what was not said, and day and area can follow.
func people(t *testing.T, list ...string) (*survey.Segments, []*survey.Response) {
	t.Helper()
	segments := survey.NewSegments(func(string) *survey.Questionnaire { return nil })
	var responses []*survey.Response
	for _, line := range list {
		var times int
		part := strings.Fields(line)
		fmt.Sscan(part[0], &times)
		said := func(i int) string {
			if part[i] == "." {
				return ""
			}
			return part[i]
		}
		for range times {
			r := &survey.Response{
				ID: fmt.Sprintf("of-a-test-%04d", len(responses)), Area: "dat-dai", Desk: "mot-cua", AnsweredOn: "2026-06-15",
				ReceivedAt: time.Date(2026, 6, 15, 3, 0, 0, 0, time.UTC), Profile: survey.Profile{Sex: said(1), Age: said(2)},
			}
			if len(part) > 3 {
				r.AnsweredOn = catalogue.Date(part[3])
			}
			if len(part) > 4 {
				r.Area = part[4]
			}
			responses = append(responses, r)
		}
	}
	segments.Add(responses...)
	return segments, responses
}

func TestProfiles(t *testing.T) {
	for _, tt := range []struct {
		name     string
		people   []string
		from, to catalogue.Date
		want     string // what is shown, with how many show it
	}{
		{"enough", []string{"5 female .", "6 male ."}, "", "", "5 female/ 6 male/"},
		{"four", []string{"4 female ."}, "", "", "4 /"},
		{"four of one kind take the next along", []string{"4 female .", "6 male ."}, "", "", "10 /"},
		{"four of one kind among those who did not say", []string{"4 female .", "6 male .", "1 . ."}, "", "", "5 / 6 male/"},
		{"four who did not say", []string{"7 female .", "9 male .", "4 . ."}, "", "", "11 / 9 male/"},
		{"the second question inside the first", []string{"5 female 18-24", "6 female 60+", "5 male 60+"}, "", "", "5 female/18-24 6 female/60+ 5 male/60+"},
		{"a small part of the second", []string{"8 female 18-24", "2 female 60+", "5 male 60+"}, "", "", "10 female/ 5 male/60+"},
		{"the second without the first", []string{"2 female 60+", "3 male 60+"}, "", "", "5 /60+"},
		{"another area", []string{"3 female .", "3 female . 2026-06-15 xay-dung"}, "", "", "6 /"},
		{"another month", []string{"3 female .", "3 female . 2026-05-15"}, "", "", "6 /"},
		{"other days of the month", []string{"3 female .", "3 female . 2026-06-02"}, "", "", "6 female/"},
		{"few on the days asked for", []string{"3 female .", "3 female . 2026-06-02"}, "2026-06-10", "", "6 /"},
		{"few in the month, whatever is asked for", []string{"4 female .", "5 male . 2026-06-02"}, "2026-06-01", "2026-06-10", "9 /"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			segments, responses := people(t, tt.people...)
			profiles := segments.Profiles(tt.from, tt.to)
			got := map[string]int{}
			var order []string
			for _, r := range responses {
				p := profiles.Of(r)
				shown := p.Sex + "/" + p.Age
				if got[shown]++; got[shown] == 1 {
					order = append(order, shown)
				}
			}
			var text []string
			for _, shown := range order {
				text = append(text, fmt.Sprint(got[shown], " ", shown))
			}
			if strings.Join(text, " ") != tt.want {
				t.Errorf("%s, want %s", strings.Join(text, " "), tt.want)
			}
		})
	}
}

// TestNobodyIsAlone: whatever people say of themselves, nobody is in a group of
// fewer than five by what is shown, in the month and on the days asked for.
func TestNobodyIsAlone(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 5))
	for range 300 {
		var list []string
		for range 1 + random.IntN(60) {
			list = append(list, fmt.Sprintf("1 %s %s 2026-06-%02d", []string{".", "female", "male", "other"}[random.IntN(4)],
				[]string{".", ".", "18-24", "60+"}[random.IntN(4)], 1+random.IntN(28)))
		}
		segments, responses := people(t, list...)
		for _, from := range []catalogue.Date{"", "2026-06-14"} {
			profiles := segments.Profiles(from, "")
			shown, all := map[survey.Profile]int{}, 0
			for _, r := range responses {
				if r.AnsweredOn >= from {
					shown[profiles.Of(r)]++
					all++
				}
			}
			for profile, n := range shown {
				if n < survey.MinCell && n < all {
					t.Fatalf("%d of %d people show %+v: %v", n, all, profile, list)
				}
			}
		}
	}
}
