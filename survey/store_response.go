package survey

import (
	"fmt"
	"slices"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

type storedResponse struct {
	store.Doc `bson:",inline"`
	Response  `bson:",inline"`
	Answers   store.Pairs[int]    `bson:"answers"`
	Extra     store.Pairs[string] `bson:"extra"`
}

func encode(r *Response) *storedResponse {
	d := &storedResponse{
		Doc: store.Doc{ID: r.ID}, Response: *r,
		Answers: make(store.Pairs[int], len(r.Answers)), Extra: make(store.Pairs[string], len(r.Extra)),
	}
	for i, a := range r.Answers {
		d.Answers[i] = store.Pair[int]{Key: a.Criterion, Value: a.Rating}
	}
	for i, c := range r.Extra {
		d.Extra[i] = store.Pair[string]{Key: c.Question, Value: c.Option}
	}
	return d
}

// WriteFields writes what the tags say, in their order.
func (d *storedResponse) WriteFields(f *store.Fields) {
	f.Int("shape", d.Shape)
	f.String("digest", d.Digest)
	f.String("link", d.Link)
	f.String("questionnaire", d.Questionnaire)
	f.Int("questionnaireVersion", d.QuestionnaireVersion)
	f.String("area", d.Area)
	f.String("procedure", d.Procedure)
	f.String("desk", d.Desk)
	f.String("unit", d.Unit)
	f.String("channel", string(d.Channel))
	f.Bool("verified", d.Verified)
	f.String("stage", d.Stage)
	f.String("outcome", d.Outcome)
	f.String("late", d.Late)
	f.String("answeredOn", string(d.AnsweredOn))
	f.Time("receivedAt", d.ReceivedAt)
	f.Int("overall", d.Overall)
	f.Document("profile", func(f *store.Fields) {
		for _, q := range ProfileQuestions {
			if option := d.Profile.Get(q.ID); option != "" {
				f.String(q.ID, option)
			}
		}
	})
	f.String("lang", d.Lang)
	f.String("comment", d.Comment)
	f.Strings("flags", d.Flags)
	f.Document("answers", d.Answers.WriteFields)
	f.Document("extra", d.Extra.WriteFields)
}

// ReadField takes in what WriteFields wrote.
func (d *storedResponse) ReadField(name string, v store.Value) {
	switch name {
	case "shape":
		d.Shape = v.Int()
	case "digest":
		d.Digest = v.String()
	case "link":
		d.Link = v.String()
	case "questionnaire":
		d.Questionnaire = v.String()
	case "questionnaireVersion":
		d.QuestionnaireVersion = v.Int()
	case "area":
		d.Area = v.String()
	case "procedure":
		d.Procedure = v.String()
	case "desk":
		d.Desk = v.String()
	case "unit":
		d.Unit = v.String()
	case "channel":
		d.Channel = Channel(v.String())
	case "verified":
		d.Verified = v.Bool()
	case "stage":
		d.Stage = v.String()
	case "outcome":
		d.Outcome = v.String()
	case "late":
		d.Late = v.String()
	case "answeredOn":
		d.AnsweredOn = catalogue.Date(v.String())
	case "receivedAt":
		d.ReceivedAt = v.Time()
	case "overall":
		d.Overall = v.Int()
	case "profile":
		v.Each(func(id string, v store.Value) { d.Profile.Set(id, v.String()) })
	case "lang":
		d.Lang = v.String()
	case "comment":
		d.Comment = v.String()
	case "flags":
		d.Flags = v.Strings()
	case "answers":
		v.Each(func(id string, v store.Value) {
			d.Answers = append(d.Answers, store.Pair[int]{Key: id, Value: v.Int()})
		})
	case "extra":
		v.Each(func(id string, v store.Value) {
			d.Extra = append(d.Extra, store.Pair[string]{Key: id, Value: v.String()})
		})
	}
}

// decode fills in what is stored in another form, and refuses a shape that a
// newer program wrote.
func (d *storedResponse) decode() (*Response, error) {
	r := &d.Response
	if r.Shape > ShapeVersion {
		return nil, fmt.Errorf("response of shape %d: this program knows only up to %d", r.Shape, ShapeVersion)
	}
	r.ID = d.Doc.ID
	r.Answers = slices.Grow([]Answer(nil), len(d.Answers))
	for _, a := range d.Answers {
		r.Answers = append(r.Answers, Answer{a.Key, a.Value})
	}
	for _, c := range d.Extra {
		r.Extra = append(r.Extra, Choice{c.Key, c.Value})
	}
	return r, nil
}
