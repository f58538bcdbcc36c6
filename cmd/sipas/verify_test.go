package main

import (
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/survey"
)

// TestVerifyWantsBlankingOnRecord: a free text that says of itself that something
// in it was blanked is believed only if the audit log says so too.
func TestVerifyWantsBlankingOnRecord(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	o.fill(3)
	o.rest()
	o.s.seal(t, 1)
	list, _, err := o.s.survey.Comments(t.Context(), survey.CommentFilter{}, 10, "")
	if err != nil || len(list) != 3 {
		t.Fatalf("%d comments, %v", len(list), err)
	}
	if err := o.s.survey.BlankComment(t.Context(), list[1], "Cảm ơn"); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := sipas(t, vars, "verify")
	if code != exitFailed || !strings.Contains(stderr, "a free text has been changed") || !strings.Contains(stderr, "audit log") || strings.Contains(stderr, "Cảm") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	entry := &staff.Entry{At: time.Now(), Account: "van-phong", Action: "comment.blank", Object: "comment/" + list[1].ID}
	if err := o.s.staff.Record(t.Context(), entry); err != nil {
		t.Fatal(err)
	}
	must(t, vars, "verify")
}
