package feedback_test

import (
	"fmt"
	"strings"
	"testing"

	"sipas/feedback"
)

// TestHistoryOfADenunciationStaysSecret: what was done while a case was a
// denunciation is the inspection's alone, also when it has become a petition.
func TestHistoryOfADenunciationStaysSecret(t *testing.T) {
	r := shipped(t)
	as := func(k feedback.Kind) action {
		return doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: k, Note: "note as " + string(k)})
	}
	hidden := doing(r, feedback.Ask, inspection, feedback.StepInput{Note: "hidden note", Message: "hidden question"})
	shown := doing(r, feedback.Ask, inspection, feedback.StepInput{Note: "n", Message: "Thửa nào?"})
	for _, tt := range []struct {
		name string
		kind feedback.Kind
		do   []action
		want string // outside the inspection
	}{
		{"never one", feedback.Petition, []action{as(feedback.Question), shown}, "receive petition, classify question, ask"},
		{"sent as one", feedback.Denunciation, []action{as(feedback.Petition), shown}, "receive, classify petition, ask"},
		{"sent as one, and asked about as one", feedback.Denunciation,
			[]action{as(feedback.Denunciation), hidden, replying(r, "hidden reply"), as(feedback.Petition)}, "receive, classify petition"},
		{"one for a while", feedback.Petition,
			[]action{as(feedback.Petition), as(feedback.Denunciation), hidden, replying(r, "hidden reply"), as(feedback.Petition), shown},
			"receive petition, classify petition, classify petition, ask"},
	} {
		c := walk(t, r, received(t, r, tt.kind), tt.do...)
		for _, who := range []feedback.Officer{desk, office, leader, inspection} {
			var got []string
			events := feedback.History(who, c)
			for _, e := range events {
				got = append(got, strings.TrimSpace(string(e.Step)+" "+string(e.Kind)))
			}
			switch all := fmt.Sprint(events); {
			case who.Role == feedback.RoleInspection:
				if len(events) != c.Version() {
					t.Errorf("%s: the inspection sees %q", tt.name, got)
				}
			case strings.Join(got, ", ") != tt.want || strings.Contains(all, "denunciation") || strings.Contains(all, "hidden"):
				t.Errorf("%s: %s sees %s", tt.name, who.Role, all)
			}
		}
	}
	if c := received(t, r, feedback.Denunciation); feedback.History(office, c) != nil || feedback.History(inspection, c) == nil {
		t.Error("of a denunciation")
	}
}
