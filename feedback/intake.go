package feedback

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// Limits of what a sender writes, in characters.
const (
	MaxSubject = 200
	MaxContent = 20_000
	maxName    = 200 // of a person, and of a holiday or term
	maxPhone   = 30
	maxEmail   = 254
	maxAddress = 300
	maxDossier = 64
)

// Intake is what a sender says, or an officer for a sender, before anything is
// checked.
type Intake struct {
	Key       string // of the page, so that sending again is safe
	Kind      Kind
	Subject   string
	Content   string
	Area      string
	Procedure string
	About     About // DeskUnit is not the sender's to say
	Dossier   string
	Contact   Contact
	Anonymous bool
	Consent   bool // to the keeping of personal data, given by an act
	Publish   bool
	Lang      string  // "" is "vi"
	Files     []*File // that ReadFile has returned
	Taken     Taken   // set by the server
}

// Contact is how an answer reaches the sender. It is kept sealed, and apart from
// everything that is shown.
type Contact struct {
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Address string `json:"address,omitempty"`
}

// Draft is an intake that has been checked: a case that is not stored yet.
type Draft struct {
	c       Case
	contact Contact
	files   []*File
	key     string
	body    []string // everything that was sent, to tell a retry from a key used again
}

// Case returns the case that the draft makes, without a code.
func (d *Draft) Case() *Case { return &d.c }

// New checks an intake and makes a case of it, received at now: pure. The error
// is a fault of kind Invalid that names every field. The contact of an anonymous
// sender is dropped.
func New(in Intake, r *Rules, now time.Time) (*Draft, error) {
	in = in.cleaned()
	var f fault.Fields
	f.AddKey(in.Key)
	switch {
	case in.Kind == "":
		f.Add("kind", "required")
	case !in.Kind.Known():
		f.Add("kind", "choice", wordsOf(Kinds))
	}
	tooLong(&f, "subject", in.Subject, MaxSubject)
	if in.Content == "" {
		f.Add("content", "required")
	}
	tooLong(&f, "content", in.Content, MaxContent)
	on := catalogue.DateOf(now)
	in.checkPlace(&f, r.Catalogue, on)
	tooLong(&f, "dossier", in.Dossier, maxDossier)
	in.checkSender(&f)
	if !in.Consent {
		f.Add("consent", "consent")
	}
	if in.Lang != "vi" && in.Lang != "en" {
		f.Add("lang", "choice", "vi, en")
	}
	if len(in.Files) > MaxFiles {
		f.Add("files", "too_many", MaxFiles)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	d := &Draft{key: in.Key, body: in.body(), contact: in.Contact, files: in.Files}
	d.c = Case{
		Kind: in.Kind, Status: Received, Subject: in.Subject, Content: in.Content, Area: in.Area, Procedure: in.Procedure,
		Dossier: in.Dossier, About: in.About, Anonymous: in.Anonymous, Publish: in.Publish, Lang: in.Lang, Taken: in.Taken,
		ReceivedAt: now,
	}
	stage, err := d.c.firstStage(r, on)
	if err == nil {
		err = d.c.begin(r, stage, now, WhyReceipt)
	}
	if err != nil {
		return nil, err
	}
	received := Event{At: now, Step: Receive, By: Actor{Account: in.Taken.Account}, Status: Received, DueAt: d.c.DueAt, Kind: in.Kind}
	d.c.Events = []Event{received}
	return d, nil
}

func (in Intake) cleaned() Intake {
	for _, line := range []*string{
		&in.Subject, &in.Dossier, &in.About.Officer, &in.Contact.Name, &in.Contact.Phone, &in.Contact.Email, &in.Contact.Address,
	} {
		*line = strings.Join(strings.Fields(text.Clean(*line)), " ")
	}
	in.Content = text.Clean(in.Content)
	in.About.DeskUnit = ""
	if in.Lang == "" {
		in.Lang = "vi"
	}
	if in.Anonymous && !in.Kind.Named() {
		in.Contact = Contact{}
	}
	return in
}

// body lists what was sent, all but the key.
func (in *Intake) body() []string {
	body := []string{
		string(in.Kind), in.Subject, in.Content, in.Area, in.Procedure, in.About.Unit, in.About.Desk, in.About.Officer, in.Dossier,
		in.Contact.Name, in.Contact.Phone, in.Contact.Email, in.Contact.Address,
		strconv.FormatBool(in.Anonymous), strconv.FormatBool(in.Publish), in.Lang,
	}
	for _, f := range in.Files {
		body = append(body, f.Name, string(f.sum[:]))
	}
	return body
}

// checkPlace looks up what the case refers to, and fills in what follows: a
// procedure knows its area, a desk its unit.
func (in *Intake) checkPlace(f *fault.Fields, c *catalogue.Catalogue, on catalogue.Date) {
	if in.Procedure != "" {
		p, ok := c.Procedure(in.Procedure, on)
		switch {
		case !ok:
			f.Add("procedure", "unknown", in.Procedure)
		case in.Area == "":
			in.Area = p.Area
		case in.Area != p.Area:
			f.Add("procedure", "other_area", p.Area)
		}
	}
	if in.Area != "" {
		if _, ok := c.Area(in.Area, on); !ok {
			f.Add("area", "unknown", in.Area)
		}
	}
	if in.About.Unit != "" {
		if _, ok := c.Unit(in.About.Unit, on); !ok {
			f.Add("about.unit", "unknown", in.About.Unit)
		}
	}
	if in.About.Desk != "" {
		if d, ok := c.Desk(in.About.Desk, on); ok {
			in.About.DeskUnit = d.Unit
		} else {
			f.Add("about.desk", "unknown", in.About.Desk)
		}
	}
	tooLong(f, "about.officer", in.About.Officer, maxName)
}

// phone is eight to fifteen digits, written as people write them.
var phone = regexp.MustCompile(`^\+?[0-9](?:[ .()-]*[0-9]){7,14}$`)

// checkSender holds the contact to what can reach somebody, and a kind that the
// law only hears under a name to a name with a phone or an address.
func (in *Intake) checkSender(f *fault.Fields) {
	c := in.Contact
	if in.Kind.Named() {
		if in.Anonymous {
			f.Add("anonymous", "not_anonymous")
		}
		if c.Name == "" {
			f.Add("contact.name", "required")
		}
		if c.Phone == "" && c.Address == "" {
			f.Add("contact.phone", "phone_or_address")
		}
	}
	tooLong(f, "contact.name", c.Name, maxName)
	tooLong(f, "contact.address", c.Address, maxAddress)
	if c.Phone != "" && (utf8.RuneCountInString(c.Phone) > maxPhone || !phone.MatchString(c.Phone)) {
		f.Add("contact.phone", "phone")
	}
	if c.Email != "" {
		if a, err := mail.ParseAddress(c.Email); err != nil || a.Address != c.Email || len(c.Email) > maxEmail {
			f.Add("contact.email", "email")
		}
	}
}
