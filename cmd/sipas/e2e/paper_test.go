package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// typist sits at a keyboard, counts the keys, and has no mouse.
type typist struct {
	*browser
	keys int
}

// press strikes keys one after the other.
func (k *typist) press(keys string) {
	k.t.Helper()
	k.keys += len([]rune(keys))
	k.do(chromedp.KeyEvent(keys))
}

// saved waits until the nth form of the stack is saved and the next one stands
// ready, with the cursor in that field.
func (k *typist) saved(n int, cursor string) {
	k.t.Helper()
	k.until(fmt.Sprintf(`new URLSearchParams(location.search).get("stack")=="%d" && document.readyState=="complete" && document.activeElement.id==%q`, n, cursor))
}

// wrote is a day a few days ago, as people write it and as it is stored.
func wrote() (typed, stored string) {
	day := time.Now().In(time.FixedZone("", 7*3600)).AddDate(0, 0, -3)
	return day.Format("0201"), day.Format("2006-01-02")
}

// answers are the overall rating, nineteen criteria and five questions of a
// form, as its numbers are printed.
const answers = "4" + "5345234545554443" + "030" + "12131"

// TestPaperStackByKeyboard types in a stack of ten forms without a mouse: one is
// corrected on the way, one has blanks, one a comment, one other area.
func TestPaperStackByKeyboard(t *testing.T) {
	s := desk(t)
	token := s.token("office")
	l := s.link(token, "paper", map[string]any{"desk": "bo-phan-mot-cua"})
	day, stored := wrote()
	k := &typist{browser: open(t)}
	k.size(screens[0][0], screens[0][1])
	k.signIn(s.url, "admin", adminPassword)
	k.arrive("/lam-viec/")
	k.goTo(s.url + "/lam-viec/nhap-phieu")
	k.accessible("list of paper links")
	k.look("list")
	k.press("j" + kb.Enter)
	k.arrive("/lam-viec/nhap-phieu/" + l.Code)
	k.accessible("empty form")

	// The first form: the date and the area for the stack.
	k.press(day + kb.Tab + "1" + kb.Tab + answers[:1])
	k.press("9") // a slip: said at once, and the right number goes over it
	k.until(`document.activeElement.id=="q15" && document.activeElement.getAttribute("aria-invalid")=="true" && document.getElementById("w-q15").textContent!=""`)
	k.accessible("a number that stands for nothing")
	k.press(answers[1:])
	k.until(`document.activeElement.id=="p_sex" && document.getElementById("w-q15").textContent=="Rất hài lòng"`)
	k.look("full")
	k.press(kb.Enter)
	k.saved(1, "area")
	k.look("next")

	for n := 2; n <= 10; n++ {
		k.keys = 0
		k.press(kb.Tab)
		switch n {
		case 5: // two numbers gone back over, the first changed
			k.press("51" + kb.Backspace + kb.Backspace + kb.Backspace + answers + kb.Enter)
		case 6: // the last criterion blank: asked about once
			k.press(answers[:19] + "." + answers[20:] + kb.Enter)
			k.until(`document.activeElement.id=="save" && document.querySelector(".box")!=null && document.readyState=="complete"`)
			k.look("blank")
			k.accessible("asked about a blank")
			k.press(kb.Enter)
		case 7: // about the person, and in their own words
			k.press(answers + "21532")
			k.until(`document.activeElement.id=="comment"`)
			k.press("Thêm ghế ngồi")
			k.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		case 8: // another area, by its first letters
			k.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
			k.press("mo" + kb.Tab + answers + kb.Enter)
		default:
			k.press(answers + kb.Enter)
			if k.keys != 27 {
				t.Errorf("a full form took %d keys", k.keys)
			}
		}
		k.saved(n, "area")
	}
	if text := k.text("main"); !strings.Contains(text, "Đã nhập phiếu thứ 10 trong tập này") || !strings.Contains(text, "Tôi nhập hôm nay: 10 phiếu") {
		t.Errorf("the page says %s", text)
	}

	overall, channels := s.statistics(token, "?by=channel&from="+stored+"&to="+stored)
	if p := channels["paper"]; overall.Responses != 10 || p.Responses != 10 || p.Answered != 10*17 || p.Overall.Satisfied != 10 {
		t.Errorf("all %+v, on paper %+v", overall, p)
	}
	_, areas := s.statistics(token, "?by=area&from="+stored+"&to="+stored)
	if areas["dat-dai"].Responses != 7 || areas["moi-truong"].Responses != 3 {
		t.Errorf("by area: %+v", areas)
	}
	if _, flagged := s.statistics(token, "?by=flagged&from="+stored+"&to="+stored); flagged["yes"].Responses != 0 {
		t.Errorf("flagged: %+v", flagged)
	}
}

