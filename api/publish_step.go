package api

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/web"
)

// An answer was written for one person. Before everybody reads it, an officer
// takes out what tells who that person is, with the help of feedback.Marks, and
// another one reads what is left.

// proposed is the text that publication begins with.
func proposed(k *feedback.Case) string {
	if k.Publication.Text != "" || !k.Publish {
		return k.Publication.Text
	}
	return lastAnswer(k)
}

// proposedQuestion is the question above it. It begins with the sender's own
// subject only if the sender agreed.
func proposedQuestion(k *feedback.Case) string {
	if k.Publication.Text != "" || !k.Publish {
		return k.Publication.Question
	}
	return k.Subject
}

func lastAnswer(k *feedback.Case) string {
	for _, e := range slices.Backward(k.Events) {
		if e.Step == feedback.Answer {
			return e.Message
		}
	}
	return ""
}

// published are the fields of the form that everybody will read.
var published = []string{"question", "message"}

// markForm shows in a form of the step what there is to blank in what is typed.
func (s *Server) markForm(c echo.Context, f *web.Form) {
	if f.Inputs == nil { // a preview
		return
	}
	m := &web.Marked{}
	for _, name := range published {
		for _, in := range f.Inputs {
			if in.Name != name || in.Value == "" {
				continue
			}
			if m.Text != nil {
				m.Text = append(m.Text, web.Piece{Text: "\n\n"})
			}
			m.Text = append(m.Text, s.pieces(c, in.Value)...)
		}
	}
	m.Marks = eachOnce(m.Text)
	f.Marked = m
}

// pieces cuts a text where it is marked.
func (s *Server) pieces(c echo.Context, text string) (list []web.Piece) {
	at := 0
	for _, m := range feedback.Marks(text) {
		if m.From > at {
			list = append(list, web.Piece{Text: text[at:m.From]})
		}
		list = append(list, web.Piece{Text: text[m.From:m.To], Mark: s.words(c)("marked.sort." + string(m.Sort))})
		at = m.To
	}
	if at < len(text) {
		list = append(list, web.Piece{Text: text[at:]})
	}
	return list
}

// eachOnce returns the marked pieces, one of each text.
func eachOnce(pieces []web.Piece) (list []web.Piece) {
	for _, p := range pieces {
		if p.Mark != "" && !slices.ContainsFunc(list, func(o web.Piece) bool { return o.Text == p.Text }) {
			list = append(list, p)
		}
	}
	return list
}

// blank takes out of what is typed what the officer wants out, and says whether
// that was asked for.
func blank(typed url.Values) bool {
	all := typed.Get("blankall") != ""
	if !all && typed.Get("blankpicked") == "" {
		return false
	}
	for _, name := range published {
		text := typed.Get(name)
		marks := slices.DeleteFunc(feedback.Marks(text), func(m feedback.Mark) bool {
			return !all && !slices.Contains(typed["blank"], text[m.From:m.To])
		})
		typed.Set(name, feedback.Blank(text, marks))
	}
	return true
}

// publicationView shows what everybody will read after the event, and what in it
// still looks as if it told who somebody is.
func (s *Server) publicationView(c echo.Context, k *feedback.Case, e feedback.Event) *web.PublicationView {
	v := &web.PublicationView{Before: lastAnswer(k), Question: s.pieces(c, e.Asked), Text: s.pieces(c, e.Message), Second: e.Public}
	v.Left = eachOnce(slices.Concat(v.Question, v.Text))
	return v
}
