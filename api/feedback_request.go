package api

import (
	"net/url"
	"slices"
	"strings"

	"sipas/feedback"
	"sipas/internal/fault"
)

// maxFeedbackText is how large what is written may be, all fields together. It
// is far above feedback.MaxContent, so that somebody who writes ten times too
// much is told the limit and gets the text back.
const maxFeedbackText = 4 << 20

// feedbackMembers are the members of feedback in JSON.
var feedbackMembers = []string{
	"key", "kind", "subject", "content", "area", "procedure", "about", "dossier", "contact", "anonymous", "consent", "publish", "lang",
}

// readFeedbackJSON reads the body of POST /feedback. What is wrong with a member
// is added to bad.
func readFeedbackJSON(body []byte, bad *fault.Fields) (feedback.Intake, error) {
	o, err := readObject(body, bad)
	if err != nil {
		return feedback.Intake{}, err
	}
	o.only(feedbackMembers...)
	about, contact := o.inner("about"), o.inner("contact")
	about.only("unit", "desk", "officer")
	contact.only("name", "phone", "email", "address")
	return feedback.Intake{
		Key: o.text("key"), Kind: feedback.Kind(o.text("kind")), Subject: o.text("subject"), Content: o.text("content"),
		Area: o.text("area"), Procedure: o.text("procedure"), Dossier: o.text("dossier"),
		About:     feedback.About{Unit: about.text("unit"), Desk: about.text("desk"), Officer: about.text("officer")},
		Contact:   feedback.Contact{Name: contact.text("name"), Phone: contact.text("phone"), Email: contact.text("email"), Address: contact.text("address")},
		Anonymous: o.flag("anonymous"), Consent: o.flag("consent"), Publish: o.flag("publish"), Lang: o.text("lang"),
	}, nil
}

// feedbackFields are the fields of feedback as a form, in the order of the page:
// the members of the JSON with a dot before those of an inner one.
var feedbackFields = []string{
	"key", "content", "subject", "kind", "area", "procedure", "about.unit", "about.desk", "about.officer", "dossier",
	"contact.name", "contact.phone", "contact.email", "contact.address", "anonymous", "files", "consent", "publish", "lang",
}

// readFeedbackForm reads the same from the fields of a form.
func readFeedbackForm(form url.Values, bad *fault.Fields) feedback.Intake {
	for _, name := range sortedNames(form) {
		if !slices.Contains(feedbackFields, name) {
			bad.Add(name, "unknown_member", name)
		}
	}
	flag := func(name string) bool {
		switch strings.ToLower(form.Get(name)) {
		case "true", "on", "1":
			return true
		case "false", "0", "":
		default:
			bad.Add(name, "type_flag")
		}
		return false
	}
	return feedback.Intake{
		Key: form.Get("key"), Kind: feedback.Kind(form.Get("kind")), Subject: form.Get("subject"), Content: form.Get("content"),
		Area: form.Get("area"), Procedure: form.Get("procedure"), Dossier: form.Get("dossier"),
		About:     feedback.About{Unit: form.Get("about.unit"), Desk: form.Get("about.desk"), Officer: form.Get("about.officer")},
		Contact:   feedback.Contact{Name: form.Get("contact.name"), Phone: form.Get("contact.phone"), Email: form.Get("contact.email"), Address: form.Get("contact.address")},
		Anonymous: flag("anonymous"), Consent: flag("consent"), Publish: flag("publish"), Lang: form.Get("lang"),
	}
}

// inOrder brings what is wrong into the order of the page, fields that it does
// not have at the end.
func inOrder(bad fault.Fields) {
	place := func(f fault.Field) int {
		name := f.Name
		if strings.HasPrefix(name, "files.") {
			name = "files"
		}
		if i := slices.Index(feedbackFields, name); i >= 0 {
			return i
		}
		return len(feedbackFields)
	}
	slices.SortStableFunc(bad, func(a, b fault.Field) int { return place(a) - place(b) })
}
