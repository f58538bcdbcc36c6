package document_test

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/seeds"
	"sipas/survey"
)

// formOf is a questionnaire as a paper form, with the words of the interface.
func formOf(t *testing.T, lang string, q *survey.Questionnaire) document.PaperForm {
	t.Helper()
	text := texts(t, lang)
	say := func(x catalogue.Text) string {
		if lang == "en" {
			return x.EN
		}
		return x.VI
	}
	choices := func(questions []survey.Question) (out []document.Choice) {
		for _, x := range questions {
			c := document.Choice{Text: say(x.Text)}
			for _, o := range x.Options {
				c.Options = append(c.Options, say(o.Text))
			}
			out = append(out, c)
		}
		return out
	}
	f := document.PaperForm{
		Intro: text("print.form.intro"), Place: "Quầy Đất đai · " + text("print.area", "Đất đai"),
		Reference: text("print.form.reference", "ab12cd34", q.Ref()), Page: text("print.form.page"), QR: codeFor(t, "https://"+host+"/k/ab12cd34"),
		Date: text("print.form.date"), Overall: text("survey.heading"), Last: text("print.form.last"),
		Extra:   document.Group{Name: text("survey.extra"), Questions: choices(q.Extra)},
		Comment: document.Comment{Text: text("survey.comment"), Hint: text("print.form.comment")},
		Profile: document.Group{Name: text("survey.profile"), Hint: text("print.form.profile"), Questions: choices(survey.ProfileQuestions)},
	}
	for i := range f.Scale {
		f.Scale[i] = text("level." + strconv.Itoa(i+1))
	}
	for _, x := range q.Factors {
		factor := document.Factor{Name: say(x.Name)}
		for _, c := range x.Criteria {
			factor.Criteria = append(factor.Criteria, document.Criterion{Text: say(c.Text), NotApplicable: say(c.NotApplicable)})
		}
		f.Factors = append(f.Factors, factor)
	}
	return f
}