// TestPaperWithoutScripts: digits and Tab do, and what is wrong is said after.
func TestPaperWithoutScripts(t *testing.T) {
	s := desk(t)
	token := s.token("office")
	l := s.link(token, "paper", map[string]any{"area": "dat-dai"})
	day, stored := wrote()
	k := &typist{browser: open(t)}
	k.size(screens[0][0], screens[0][1])
	k.scripts(false)
	k.signIn(s.url, "admin", adminPassword)
	k.visible("nav")
	k.goTo(s.url + "/lam-viec/nhap-phieu/" + l.Code)
	k.until(`document.activeElement.id=="answeredOn"`)
	withTabs := strings.Join(strings.Split(answers, ""), kb.Tab)
	k.press(day + kb.Tab + "9" + withTabs[1:] + kb.Enter)
	k.visible(`.box a[href="#overall"]`)
	k.look("wrong")
	k.until(`document.activeElement.id=="overall"`)
	k.press(kb.Delete + answers[:1] + kb.Enter)
	k.visible(".done")
	k.keys = 0
	k.until(`document.activeElement.id=="overall"`)
	k.press(withTabs + kb.Enter)
	k.visible(`input[name=stack][value="2"] ~ *`)
	if k.keys != 50 {
		t.Errorf("a full form took %d keys", k.keys)
	}
	if p, _ := s.statistics(token, "?channel=paper&area=dat-dai&from="+stored+"&to="+stored); p.Responses != 2 || p.Answered != 2*17 || p.Overall.Satisfied != 2 {
		t.Errorf("%+v", p)
	}
}

// TestPaperLooks checks the page in both themes and on a phone.
func TestPaperLooks(t *testing.T) {
	s := desk(t)
	l := s.link(s.token("office"), "paper", nil)
	b := open(t)
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	b.goTo(s.url + "/lam-viec/nhap-phieu/" + l.Code + "?stack=7&r=K3J2M4P7&answeredOn=24/11/2026")
	b.everyLook("in the stack")
	for _, size := range screens {
		b.size(size[0], size[1])
		if wide := get(b, chromedp.Evaluate[bool]("document.documentElement.scrollWidth>innerWidth")); wide {
			t.Errorf("%d wide: the page is wider than the screen", size[0])
		}
	}
}

// TestPaperFormIsTypedAsPrinted prints the blank form, scans its code, and holds
// every number on it against the page where it is typed in.
func TestPaperFormIsTypedAsPrinted(t *testing.T) {
	s := desk(t)
	l := s.link(s.token("office"), "paper", map[string]any{"desk": "quay-dat-dai"})
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	page := "/lam-viec/nhap-phieu/" + l.Code
	b.goTo(s.url + page)
	pdf, err := base64.StdEncoding.DecodeString(get(b, chromedp.Evaluate[string](
		`fetch("`+page+`/phieu.pdf").then(r=>r.arrayBuffer()).then(a=>btoa(String.fromCharCode(...new Uint8Array(a))))`, chromedp.EvalAwaitPromise)))
	if err != nil {
		t.Fatal(err)
	}
	for _, gray := range []bool{false, true} {
		if scanned := scan(t, rasterise(t, pdf, gray)); scanned != l.URL {
			t.Errorf("the code on the form (grey: %v) leads to %q, not %q", gray, scanned, l.URL)
		}
	}
	cmd := exec.Command("pdftotext", "-raw", "-", "-")
	cmd.Stdin = strings.NewReader(string(pdf))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian: poppler-utils): %v", err)
	}
	printed := strings.Join(strings.Fields(string(out)), " ")
	var asked []struct {
		Number, Text string
		Options      []string
	}
	if err := json.Unmarshal([]byte(get(b, chromedp.Evaluate[string](`JSON.stringify([].map.call(document.querySelectorAll(".ask"),function(e){return{
		number:e.querySelector("label b").textContent,text:e.querySelector("label span").textContent,
		options:[].map.call(e.querySelectorAll("ol li"),function(li){return li.textContent.trim()})}}))`))), &asked); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1+19+5+5 {
		t.Fatalf("%d questions", len(asked))
	}
	for _, q := range asked[1:] { // the first is asked in other words
		want := regexp.QuoteMeta(q.Number + " " + q.Text)
		if len(q.Options) > 0 {
			want += " " + regexp.QuoteMeta(strings.Join(q.Options, " "))
		}
		if !regexp.MustCompile(`(^| )` + want).MatchString(printed) {
			t.Errorf("not printed: %s", want)
		}
	}
	for i, area := range get(b, chromedp.Evaluate[[]string](`[].map.call(document.querySelectorAll("#area option"),function(o){return o.text}).slice(1)`)) {
		number, name, _ := strings.Cut(area, " · ")
		if number != fmt.Sprint(i+1) || !strings.Contains(printed, " "+number+" "+name+" ") {
			t.Errorf("not printed: %s", area)
		}
	}
	for _, want := range []string{"2 Ông/bà có hài lòng", "27 Điều cần cải thiện"} {
		if !strings.Contains(printed, want) {
			t.Errorf("not printed: %s", want)
		}
	}
}
