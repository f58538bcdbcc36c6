package feedback_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/feedback"
)

// TestIntake names every field that has to be mended.
func TestIntake(t *testing.T) {
	r := shipped(t)
	type in = feedback.Intake
	for _, tt := range []struct {
		name   string
		kind   feedback.Kind
		change func(*in)
		want   string
	}{
		{"petition", feedback.Petition, func(*in) {}, ""},
		{"only what is required", feedback.Question, func(x *in) {
			*x = in{Key: x.Key, Kind: x.Kind, Content: "Mấy giờ mở cửa?", Consent: true}
		}, ""},
		{"nothing", feedback.Petition, func(x *in) { *x = in{} }, "invalid: key required, kind required, content required, consent consent"},
		{"unknown kind", "report", func(*in) {}, "invalid: kind choice"},
		{"short key", feedback.Petition, func(x *in) { x.Key = "abc" }, "invalid: key length"},
		{"key with a path", feedback.Petition, func(x *in) { x.Key = "../../etc/passwd" }, "invalid: key characters"},
		{"200,000 characters", feedback.Petition, func(x *in) { x.Content = strings.Repeat("ộ", 200_000) }, "invalid: content too_long"},
		{"20,000 characters", feedback.Petition, func(x *in) { x.Content = strings.Repeat("ộ", 20_000) }, ""},
		{"long subject and dossier", feedback.Petition, func(x *in) {
			x.Subject, x.Dossier = strings.Repeat("ộ", 201), strings.Repeat("1", 65)
		}, "invalid: subject too_long, dossier too_long"},
		{"no words", feedback.Petition, func(x *in) { x.Content = " \r\n\x00\t " }, "invalid: content required"},
		{"no consent", feedback.Petition, func(x *in) { x.Consent = false }, "invalid: consent consent"},
		{"unknown places", feedback.Petition, func(x *in) {
			x.Area, x.Procedure, x.About = "khong", "9.999999", feedback.About{Unit: "khong", Desk: "khong"}
		}, "invalid: procedure unknown, area unknown, about.unit unknown, about.desk unknown"},
		{"procedure of another area", feedback.Petition, func(x *in) { x.Area, x.Procedure = "moi-truong", "1.012783" }, "invalid: procedure other_area"},
		{"long name of an officer", feedback.Petition, func(x *in) { x.About.Officer = strings.Repeat("a", 201) }, "invalid: about.officer too_long"},
		{"another language", feedback.Petition, func(x *in) { x.Lang = "fr" }, "invalid: lang choice"},
		{"phone in words", feedback.Petition, func(x *in) { x.Contact.Phone = "không có" }, "invalid: contact.phone phone"},
		{"phone too short", feedback.Petition, func(x *in) { x.Contact.Phone = "113" }, "invalid: contact.phone phone"},
		{"phone too long", feedback.Petition, func(x *in) { x.Contact.Phone = strings.Repeat("9", 16) }, "invalid: contact.phone phone"},
		{"phone from abroad", feedback.Petition, func(x *in) { x.Contact.Phone = "+84 (905) 123-456" }, ""},
		{"no e-mail address", feedback.Petition, func(x *in) { x.Contact.Email = "hoa tại gmail" }, "invalid: contact.email email"},
		{"e-mail with a name", feedback.Petition, func(x *in) { x.Contact.Email = "Hoa <hoa@example.vn>" }, "invalid: contact.email email"},
		{"e-mail", feedback.Petition, func(x *in) { x.Contact.Email = "hoa@example.vn" }, ""},
		{"long contact", feedback.Petition, func(x *in) {
			x.Contact.Name, x.Contact.Address = strings.Repeat("ộ", 201), strings.Repeat("ộ", 301)
		}, "invalid: contact.name too_long, contact.address too_long"},
		{"anonymous petition", feedback.Petition, func(x *in) { x.Anonymous = true }, ""},
		{"anonymous complaint", feedback.Complaint, func(x *in) { x.Anonymous = true }, "invalid: anonymous not_anonymous"},
		{"anonymous denunciation without a contact", feedback.Denunciation, func(x *in) { x.Anonymous, x.Contact = true, feedback.Contact{} },
			"invalid: anonymous not_anonymous, contact.name required, contact.phone phone_or_address"},
		{"complaint without a name", feedback.Complaint, func(x *in) { x.Contact.Name = "  " }, "invalid: contact.name required"},
		{"complaint that cannot be answered", feedback.Complaint, func(x *in) { x.Contact = feedback.Contact{Name: "Hoa", Email: "a@b.vn"} },
			"invalid: contact.phone phone_or_address"},
		{"complaint with an address", feedback.Complaint, func(x *in) { x.Contact = feedback.Contact{Name: "Hoa", Address: "Xã Gio Linh"} }, ""},
		{"denunciation with a phone", feedback.Denunciation, func(*in) {}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := intake(tt.kind)
			tt.change(&x)
			_, err := feedback.New(x, r, noon)
			if got := message(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWhatACaseIsMadeOf: texts in one form, what follows from the catalogue, and
// no contact in it.
func TestWhatACaseIsMadeOf(t *testing.T) {
	r := shipped(t)
	x := intake(feedback.Petition)
	x.Subject, x.Content = " Sổ\n đỏ  chậm", norm.NFD.String("Đất đai")+"\r\n\x07hết\r\n"
	x.Area, x.Procedure, x.About = "", "1.012783", feedback.About{Desk: "quay-dat-dai", DeskUnit: "so"}
	d, err := feedback.New(x, r, noon)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Case()
	if c.Subject != "Sổ đỏ chậm" || c.Content != "Đất đai\nhết" || c.Area != "dat-dai" || c.Lang != "vi" {
		t.Errorf("%q, %q, %q, %q", c.Subject, c.Content, c.Area, c.Lang)
	}
	if c.About.DeskUnit != registry || c.Contact != nil || c.Status != feedback.Received || c.Version() != 1 || c.State() != feedback.Running {
		t.Errorf("%+v", c)
	}
	if e := c.Events[0]; e.Step != feedback.Receive || !e.At.Equal(noon) || !e.DueAt.Equal(c.DueAt) {
		t.Errorf("%+v", e)
	}

	x.About = feedback.About{Unit: land, DeskUnit: registry} // which no sender can say
	if d, err = feedback.New(x, r, noon); err != nil || d.Case().About != (feedback.About{Unit: land}) {
		t.Errorf("%+v, %v", d.Case().About, err)
	}
}
