package feedback_test

import (
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
)

// TestVisible holds who sees what to the contract's table, for every role, kind
// and relation of an officer to a case. "read" is the case, "contact" with who
// sent it, "-" that there is none.
func TestVisible(t *testing.T) {
	rules := shipped(t)
	type relation struct {
		name   string
		change func(*feedback.Case, *feedback.Officer)
	}
	relations := map[string]relation{}
	for _, r := range []relation{
		{"stranger", func(*feedback.Case, *feedback.Officer) {}},
		{"own intake", func(c *feedback.Case, o *feedback.Officer) { c.Taken = feedback.Taken{Account: o.Account} }},
		{"intake of the desk", func(c *feedback.Case, o *feedback.Officer) {
			o.Desk = "quay-tra-ket-qua"
			c.Taken = feedback.Taken{Account: "dong-nghiep", Desk: o.Desk}
		}},
		{"intake of another, neither at a desk", func(c *feedback.Case, o *feedback.Officer) {
			c.Taken = feedback.Taken{Account: "dong-nghiep"}
		}},
		{"assigned", func(c *feedback.Case, o *feedback.Officer) { c.Unit = o.Unit }},
		{"assigned, about its unit", func(c *feedback.Case, o *feedback.Officer) { c.Unit, c.About.Unit = o.Unit, o.Unit }},
		{"assigned, about its desk", func(c *feedback.Case, o *feedback.Officer) { c.Unit, c.About.DeskUnit = o.Unit, o.Unit }},
		{"assigned, about the officer", func(c *feedback.Case, o *feedback.Officer) {
			c.Unit, c.About.Officer = o.Unit, "Ông NGUYEN VAN UOC, cán bộ thụ lý"
		}},
		{"own intake, about the officer", func(c *feedback.Case, o *feedback.Officer) {
			c.Taken, c.About.Officer = feedback.Taken{Account: o.Account}, "Nguyễn Văn Ước"
		}},
		{"own intake, about the officer's desk", func(c *feedback.Case, o *feedback.Officer) {
			o.Desk = "quay-tra-ket-qua"
			c.Taken, c.About.Desk = feedback.Taken{Account: o.Account}, o.Desk
		}},
		{"own intake, about the officer's unit", func(c *feedback.Case, o *feedback.Officer) {
			c.Taken, c.About.Unit = feedback.Taken{Account: o.Account}, o.Unit
		}},
		{"own intake, about one of nearly the name", func(c *feedback.Case, o *feedback.Officer) {
			c.Taken, c.About.Officer = feedback.Taken{Account: o.Account}, "Nguyễn Văn Ướcc và ông Văn Ước"
		}},
	} {
		relations[r.name] = r
	}
	const table = `
desk        petition      stranger                                  contact
desk        petition      own intake                                contact
desk        petition      own intake, about the officer             -
desk        petition      own intake, about the officer's desk      -
desk        petition      own intake, about the officer's unit      -
desk        petition      own intake, about one of nearly the name  contact
desk        question      stranger                                  contact
desk        praise        stranger                                  contact
desk        complaint     stranger                                  -
desk        complaint     own intake                                contact
desk        complaint     intake of the desk                        contact
desk        complaint     intake of another, neither at a desk      -
desk        complaint     own intake, about the officer             -
desk        complaint     own intake, about the officer's desk      -
desk        denunciation  stranger                                  -
desk        denunciation  own intake                                -
desk        denunciation  intake of the desk                        -
unit        petition      stranger                                  -
unit        petition      own intake                                -
unit        petition      assigned                                  read
unit        petition      assigned, about its unit                  -
unit        petition      assigned, about its desk                  -
unit        petition      assigned, about the officer               -
unit        question      stranger                                  -
unit        question      assigned                                  read
unit        praise        assigned                                  read
unit        praise        assigned, about its unit                  -
unit        complaint     stranger                                  -
unit        complaint     assigned                                  read
unit        complaint     assigned, about its unit                  -
unit        complaint     assigned, about the officer               -
unit        denunciation  stranger                                  -
unit        denunciation  assigned                                  -
inspection  petition      stranger                                  contact
inspection  question      stranger                                  contact
inspection  praise        stranger                                  contact
inspection  complaint     stranger                                  contact
inspection  complaint     assigned, about its unit                  contact
inspection  complaint     assigned, about the officer               -
inspection  denunciation  stranger                                  contact
inspection  denunciation  assigned, about its unit                  contact
inspection  denunciation  assigned, about the officer               -
office      petition      stranger                                  read
office      petition      assigned, about the officer               -
office      question      stranger                                  read
office      praise        stranger                                  read
office      complaint     stranger                                  read
office      complaint     own intake                                read
office      denunciation  stranger                                  -
office      denunciation  own intake                                -
leader      petition      stranger                                  read
leader      petition      assigned, about the officer               -
leader      question      stranger                                  read
leader      praise        stranger                                  read
leader      complaint     stranger                                  read
leader      denunciation  stranger                                  -
admin       petition      stranger                                  -
admin       petition      own intake                                -
admin       question      stranger                                  -
admin       praise        stranger                                  -
admin       complaint     stranger                                  -
admin       denunciation  stranger                                  -
`
	seen := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		f := strings.Fields(line)
		role, kind, name, want := f[0], f[1], strings.Join(f[2:len(f)-1], " "), f[len(f)-1]
		seen[role+" "+kind] = true
		relation, ok := relations[name]
		if !ok {
			t.Fatalf("no relation %q", name)
		}
		for _, status := range feedback.Statuses {
			c := received(t, rules, feedback.Kind(kind))
			c.Status = status
			o := feedback.Officer{Account: "uoc.nv", Name: "Nguyễn Văn Ước", Role: feedback.Role(role), Unit: land}
			relation.change(c, &o)
			got := map[feedback.Sight]string{{}: "-", {Read: true}: "read", {Read: true, Contact: true}: "contact"}[feedback.Visible(o, c)]
			if got != want {
				t.Errorf("%s, %s, %s, %s: %s, the table says %s", role, kind, status, name, got, want)
			}
			if steps := feedback.Allowed(c, o); want == "-" && steps != nil {
				t.Errorf("%s, %s, %s, %s: sees nothing and may %v", role, kind, status, name, steps)
			}
		}
	}
	if len(seen) != 6*5 {
		t.Errorf("%d roles and kinds of 30", len(seen))
	}
}

