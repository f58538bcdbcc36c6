package document_test

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/skip2/go-qrcode"

	"sipas/internal/document"
	"sipas/web"
)

var newPages = sync.OnceValues(web.New)

// texts are the words of the interface in one language.
func texts(t *testing.T, lang string) func(key string, args ...any) string {
	t.Helper()
	pages, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	return func(key string, args ...any) string {
		t.Helper()
		s := pages.Text(lang, key, args...)
		if s == key {
			t.Errorf("no text %s in %s", key, lang)
		}
		return s
	}
}

func codeFor(t *testing.T, url string) [][]bool {
	t.Helper()
	q, err := qrcode.New(url, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	return q.Bitmap()
}

const host = "khaosat.quangtri.gov.vn"

// posterOf is a poster as the office prints it.
func posterOf(t *testing.T, lang, code, desk, area string) document.Poster {
	t.Helper()
	text := texts(t, lang)
	return document.Poster{
		Heading: text("print.heading"), Line: text("print.line"), QR: codeFor(t, "https://"+host+"/k/"+code),
		Type:     document.Note{Label: text("print.type"), Lines: []string{host + "/k/" + code}},
		Desk:     document.Note{Lines: []string{desk}, After: text("print.area", area)},
		Genuine:  document.Note{Label: text("print.genuine"), Lines: []string{host}, After: text("print.genuine.after")},
		Feedback: document.Note{Label: text("print.feedback"), Lines: []string{"0233 3852 144", "phananh@" + host}},
	}
}

const (
	long    = "Bộ phận Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính Văn phòng Đăng ký đất đai tỉnh Quảng Trị, Chi nhánh số 12"
	subject = "Đo đạc, bản đồ và thông tin địa lý, khí tượng thủy văn"
)

func TestPosters(t *testing.T) {
	vi := posterOf(t, "vi", "ab12cd34", "Quầy Đất đai", "Đất đai")
	bare := vi
	bare.Feedback = document.Note{}
	sample := posterOf(t, "vi", "ab12cd34", long, subject)
	sample.Mark = texts(t, "vi")("print.sample")
	sample.Type.Lines = []string{"khaosat.sonongnghiepvamoitruong.quangtri.gov.vn/k/ab12cd34"}
	sample.Genuine.Lines = []string{"khaosat.sonongnghiepvamoitruong.quangtri.gov.vn"}
	endless := posterOf(t, "vi", "ab12cd34", strings.Repeat(long+" ", 15), strings.Repeat("x", 2000))
	endless.Mark = texts(t, "vi")("print.trial")
	endless.Heading, endless.Line = endless.Heading+" "+long, endless.Line+" "+long

	for _, size := range []struct {
		name          string
		size          document.Size
		width, height float64
		code, letters float64 // at least
	}{{"A4", document.A4, 210, 297, 70, 12}, {"A5", document.A5, 148, 210, 50, 8.5}} {
		for _, c := range []struct {
			name   string
			poster document.Poster
			usual  bool // of a length for which it was drawn
		}{
			{"plain", vi, true}, {"English", posterOf(t, "en", "ab12cd34", "Land counter", "Land"), true},
			{"without complaints", bare, true}, {"sample with long names", sample, false}, {"endless", endless, false},
		} {
			t.Run(size.name+" "+c.name, func(t *testing.T) {
				p := print(t, "poster-"+size.name+"-"+strings.ReplaceAll(c.name, " ", "-"), func(w io.Writer) error {
					return document.WritePosters(w, about("Áp phích"), size.size, []document.Poster{c.poster})
				})
				if len(p.pages) != 1 {
					t.Fatalf("%d pages", len(p.pages))
				}
				page := p.pages[0]
				if fmt.Sprintf("%.0f %.0f", page.width, page.height) != fmt.Sprintf("%.0f %.0f", size.width, size.height) {
					t.Errorf("a page of %.1f x %.1f mm", page.width, page.height)
				}
				url, code := page.decode(t, area{0, 0, 210, 297})
				if url != "https://"+host+"/k/ab12cd34" {
					t.Errorf("the code says %q", url)
				}
				if code.w < size.code || code.h < size.code {
					t.Errorf("the code is %.1f x %.1f mm", code.w, code.h)
				}
				frame := around(page.boxes)
				if quiet := code.w * 4 / 29; frame.x > code.x-quiet*.99 || frame.y > code.y-quiet*.99 || frame.right() < code.right()+quiet*.99 || frame.bottom() < code.bottom()+quiet*.99 {
					t.Errorf("the frame %v leaves the code %v no quiet zone", frame, code)
				}
				tidy(t, page, 10*size.width/210, append([]area{frame}, page.lines...))
				if p.size > 120_000 {
					t.Errorf("%d bytes", p.size)
				}
				if !c.usual {
					return
				}
				for _, text := range []string{about("").Office, c.poster.Heading, c.poster.Line, c.poster.Type.Label, host + "/k/ab12cd34", c.poster.Desk.Lines[0], c.poster.Desk.After,
					c.poster.Genuine.Label, host, c.poster.Genuine.After} {
					if !strings.Contains(page.says(), text) {
						t.Errorf("the poster does not say %q", text)
					}
				}
				if complains := strings.Contains(page.says(), "0233 3852 144"); complains != (len(c.poster.Feedback.Lines) > 0) || strings.Contains(page.says(), vi.Feedback.Label) && !complains {
					t.Errorf("where to complain: %v", complains)
				}
				for _, w := range page.words {
					if w.size < size.letters {
						t.Errorf("%q in %.1f points", w.text, w.size)
					}
				}
			})
		}
	}
}

// tidy checks that all text is as far from the edges as printers need, and on
// nothing else.
func tidy(t *testing.T, page leaf, margin float64, others []area) {
	t.Helper()
	for i, w := range page.words {
		if w.x < margin || w.right() > page.width-margin || w.y < margin/2 || w.bottom() > page.height-margin/2 {
			t.Errorf("%q is at %.1f to %.1f, %.1f to %.1f", w.text, w.x, w.right(), w.y, w.bottom())
		}
		for _, other := range page.words[i+1:] {
			// Lines of text may reach into each other with marks that do not meet.
			if inner := (area{w.x, w.y + .15*w.h, w.w, .7 * w.h}); inner.meets(other.area) && other.text != "" {
				t.Errorf("%q lies on %q", w.text, other.text)
			}
		}
		for _, o := range others {
			if o.meets(area{w.x, w.y + .1*w.h, w.w, .8 * w.h}) {
				t.Errorf("%q at %v lies on what is drawn at %v", w.text, w.area, o)
			}
		}
	}
}

func TestLongNamesAreWhole(t *testing.T) {
	poster := posterOf(t, "vi", "ab12cd34", long, subject)
	for name, size := range map[string]document.Size{"A4": document.A4, "A5": document.A5} {
		p := print(t, "poster-long-"+name, func(w io.Writer) error {
			return document.WritePosters(w, about("Áp phích"), size, []document.Poster{poster})
		})
		if says := p.pages[0].says(); !strings.Contains(says, long) || !strings.Contains(says, subject) {
			t.Errorf("%s: the poster says only %s", name, says)
		}
	}
}

func TestManyPosters(t *testing.T) {
	posters := []document.Poster{posterOf(t, "vi", "aaaa2222", "Quầy 1", "Đất đai"), posterOf(t, "vi", "bbbb3333", "Quầy 2", "Môi trường")}
	p := print(t, "posters", func(w io.Writer) error { return document.WritePosters(w, about("Áp phích"), document.A4, posters) })
	if len(p.pages) != 2 {
		t.Fatalf("%d pages", len(p.pages))
	}
	for i, code := range []string{"aaaa2222", "bbbb3333"} {
		if url, _ := p.pages[i].decode(t, area{0, 0, 210, 297}); !strings.HasSuffix(url, "/k/"+code) {
			t.Errorf("page %d leads to %s", i, url)
		}
	}
}

// TestCodeHasNoHairlines: rows that only touch print with light lines between.
func TestCodeHasNoHairlines(t *testing.T) {
	p := print(t, "hairlines", func(w io.Writer) error {
		return document.WritePosters(w, about("Áp phích"), document.A5, []document.Poster{posterOf(t, "vi", "ab12cd34", "Quầy 1", "Đất đai")})
	})
	dark := p.pages[0].dark
	module, below := dark[0].w/7, 0 // the first is the upper side of the first corner
	for _, upper := range dark {
		for _, lower := range dark {
			next := lower.y > upper.y+module/2 && lower.y < upper.y+module*3/2
			if !next || lower.x >= upper.right()-module/2 || upper.x >= lower.right()-module/2 {
				continue
			}
			below++
			if lower.y >= upper.bottom() {
				t.Fatalf("%v only touches %v", upper, lower)
			}
		}
	}
	if below < 100 {
		t.Errorf("only %d modules found that lie on others", below)
	}
}

func TestProperties(t *testing.T) {
	p := print(t, "properties", func(w io.Writer) error {
		return document.WritePosters(w, about("Áp phích: Quầy (1)"), document.A4, []document.Poster{posterOf(t, "vi", "ab12cd34", "Quầy 1", "Đất đai")})
	})
	for key, want := range map[string]string{"Title": "Áp phích: Quầy (1)", "Author": about("").Office, "Lang": "vi", "CreationDate": "D:20261124080000", "ModDate": "D:20261124080000"} {
		if p.about[key] != want {
			t.Errorf("%s is %q", key, p.about[key])
		}
	}
}

func TestCharactersThatTheFontLacks(t *testing.T) {
	for _, c := range []struct{ name, desk, want string }{
		{"all of Vietnamese", "ĂÂĐÊÔƠƯ ăâđêôơư Ằ Ẵ Ặ Ẩ Ế Ễ Ệ Ổ Ộ Ờ Ỡ Ợ Ứ Ữ Ự Ỳ Ỵ Ỷ Ỹ ằ ẵ ặ ẩ ế ễ ệ ổ ộ ờ ỡ ợ ứ ữ ự ỳ ỵ ỷ ỹ", ""},
		{"emoji", "Quầy 🙂 1", "Quầy ? 1"}, {"Chinese", "Quầy 中文", "Quầy ??"},
		{"broken", "Quầy \xff\xe1\xba", "Quầy ??"}, {"control", "Quầy\x00\n\t1\x1b", "Quầy? 1?"}, {"brackets", `Quầy (1) \ `, `Quầy (1) \`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := print(t, "characters-"+strings.ReplaceAll(c.name, " ", "-"), func(w io.Writer) error {
				return document.WritePosters(w, about(c.desk), document.A4, []document.Poster{posterOf(t, "vi", "ab12cd34", c.desk, c.desk)})
			})
			want := c.want
			if want == "" {
				want = c.desk
			}
			if says := p.pages[0].says(); !strings.Contains(says, want) {
				t.Errorf("the poster says %q", says)
			}
		})
	}
}

func TestCodesThatAreNone(t *testing.T) {
	for name, code := range map[string][][]bool{
		"none": nil, "empty": {{}}, "ragged": {{false, false, false}, {false, true}, {false, false, false}}, "all light": make([][]bool, 3),
		"no quiet zone": {{true, false}, {false, true}}, "light": {{false, false}, {false, false}},
	} {
		poster := document.Poster{QR: code}
		if document.WritePosters(io.Discard, about(""), document.A4, []document.Poster{poster}) == nil || document.WriteDeskSheet(io.Discard, about(""), []document.Poster{poster}) == nil {
			t.Errorf("%s: printed", name)
		}
	}
}

// TestAtTheSameTime is for the race detector: fonts are shared.
func TestAtTheSameTime(t *testing.T) {
	poster := posterOf(t, "vi", "ab12cd34", "Quầy 1", "Đất đai")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := document.WritePosters(io.Discard, about("Áp phích"), document.A4, []document.Poster{poster}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}
