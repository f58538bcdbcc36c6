package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/staff"
)

const phonePath = "/lam-viec/vu-viec/so-dien-thoai"

// TestCallerIsFound: an officer types the number that a caller says and gets the
// cases; the number is in no log, no address and no page, the search is on record.
func TestCallerIsFound(t *testing.T) {
	o := newOffice(t)
	k, secret := o.sent(feedback.Petition), o.sent(feedback.Denunciation)
	desk, inspection := o.signIn(staff.Desk), o.signIn(staff.Inspection)
	if a := o.send("GET", "/lam-viec/vu-viec", "", desk, local); !strings.Contains(a.body, phonePath) {
		t.Error("the queue leads to no search by phone")
	}
	search := func(session, number, kind string) answer {
		o.now = o.now.Add(time.Second)
		return o.send("POST", phonePath, url.Values{"phone": {number}, "kind": {kind}}.Encode(), form, session, local)
	}
	a := search(desk, "+84 905.123.456", "")
	if a.StatusCode != 200 || !strings.Contains(a.body, feedback.FormatCode(k.Code)) || strings.Contains(a.body, feedback.FormatCode(secret.Code)) {
		t.Errorf("the desk finds %d %s", a.StatusCode, a.body)
	}
	if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.body, "905") {
		t.Error("the number stays in the page")
	}
	if a := search(inspection, "0905123456", "denunciation"); !strings.Contains(a.body, feedback.FormatCode(secret.Code)) || strings.Contains(a.body, feedback.FormatCode(k.Code)) {
		t.Error("the inspection does not find the denunciation alone")
	}
	if a := search(desk, "0905123456", "denunciation"); a.StatusCode != 200 || strings.Contains(a.body, feedback.FormatCode(secret.Code)) {
		t.Errorf("the desk, among denunciations: %d", a.StatusCode)
	}
	if a := search(desk, "0905", ""); a.StatusCode != 422 || !strings.Contains(a.body, `value="0905"`) || !strings.Contains(a.body, `href="#phone"`) {
		t.Errorf("half a number: %d", a.StatusCode)
	}
	entries := func(secrets bool) (list []string) {
		for _, e := range o.auditLog(staff.EntryFilter{Action: "case.phone", Secret: secrets}) {
			list = append(list, e.Account+" "+e.Object+" "+strings.Join(e.Detail, ""))
		}
		slices.Sort(list)
		return list
	}
	open := []string{"test-desk case/" + k.Code + " ", "test-desk cases "}
	if got := entries(false); !slices.Equal(got, open) {
		t.Errorf("on record is %q", got)
	}
	if got := entries(true); len(got) != 5 || !slices.Contains(got, "test-inspection case/"+secret.Code+" ") {
		t.Errorf("the inspection reads %q", got)
	}
	for _, number := range []string{"905123456", "905 123", "123 456"} {
		if strings.Contains(o.log.String(), number) || strings.Contains(strings.Join(entries(true), ""), number) {
			t.Errorf("%s is on record", number)
		}
	}
}

// TestProgramsFindByPhone: the same in JSON, for the same roles.
func TestProgramsFindByPhone(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition)
	for body, want := range map[string]string{
		`{"phone": "0905 123 456"}`: k.Code, `{"phone": "0905 123 457"}`: `"items":[]`, `{"phone": "1"}`: `"phone"`, `{}`: `"phone"`,
		`{"phone": "0905 123 456", "kind": "petition"}`: `"kind"`, `{"phone": "0905 123 456", "q": "x"}`: `"q"`,
	} {
		if a := o.send("POST", "/api/v1/cases/search", body, o.as(staff.Desk)); !strings.Contains(strings.ReplaceAll(a.body, "-", ""), strings.ReplaceAll(want, "-", "")) {
			t.Errorf("%s: %d %s", body, a.StatusCode, a.body)
		}
	}
	if a := o.send("GET", "/api/v1/cases?q=0905+123+456", "", o.as(staff.Desk)); strings.Contains(a.body, k.Code) {
		t.Error("a number in an address finds a case")
	}
}
