package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"sipas/web"
)

var look = flag.String("look", "", "folder to write the rendered pages to, for looking at them")

// each renders every page in every state and language.
func each(t *testing.T, fn func(t *testing.T, p page, lang string, body []byte)) {
	t.Helper()
	ps, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages() {
		for _, lang := range web.Languages() {
			t.Run(p.file+"/"+lang, func(t *testing.T) {
				var b bytes.Buffer
				if err := ps.Render(&b, p.name, lang, p.data(lang)); err != nil {
					t.Fatal(err)
				}
				fn(t, p, lang, b.Bytes())
			})
		}
	}
}

// TestLook writes every page as a file, to be looked at where a folder is named:
// go test ./web -run TestLook -look=/tmp/look
func TestLook(t *testing.T) {
	dir := *look
	if dir == "" {
		dir = t.TempDir()
	}
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		body = bytes.Replace(body, []byte(web.KeyMarker), []byte(web.KeyFields("k-look-12345", "2026-11-24T09:00:00+07:00")), 1)
		body = bytes.Replace(body, []byte(`<meta charset="utf-8">`), []byte(`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="`+strings.Replace(web.CSP(body), "; frame-ancestors 'none'", "", 1)+`">`), 1)
		if err := os.WriteFile(filepath.Join(dir, p.file+"."+lang+".html"), body, 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

var attribute = regexp.MustCompile(`(?i)<[a-z][^>]*\s(style|on[a-z]+)=`)

func TestPagesAreSoundHTML(t *testing.T) {
	void := []string{"meta", "link", "input", "br", "circle", "path", "line", "rect"} // the last four close themselves
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		if m := attribute.Find(body); m != nil {
			t.Errorf("attribute that the CSP would refuse: %s", m)
		}
		if bytes.Contains(body, []byte("\r")) {
			t.Error("a carriage return would change the hash in a browser")
		}
		var open []string
		ids := map[string]bool{}
		var links []string
		var scripts bool
		z := html.NewTokenizer(bytes.NewReader(body))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				if z.Err() != io.EOF {
					t.Fatal(z.Err())
				}
				break
			}
			tok := z.Token()
			switch kind {
			case html.StartTagToken, html.SelfClosingTagToken:
				scripts = tok.Data == "script" || tok.Data == "style"
				for _, a := range tok.Attr {
					switch {
					case a.Key == "id" && ids[a.Val]:
						t.Errorf("id %q twice", a.Val)
					case a.Key == "id":
						ids[a.Val] = true
					case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
						links = append(links, a.Val[1:])
					case a.Key == "for":
						links = append(links, a.Val)
					case a.Key == "aria-describedby" || a.Key == "aria-labelledby":
						links = append(links, strings.Fields(a.Val)...)
					}
				}
				if kind == html.StartTagToken && !slices.Contains(void, tok.Data) {
					open = append(open, tok.Data)
				}
			case html.EndTagToken:
				scripts = false
				if len(open) == 0 || open[len(open)-1] != tok.Data {
					t.Fatalf("</%s> closes %v", tok.Data, open)
				}
				open = open[:len(open)-1]
			case html.TextToken:
				if !scripts && regexp.MustCompile(`\{\d\}|ZgotmplZ|%!|&lt;nil|<nil>|\{\{`).MatchString(tok.Data) {
					t.Errorf("unfilled text %q", tok.Data)
				}
			}
		}
		if len(open) > 0 {
			t.Errorf("never closed: %v", open)
		}
		for _, l := range links {
			if !ids[l] {
				t.Errorf("nothing has the id %q", l)
			}
		}
		if !bytes.Contains(body, []byte(`<html lang="`+lang+`">`)) {
			t.Error("the page does not say its language")
		}
		if bytes.Contains(body, []byte("ZgotmplZ")) {
			t.Error("ZgotmplZ")
		}
	})
}

func TestCSPAllowsExactlyWhatIsInThePage(t *testing.T) {
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		csp := web.CSP(body)
		doc, err := html.Parse(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode || n.Data != "style" && n.Data != "script" {
				continue
			}
			found++
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if want := n.Data + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(csp, want) {
				t.Errorf("CSP lacks %s: %s", want, csp)
			}
		}
		want := 2
		if p.name == web.PageCopy { // opened from a folder, where no script is needed
			want = 1
		}
		if found != want || strings.Count(csp, "sha256-") != want {
			t.Errorf("%d inline elements, CSP %s", found, csp)
		}
		if strings.Contains(csp, "unsafe") {
			t.Error(csp)
		}
	})
}

// TestPagesAreSmall: the survey fits the first round trip; the kiosk is loaded once a day.
func TestPagesAreSmall(t *testing.T) {
	const headers = 700
	limits := map[string]int{web.PageSurvey: 14336, web.PageKiosk: 40000}
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		limit := limits[p.name]
		if limit == 0 {
			return
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(body)
		w.Close()
		t.Logf("%d bytes, %d compressed", len(body), z.Len())
		if z.Len()+headers > limit {
			t.Errorf("%d bytes compressed and %d of headers exceed %d", z.Len(), headers, limit)
		}
	})
}

