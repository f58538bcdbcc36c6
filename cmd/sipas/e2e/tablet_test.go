package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// drivenClock puts the page's clock into the test's hand: time passes only in
// clock.pass(milliseconds), over reloads too.
const drivenClock = `(() => {
	let now = +name || Date.now(), n = 0
	const real = {Date, setTimeout, clearTimeout, setInterval, clearInterval}, timers = new Map()
	const add = again => (f, ms, ...args) => (timers.set(++n, {f: () => f(...args), at: now + (+ms || 0), again: again && Math.max(+ms || 0, 1)}), n)
	const driven = {
		setTimeout: add(false), setInterval: add(true),
		clearTimeout: id => timers.delete(id), clearInterval: id => timers.delete(id),
		Date: class extends real.Date { constructor(...a) { a.length ? super(...a) : super(now) } static now() { return now } },
	}
	window.clock = {
		real: () => Object.assign(window, real), // for what has to wait in earnest
		driven: () => Object.assign(window, driven),
		pass(ms) {
			const end = now + ms
			for (;;) {
				let next, id
				for (const [i, t] of timers) if (t.at <= end && (!next || t.at < next.at)) [id, next] = [i, t]
				if (!next) break
				now = next.at
				if (next.again) next.at += next.again
				else timers.delete(id)
				next.f()
			}
			now = end
			name = now
		},
	}
	clock.driven()
})()`

// tablet is a browser on a tablet at the desk, with the kiosk of a link open.
type tablet struct {
	*browser
	address string
}

const tabletWidth, tabletHeight = 1280, 800

// openTablet opens the page that base and code name on a tablet whose clock is
// the test's.
func openTablet(t *testing.T, base, code string, options ...chromedp.ExecAllocatorOption) *tablet {
	t.Helper()
	b := &tablet{open(t, options...), base + "/kiosk/" + code}
	b.size(tabletWidth, tabletHeight)
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: drivenClock}); err != nil {
		t.Fatal(err)
	}
	b.goTo(b.address)
	b.pass(0.5)
	return b
}

// pass lets seconds go by.
func (b *tablet) pass(seconds float64) {
	b.t.Helper()
	get(b.browser, chromedp.Evaluate[int](fmt.Sprintf(`clock.pass(%g),0`, seconds*1000)))
}

// press taps a button by its words, and waits as long as a second finger would
// be ignored.
func (b *tablet) press(words string) {
	b.t.Helper()
	b.tapOn(fmt.Sprintf(`Array.from(document.querySelectorAll("button")).find(b => b.offsetParent && b.textContent.trim() == %q)`, words))
}

// sendNow presses the button of the staff panel until nothing waits. A try that
// was under way when the line was mended may still fail: the next follows within
// seconds of the tablet's clock.
func (b *tablet) sendNow() {
	b.t.Helper()
	b.press("Gửi ngay")
	b.until(`clock.pass(100), document.querySelector("#facts").innerText.includes("Không có phiếu nào đang chờ gửi")`)
}

// face taps a face of the first screen.
func (b *tablet) face(level int) {
	b.t.Helper()
	b.tapOn(fmt.Sprintf(`document.querySelectorAll(".first button")[%d]`, level-1))
}

// pick taps an answer of a question.
func (b *tablet) pick(name, value string) {
	b.t.Helper()
	b.tapOn(fmt.Sprintf(`document.querySelector('input[name=%q][value=%q]').parentNode`, name, value))
}

// tapOn taps the middle of the element as a finger does: on whatever is on top
// there.
func (b *tablet) tapOn(element string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	spot := get(b.browser, chromedp.Evaluate[string](`(() => { const e = `+element+`; if (!e) return ""; e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect(); return JSON.stringify({X: r.left + r.width / 2, Y: r.top + r.height / 2}) })()`))
	if spot == "" {
		b.look("failed")
		b.t.Fatalf("nothing to tap on: %s; the screen says %q", element, b.screen())
	}
	if err := json.Unmarshal([]byte(spot), &at); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.MouseClickXY(at.X, at.Y))
	b.pass(0.5)
}

// accessible is browser.accessible under a clock that runs, which axe needs.
func (b *tablet) accessible(state string) {
	b.t.Helper()
	get(b.browser, chromedp.Evaluate[int](`clock.real(),0`))
	b.browser.accessible(state)
	get(b.browser, chromedp.Evaluate[int](`clock.driven(),0`))
}

// look keeps a picture of what is on the screen now, and not of the whole page
// as on a phone: buttons and warnings stand at its edge.
func (b *tablet) look(name string) { b.picture(name, chromedp.CaptureScreenshot()) }

// screen is everything that can be read on the screen.
func (b *tablet) screen() string {
	b.t.Helper()
	return get(b.browser, chromedp.Evaluate[string](`document.body.innerText`))
}

func (b *tablet) says(words string) {
	b.t.Helper()
	if s := b.screen(); !strings.Contains(s, words) {
		b.look("failed")
		b.t.Errorf("the screen does not say %q:\n%s", words, s)
	}
}

func (b *tablet) saysNot(words string) {
	b.t.Helper()
	if s := b.screen(); strings.Contains(s, words) {
		b.look("failed")
		b.t.Errorf("the screen says %q:\n%s", words, s)
	}
}

// kept is what the tablet keeps of answers, by their names in its storage.
func (b *tablet) kept() map[string]struct{ B, No string } {
	b.t.Helper()
	var all map[string]struct{ B, No string }
	s := get(b.browser, chromedp.Evaluate[string](`JSON.stringify(Object.fromEntries(Object.entries(localStorage).filter(([k]) => k.startsWith("sipas-k-")).map(([k, v]) => [k, JSON.parse(v)])))`))
	if err := json.Unmarshal([]byte(s), &all); err != nil {
		b.t.Fatal(err)
	}
	return all
}

// first checks that the screen is as the next citizen should find it.
func (b *tablet) first() {
	b.t.Helper()
	b.pass(0.5) // the time it takes to come
	b.says("Ông/bà có hài lòng với lần làm thủ tục này không?")
	if n := get(b.browser, chromedp.Evaluate[int](`document.querySelectorAll(".first button").length*10 + document.querySelectorAll("[aria-pressed=true],:checked,textarea,#soon p").length`)); n != 50 {
		b.look("failed")
		b.t.Errorf("not a fresh first screen (%d):\n%s", n, b.screen())
	}
}