// TestUnitOfNobody: a case that is not assigned is not that of officers without
// a unit.
func TestUnitOfNobody(t *testing.T) {
	c := received(t, shipped(t), feedback.Petition)
	if s := feedback.Visible(feedback.Officer{Account: "x", Role: feedback.RoleUnit}, c); s.Read {
		t.Error("read")
	}
	nobody := feedback.Officer{Role: feedback.RoleDesk}
	c.Kind = feedback.Complaint // taken by nobody, and read by an officer without an account
	if s := feedback.Visible(nobody, c); s.Read {
		t.Error("a complaint that a sender wrote is read at a desk")
	}
}

// TestPublicView: the sender sees each step and what was written for them, and
// nothing that was written for officers.
func TestPublicView(t *testing.T) {
	r := shipped(t)
	c := walk(t, r, received(t, r, feedback.Petition, func(in *feedback.Intake) { in.About.Officer = "Trần Văn Bình" }),
		doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition, Note: "GHICHU một"}),
		doing(r, feedback.Assign, office, feedback.StepInput{Unit: land, Note: "GHICHU hai", Message: "Đã chuyển Phòng Quản lý đất đai."}),
		doing(r, feedback.Ask, unit, feedback.StepInput{Message: "Thửa nào?", Note: "GHICHU ba"}),
		replying(r, "Thửa 12."),
		doing(r, feedback.Answer, unit, feedback.StepInput{Message: "Đã cấp giấy."}),
		doing(r, feedback.Publish, office, feedback.StepInput{Message: "CHUADUYET"}))
	c.Code = "K7MX2ART9HC"
	p := feedback.PublicView(c, onDay(3))
	text := strings.Join(publicText(p), "\n")
	for _, secret := range []string{"GHICHU", "CHUADUYET", desk.Account, office.Account, unit.Account, "Lê Thị Hoa", "0905"} {
		if strings.Contains(text, secret) {
			t.Errorf("the sender sees %q", secret)
		}
	}
	for _, own := range []string{"Đã chuyển Phòng Quản lý đất đai.", "Thửa nào?", "Thửa 12.", "Đã cấp giấy.", "Sổ đỏ chậm", land} {
		if !strings.Contains(text, own) {
			t.Errorf("the sender does not see %q", own)
		}
	}
	if len(p.Steps) != 6 || p.CanReply || !p.CanRate || !p.CanReopen || p.ReopenUntil != "2026-04-01" || len(p.Explained) == 0 {
		t.Errorf("%+v", p)
	}
	confirmed := walk(t, r, c, doing(r, feedback.Publish, inspection, feedback.StepInput{}))
	if p := feedback.PublicView(confirmed, onDay(3)); len(p.Steps) != 7 || p.Steps[6].Message != "CHUADUYET" {
		t.Errorf("%d steps after the confirmation", len(p.Steps))
	}
	if p := feedback.PublicView(c, onDay(60)); p.CanReopen {
		t.Error("can be reopened for ever")
	}
}

// publicText lists every text of a view.
func publicText(p *feedback.Public) []string {
	list := []string{p.Code, string(p.Kind), string(p.Status), p.Subject, p.Content, p.Area, p.Procedure, p.Unit, p.Rating.Comment}
	for _, s := range p.Steps {
		list = append(list, string(s.Step), string(s.Status), string(s.Kind), s.Unit, s.To, s.Message)
	}
	return list
}

// TestRatedIsSaidOfTheAnswerThatStands: what a sender thought of an answer that
// was taken back is not shown as what they think of the next one.
func TestRatedIsSaidOfTheAnswerThatStands(t *testing.T) {
	r := shipped(t)
	answer := doing(r, feedback.Answer, desk, feedback.StepInput{Message: "Đã làm"})
	rate := rating(r, feedback.RatingInput{Solved: feedback.SolvedPartly, Level: 3})
	reopen := rating(r, feedback.RatingInput{Solved: feedback.SolvedNo, Level: 1, Reopen: true})
	start := []action{doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}), answer}
	for name, tt := range map[string]struct {
		do   []action
		want bool
	}{
		"not yet":              {nil, false},
		"rated":                {[]action{rate}, true},
		"rated and closed":     {[]action{rate, doing(r, feedback.Close, office, feedback.StepInput{})}, true},
		"reopened":             {[]action{reopen}, false},
		"reopened by officers": {[]action{rate, doing(r, feedback.Reopen, office, feedback.StepInput{})}, false},
		"answered anew":        {[]action{rate, reopen, answer}, false},
		"and rated anew":       {[]action{rate, reopen, answer, rate}, true},
	} {
		c := walk(t, r, received(t, r, feedback.Petition), append(slices.Clone(start), tt.do...)...)
		if got := feedback.PublicView(c, onDay(10)).Rated; got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}