func shipped(t *testing.T) seeds.Data {
	t.Helper()
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func form(t *testing.T, name string, f document.PaperForm) paper {
	t.Helper()
	return print(t, "form-"+name, func(w io.Writer) error { return document.WritePaperForm(w, about("Phiếu khảo sát hài lòng"), f) })
}

// TestShippedFormHasTwoSides also where the form asks for the area, which takes
// the most room.
func TestShippedFormHasTwoSides(t *testing.T) {
	d := shipped(t)
	for _, q := range d.Questionnaires {
		for _, lang := range []string{"vi", "en"} {
			for _, open := range []bool{false, true} {
				name := fmt.Sprintf("%s-%s-%v", q.ID, lang, open)
				t.Run(name, func(t *testing.T) {
					f := formOf(t, lang, &q)
					if open {
						area := document.Choice{Text: texts(t, lang)("survey.whicharea")}
						for _, a := range d.Rows.Areas {
							area.Options = append(area.Options, a.Name.VI)
						}
						f.First, f.Place = []document.Choice{area}, ""
					}
					p := form(t, name, f)
					if len(p.pages) != 2 {
						t.Fatalf("%d pages", len(p.pages))
					}
					asks(t, p, f)
					if lang == "vi" && !open {
						readable(t, p, f, 10.5)
					} else if lang == "vi" {
						readable(t, p, f, 9.5)
					}
				})
			}
		}
	}
}

// readable checks the size of letters: so many points for the criteria, one less
// for the words above the columns. The digits in boxes are for the clerk.
func readable(t *testing.T, p paper, f document.PaperForm, least float64) {
	t.Helper()
	for _, page := range p.pages {
		for _, w := range page.words {
			if _, err := strconv.Atoi(w.text); err != nil && w.size < least-1 {
				t.Errorf("%q in %.2f points", w.text, w.size)
			}
			if strings.HasPrefix(f.Factors[0].Criteria[0].Text, w.text) && w.size < least {
				t.Errorf("criteria in %.2f points", w.size)
			}
		}
	}
}

// asks checks that a form asks for all of it in order, each question with its
// number and boxes on one page, and nothing on anything else.
func asks(t *testing.T, p paper, f document.PaperForm) {
	t.Helper()
	type question struct {
		text    string
		options []string // "1", or "1 Đất đai" where words stand beside the box
	}
	scale := []string{"1", "2", "3", "4", "5"}
	var want []question
	choice := func(c document.Choice) {
		q := question{text: c.Text}
		for i, o := range c.Options {
			q.options = append(q.options, strconv.Itoa(i+1)+" "+o)
		}
		want = append(want, q)
	}
	for _, c := range f.First {
		choice(c)
	}
	want = append(want, question{f.Overall, scale})
	for _, x := range f.Factors {
		for _, c := range x.Criteria {
			if c.NotApplicable != "" {
				want = append(want, question{c.Text, append([]string{"0 " + c.NotApplicable}, scale...)})
			} else {
				want = append(want, question{c.Text, scale})
			}
		}
	}
	for _, c := range f.Extra.Questions {
		choice(c)
	}
	want = append(want, question{text: f.Comment.Text})
	for _, c := range f.Profile.Questions {
		choice(c)
	}

	n := 0
	for i, page := range p.pages {
		tidy(t, page, 10, nil)
		if says := page.says(); !strings.HasPrefix(says, fmt.Sprintf("%s %d/%d %s", f.Page, i+1, len(p.pages), f.Reference)) {
			t.Errorf("page %d begins with %.80s", i+1, says)
		}
		for _, b := range page.boxes {
			if b.w < 5 || b.h < 5 || b.bottom() > page.height-8 {
				t.Errorf("page %d: a box at %v", i+1, b)
			}
		}
		for _, name := range append([]string{f.Extra.Name, f.Profile.Name}, names(f.Factors)...) {
			for _, w := range page.words {
				if w.text == name && !slices.ContainsFunc(page.boxes, func(b area) bool { return b.y > w.y && b.y < w.y+80 }) {
					t.Errorf("page %d: nothing follows %q", i+1, name)
				}
			}
		}
		// What is on the page, without its heads, from each number on.
		rest := page.says()
		for n < len(want) {
			text := strings.Join(append([]string{strconv.Itoa(n + 1), want[n].text}, want[n].options...), " ")
			if n == len(f.First) {
				text = strconv.Itoa(n+1) + " " + f.Overall + " 1 " + f.Scale[0] + " 2 " + f.Scale[1] + " 3 " + f.Scale[2] + " 4 " + f.Scale[3] + " 5 " + f.Scale[4]
			}
			_, after, found := strings.Cut(rest, text)
			if !found {
				break
			}
			rest = after
			n++
		}
	}
	if n < len(want) {
		t.Errorf("question %d, %q, is not there whole, in its place", n+1, want[n].text)
	}
	first, last := p.pages[0].says(), p.pages[len(p.pages)-1].says()
	for _, text := range []string{f.Mark, about("").Office, "Phiếu khảo sát hài lòng", f.Place, f.Intro, f.Date} {
		if !strings.Contains(first, text) {
			t.Errorf("the first page does not say %q", text)
		}
	}
	for i, page := range p.pages {
		if !strings.Contains(page.says(), f.Mark) {
			t.Errorf("page %d does not bear the mark", i+1)
		}
	}
	if !strings.HasSuffix(last, f.Last) {
		t.Errorf("the form does not end with %q", f.Last)
	}
	if url, code := p.pages[0].decode(t, area{0, 0, 210, 297}); url != "https://"+host+"/k/ab12cd34" || code.w < 20 {
		t.Errorf("the code says %q on %.1f mm", url, code.w)
	}
}

func names(factors []document.Factor) (names []string) {
	for _, f := range factors {
		names = append(names, f.Name)
	}
	return names
}

func TestRoomForTheComment(t *testing.T) {
	d := shipped(t)
	for _, c := range []struct{ name, questionnaire string }{{"little is left", "dich-vu"}, {"much is left", "chinh-sach"}} {
		t.Run(c.name, func(t *testing.T) {
			i := slices.IndexFunc(d.Questionnaires, func(q survey.Questionnaire) bool { return q.ID == c.questionnaire })
			f := formOf(t, "vi", &d.Questionnaires[i])
			page := form(t, "comment-"+c.questionnaire, f).pages[1]
			at := func(text string) float64 {
				return page.words[slices.IndexFunc(page.words, func(w words) bool { return w.text == text })].y
			}
			from, to := at(f.Comment.Text), at(f.Profile.Name)
			var lines []float64
			for _, l := range page.lines {
				if l.y > from && l.y < to && l.w > 150 {
					lines = append(lines, l.y)
				}
			}
			if len(lines) < 3 || len(lines) < int((to-from-12)/8)-1 {
				t.Fatalf("%d lines on %.0f mm", len(lines), to-from)
			}
			if end := page.words[len(page.words)-1].bottom(); end < page.height-15 {
				t.Errorf("%.0f mm are left below", page.height-end)
			}
			for i := range lines[1:] {
				if apart := lines[i+1] - lines[i]; apart < 7.5 {
					t.Errorf("lines %.1f mm apart", apart)
				}
			}
		})
	}
}

func TestLongForm(t *testing.T) {
	d := shipped(t)
	f := formOf(t, "vi", &d.Questionnaires[0])
	sentence := strings.Repeat("Cán bộ hướng dẫn dễ hiểu, chỉ một lần là làm đủ hồ sơ; ", 9)[:600]
	sentence = strings.Join(strings.Fields(strings.ToValidUTF8(sentence, "")), " ")
	var many document.Factor
	for i := range 45 {
		c := document.Criterion{Text: fmt.Sprintf("Tiêu chí %d: %s", i, f.Factors[0].Criteria[i%4].Text)}
		if i%3 == 0 {
			c = document.Criterion{Text: fmt.Sprintf("Tiêu chí %d: %s", i, sentence), NotApplicable: sentence}
		}
		many.Criteria = append(many.Criteria, c)
	}
	many.Name = "Yếu tố dài"
	f.Factors = append(f.Factors, many)
	for i := range 5 {
		f.Extra.Questions = append(f.Extra.Questions, document.Choice{Text: fmt.Sprintf("Câu hỏi %d: %s", i, sentence), Options: []string{sentence, "Có", "Không", sentence}})
	}
	f.Mark = texts(t, "vi")("print.sample")

	p := form(t, "long", f)
	if len(p.pages) < 5 {
		t.Fatalf("%d pages", len(p.pages))
	}
	asks(t, p, f)
	for i, page := range p.pages {
		// Boxes without the words of the scale above them are of no use.
		boxes := slices.ContainsFunc(page.words, func(w words) bool { return strings.HasPrefix(w.text, "Tiêu chí") })
		if boxes && (!strings.Contains(page.says(), many.Name) || !strings.Contains(page.says(), "Bình thường")) {
			t.Errorf("page %d has criteria without the words of the scale", i+1)
		}
	}
}

func TestFormWithoutCode(t *testing.T) {
	if document.WritePaperForm(io.Discard, about(""), document.PaperForm{}) == nil {
		t.Error("printed")
	}
}

func TestQuestionLongerThanAPage(t *testing.T) {
	d := shipped(t)
	f := formOf(t, "vi", &d.Questionnaires[0])
	f.Extra.Questions = []document.Choice{{Text: strings.Repeat("dài ", 2500)}}
	if document.WritePaperForm(io.Discard, about(""), f) == nil {
		t.Error("printed")
	}
}
