package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A phone with a small screen, and the office's.
const (
	phoneWidth, phoneHeight = 360, 740
	deskWidth, deskHeight   = 1280, 800
)

// browser is one Chromium tab.
type browser struct {
	t             *testing.T
	ctx           context.Context
	width, height int64
	scriptless    bool
}

type step = chromedp.Action[chromedp.Void]

// open starts Chromium with a fresh profile at the size of a phone.
func open(t *testing.T, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	return openFor(t, 3*time.Minute, more...)
}

// openFor is open for a test that may take so long; the limit is only for one
// that has failed.
func openFor(t *testing.T, limit time.Duration, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()),
	)
	options = append(options, more...)
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancelAlloc)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, cancelTime := context.WithTimeout(ctx, limit)
	t.Cleanup(cancelTime)
	b := &browser{t: t, ctx: ctx}
	b.size(phoneWidth, phoneHeight)
	return b
}

func (b *browser) size(w, h int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(w, h))
	b.width, b.height = w, h
}

// do runs steps and fails the test when one fails, with a picture of the page
// where a folder for pictures is named.
func (b *browser) do(steps ...step) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.look("failed")
		b.t.Fatal(err)
	}
}

// get runs an action and returns its value.
func get[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.look("failed")
		b.t.Fatal(err)
	}
	return v
}

// look keeps a picture of the whole page if SIPAS_LOOK names a folder.
func (b *browser) look(name string) { b.picture(name, chromedp.FullScreenshot(100)) }

func (b *browser) picture(name string, take chromedp.Action[[]byte]) {
	if os.Getenv("SIPAS_LOOK") == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, take)
	if err != nil {
		b.t.Logf("no picture: %v", err)
		return
	}
	b.keep(name, png)
}

// keep keeps a picture if SIPAS_LOOK names a folder.
func (b *browser) keep(name string, png []byte) {
	dir := os.Getenv("SIPAS_LOOK")
	if dir == "" {
		return
	}
	if err := os.WriteFile(fmt.Sprintf("%s/%s-%s.png", dir, strings.ReplaceAll(b.t.Name(), "/", "-"), name), png, 0o644); err != nil {
		b.t.Logf("no picture: %v", err)
	}
}

// paper keeps a picture of the page as it is printed.
func (b *browser) paper(name string) {
	b.t.Helper()
	b.emulate(emulation.SetEmulatedMediaParams{Media: "print"})
	b.look(name)
	b.emulate(emulation.SetEmulatedMediaParams{})
}

// emulate sets the medium and what the person prefers.
func (b *browser) emulate(p emulation.SetEmulatedMediaParams) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) goTo(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// tap clicks an element after bringing it into view.
func (b *browser) tap(selector string) {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// choose taps the label of a radio button, as a thumb does.
func (b *browser) choose(name, value string) {
	b.t.Helper()
	b.tap(fmt.Sprintf(`label:has(input[name="%s"][value="%s"])`, name, value))
}

func (b *browser) text(selector string) string {
	b.t.Helper()
	return get(b, chromedp.Text(chromedp.CSS(selector)))
}

func (b *browser) visible(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

// until asks the page again until the expression is true, over navigations.
func (b *browser) until(expression string) {
	b.t.Helper()
	eventually(b.t, expression, func() bool {
		yes, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		return err == nil && yes
	})
}

// arrive waits until the page's path is p.
func (b *browser) arrive(p string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`location.pathname==%q && document.readyState=="complete"`, p))
}

// scripts turns the page's scripts off or on.
func (b *browser) scripts(on bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.t.Fatal(err)
	}
	b.scriptless = !on
}

// theme lets the page believe that the reader likes light or dark.
func (b *browser) theme(name string) {
	b.t.Helper()
	b.emulate(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// decodeQR fetches a link's QR code and reads it as a phone does.
func (s *server) decodeQR(token, code string) string {
	s.t.Helper()
	return scan(s.t, s.fetch(token, "/api/v1/links/"+code+"/qr.png"))
}

// violation is what axe finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// accessible fails the test for every rule of WCAG 2.2 A and AA that the page
// as it is now breaks. axe is a script: where they are off, they are on for it.
func (b *browser) accessible(state string) {
	b.t.Helper()
	if b.scriptless {
		b.scripts(true)
		defer b.scripts(false)
	}
	if !get(b, chromedp.Evaluate[bool](`"axe" in window`)) {
		axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
		if err != nil {
			b.t.Fatalf("axe-core is missing (npm ci in this folder): %v", err)
		}
		get(b, chromedp.Evaluate[int](string(axe)+";0"))
	}
	out := get(b, chromedp.Evaluate[string](`axe.run(document, {runOnly: {type: "tag", values: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa","best-practice"]}}).then(r => JSON.stringify(r.violations))`,
		chromedp.EvalAwaitPromise))
	var found []violation
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			b.t.Errorf("%s: %s (%s): %s\n%s", state, v.ID, v.Help, n.HTML, n.Summary)
		}
	}
}

// seen asks axe about the page as it is and keeps a picture of it.
func (b *browser) seen(state string) {
	b.t.Helper()
	b.accessible(state)
	b.look(state)
}

// everyLook asks axe about the page on a desk's screen in the light and on a phone
// in the dark, keeps pictures of both, and leaves the page at the size it had.
// The other ways round are for the tests that walk through all pages. Where scripts
// are off, it looks at the page once, as it is.
func (b *browser) everyLook(state string) {
	b.t.Helper()
	if b.scriptless {
		b.seen(state)
		return
	}
	width, height := b.width, b.height
	b.theme("dark")
	b.size(phoneWidth, phoneHeight)
	b.seen(state + " on a phone, dark")
	b.theme("light")
	b.size(deskWidth, deskHeight)
	b.seen(state)
	b.size(width, height)
}