func TestKeyMarkerStandsOnceBeforeTheFormEnds(t *testing.T) {
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		if p.name != web.PageSurvey {
			return
		}
		want := 1
		if p.data(lang).(web.SurveyForm).Key != "" {
			want = 0
		}
		if n := bytes.Count(body, []byte(web.KeyMarker)); n != want {
			t.Fatalf("marker %d times, want %d", n, want)
		}
		if want == 0 && !bytes.Contains(body, []byte(`name="key" value="k123456789"`)) {
			t.Error("the key given is not in the form")
		}
		_, after, _ := bytes.Cut(body, []byte(web.KeyMarker))
		if want == 1 && !bytes.HasPrefix(bytes.TrimSpace(after), []byte("</form>")) {
			t.Errorf("after the marker: %.60s", after)
		}
		if want == 1 && len(after) > 700 {
			t.Errorf("%d bytes after the marker; they are compressed apart and should be few", len(after))
		}
	})
}

func TestValuesComeBack(t *testing.T) {
	each(t, func(t *testing.T, p page, lang string, body []byte) {
		if p.file != "survey-errors" {
			return
		}
		for _, want := range []string{
			`name="q15" value="4" checked`, `name="q31" value="0" checked`, `name="x_visits" value="2" checked`, `name="p_sex" value="female" id="p_sex" checked`,
			`&lt;b&gt;Ghế&lt;/b&gt; &#34;ít&#34;</textarea>`, `<details open>`, `href="#q17"`, `id="e-q17"`, `aria-describedby="e-comment hint"`,
		} {
			if !bytes.Contains(body, []byte(want)) {
				t.Errorf("page lacks %s", want)
			}
		}
	})
}

func TestLocales(t *testing.T) {
	read := func(lang string) map[string]string {
		names, err := filepath.Glob("locale/*." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, name := range append(names, "locale/"+lang+".json") {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			m := map[string]string{}
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			if got := bytes.Count(b, []byte(`": "`)); got != len(m) {
				t.Errorf("%s: %d lines, %d keys: a key stands twice", name, got, len(m))
			}
			maps.Copy(all, m)
		}
		return all
	}
	vi, en := read("vi"), read("en")
	args := regexp.MustCompile(`\{\d\}`)
	for key, text := range vi {
		other, ok := en[key]
		if !ok {
			t.Errorf("en lacks %s", key)
			continue
		}
		a, b := args.FindAllString(text, -1), args.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: arguments %v and %v", key, a, b)
		}
	}
	for key := range en {
		if _, ok := vi[key]; !ok {
			t.Errorf("vi lacks %s", key)
		}
	}

	var sources strings.Builder
	for _, pattern := range []string{"templates/*.html", "templates/*/*.html", "static/*.js", "*.go", "../api/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(b)
		}
	}
	src := sources.String()
	for key := range vi {
		parts := strings.Split(key, ".")
		used := false
		switch parts[0] {
		case "error", "problem", "field", "value", "group", "level", "office", "duration", "period", "method", "measure", "print", "warning":
			// for the server, through Pages.Text; package api tests that it has what it asks for
			used = true
		case "notice":
			used = len(parts) == 2 && strings.Contains(src, `"`+key+`"`) || len(parts) == 3 && strings.Contains(src, `"`+parts[1]+`"`) && strings.Contains(src, `"`+parts[2]+`"`)
		case "verdict":
			used = strings.Contains(src, `"`+parts[2]+`"`) && strings.Contains(src, `"`+parts[1]+`"`)
		case "js":
			used = regexp.MustCompile(`\bT\.` + parts[2] + `\b`).MatchString(src)
		default:
			used = strings.Contains(src, `"`+strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")+`"`)
			for i := range parts { // or its beginning, which something is put behind
				used = used || i > 0 && strings.Contains(src, `"`+strings.Join(parts[:i], ".")+`."`)
			}
		}
		if !used {
			t.Errorf("nothing uses %s", key)
		}
	}
	shown := map[string]bool{"Helper": true} // testing.T has one
	for key := range vi {
		if parts := strings.Split(key, "."); parts[0] == "js" || strings.Contains(src, `"`+key+`"`) {
			shown[parts[len(parts)-1]] = true
		}
	}
	for _, m := range regexp.MustCompile(`\bT\.(\w+)`).FindAllStringSubmatch(src, -1) {
		if !shown[m[1]] {
			t.Errorf("script uses T.%s, which no locale has", m[1])
		}
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"vi number", web.Number("vi", 3120), "3.120"},
		{"en number", web.Number("en", 1234567), "1,234,567"},
		{"small", web.Number("vi", 999), "999"},
		{"vi percent", web.Percent("vi", 8842), "88,42\u00a0%"},
		{"en percent", web.Percent("en", 9005), "90.05\u00a0%"},
		{"89.996 never reads as met through the verdict, but rounds half-up", web.PercentOf("vi", 89996, 100000), "90,00\u00a0%"},
		{"half up", web.PercentOf("vi", 1, 800), "0,13\u00a0%"},
		{"nothing", web.PercentOf("vi", 0, 0), ""},
		{"vi date", web.Date("vi", time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)), "30/06/2026"},
		{"vi month", web.Month("vi", time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)), "06/2026"},
		{"en month", web.Month("en", time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)), "June 2026"},
		{"field", web.FieldID("answers.15"), "q15"},
		{"field extra", web.FieldID("extra.visits"), "x_visits"},
		{"field same", web.FieldID("comment"), "comment"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestRenderWritesNothingOnFailure(t *testing.T) {
	ps, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := ps.Render(&b, web.PageNotice, "vi", web.Notice{Kind: "no such kind"}); err == nil || b.Len() > 0 {
		t.Errorf("error %v, %d bytes", err, b.Len())
	}
	if err := ps.Render(&b, "no such page", "vi", nil); err == nil {
		t.Error("unknown page rendered")
	}
}
