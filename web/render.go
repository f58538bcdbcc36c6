package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

// Pages holds every template in every language, ready to render. It is safe for concurrent use.
type Pages struct {
	locales   map[string]locale
	templates map[string]map[string]*template.Template // language → page
	static    assets
}

// New parses all templates and texts. An error means that the program was built with a broken page.
func New() (*Pages, error) {
	locales, err := loadLocales()
	if err != nil {
		return nil, err
	}
	static, err := loadAssets()
	if err != nil {
		return nil, err
	}
	p := &Pages{locales: locales, templates: map[string]map[string]*template.Template{}, static: static}
	for lang, texts := range locales {
		for _, kind := range noticeKinds {
			for _, part := range []string{"title", "text", "next"} {
				if key := "notice." + kind + "." + part; texts[key] == "" {
					return nil, fmt.Errorf("web: no text %q in language %s", key, lang)
				}
			}
		}
		p.templates[lang] = map[string]*template.Template{}
		for _, name := range pageNames {
			t := template.New(name).Funcs(funcs(lang, locales, static))
			// One after the other: a page may redefine parts of the layout.
			for _, file := range append(slices.Clone(layoutOf(name)), name) {
				text, err := source(file)
				if err != nil {
					return nil, err
				}
				if t, err = t.Parse(text); err != nil {
					return nil, fmt.Errorf("web: page %s: %w", name, err)
				}
			}
			for _, part := range t.Templates() {
				for _, key := range textKeys(part) {
					if _, ok := texts[key]; !ok {
						return nil, fmt.Errorf("web: page %s: no text %q in language %s", name, key, lang)
					}
				}
			}
			p.templates[lang][name] = t
		}
	}
	return p, nil
}

// Languages lists the languages that pages exist in, the default first.
func Languages() []string { return []string{"vi", "en"} }

// Language returns lang if pages exist in it, else the default language.
func Language(lang string) string {
	if slices.Contains(Languages(), lang) {
		return lang
	}
	return Languages()[0]
}

// Render writes the named page. Nothing is written when it fails, so that the caller can still answer with an error page.
func (p *Pages) Render(w io.Writer, name, lang string, data any) error {
	t := p.templates[Language(lang)][name]
	if t == nil {
		return fmt.Errorf("web: no page %q", name)
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, "layout", data); err != nil {
		return fmt.Errorf("web: render %s: %w", name, err)
	}
	_, err := buf.WriteTo(w)
	return err
}

// Part renders what the named page has between header and footer, for a script that puts it into another page.
func (p *Pages) Part(name, lang string, data any) (string, error) {
	t := p.templates[Language(lang)][name]
	if t == nil {
		return "", fmt.Errorf("web: no page %q", name)
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, "main", data); err != nil {
		return "", fmt.Errorf("web: render %s: %w", name, err)
	}
	return buf.String(), nil
}

// Text gives a text of the interface for use outside a page (a field error, the title of a problem).
// An unknown key comes back as itself.
func (p *Pages) Text(lang, key string, args ...any) string {
	s, err := p.locales[Language(lang)].text(Language(lang), key, args...)
	if err != nil {
		return key
	}
	return s
}

// Keys lists the texts whose key begins with prefix, in the order of the rest of their keys, which is what it returns.
func (p *Pages) Keys(prefix string) []string {
	var list []string
	for key := range p.locales[Languages()[0]] {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			list = append(list, rest)
		}
	}
	slices.Sort(list)
	return list
}

// layoutOf returns the templates that the named page stands on.
func layoutOf(name string) []string {
	if IsConsole(name) {
		return []string{"console/layout", "console/parts", "chart"}
	}
	return []string{"layout", "chart"}
}

// IsConsole reports whether the named page is one of the staff's. Those load style and script from the
// server (see Asset), and their policy is ConsoleCSP.
func IsConsole(name string) bool { return strings.HasPrefix(name, "console/") }

// ConsoleCSP is the Content-Security-Policy of the staff's pages.
const ConsoleCSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// CSP returns the Content-Security-Policy for exactly this page: each inline style and script is allowed by its hash,
// and nothing else runs or is loaded, but for what more directives allow ("worker-src 'self'"). Compute it from the page
// as rendered; splicing KeyFields in does not change it.
func CSP(rendered []byte, more ...string) string {
	directives := append([]string{
		"default-src 'none'", "style-src" + hashes(rendered, "style"), "script-src" + hashes(rendered, "script"),
		"img-src 'self' data:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	}, more...)
	return strings.Join(directives, "; ")
}

// hashes lists the sha256 sources of all inline elements with the given tag. It relies on our own templates: the tag is
// written in lower case, and the text inside never holds the closing tag.
func hashes(page []byte, tag string) string {
	var b strings.Builder
	closing := []byte("</" + tag + ">")
	for {
		_, rest, ok := bytes.Cut(page, []byte("<"+tag+">"))
		if !ok {
			break
		}
		body, after, ok := bytes.Cut(rest, closing)
		if !ok {
			break
		}
		sum := sha256.Sum256(body)
		b.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
		page = after
	}
	if b.Len() == 0 {
		return " 'none'"
	}
	return b.String()
}

// KeyMarker stands in a survey form rendered without a key. It occurs once, right before the form ends; the server puts
// KeyFields in its place, and may compress what is before and after once for all visitors.
const KeyMarker = "<!--sipas:key-->"

// KeyFields is the HTML that takes the place of KeyMarker.
func KeyFields(key, startedAt string) string {
	return `<input type="hidden" name="key" value="` + template.HTMLEscapeString(key) +
		`"><input type="hidden" name="startedAt" value="` + template.HTMLEscapeString(startedAt) + `">`
}
