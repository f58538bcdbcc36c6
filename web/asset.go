package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Asset is a file that the staff's pages load. Its address changes with its content, so that it may be kept for ever.
type Asset struct {
	Type    string // media type
	Content []byte
	Version string // of the content, part of the address
}

// bundles says which files make an asset, in their order.
var bundles = map[string]struct {
	mediaType string
	files     []string
}{
	"console.css": {"text/css; charset=utf-8", []string{"vendor/modern-normalize.css", "tokens.css", "console.css", "chart.css", "paper.css", "questionnaire.css"}},
	"console.js":  {"text/javascript; charset=utf-8", []string{"vendor/htmx.min.js", "console.js", "paper.js", "questionnaire.js"}},
}

var builtAssets = buildAssets()

// buildAssets panics when a file is missing: that is a mistake in the build.
func buildAssets() map[string]Asset {
	all := map[string]Asset{}
	for name, bundle := range bundles {
		a := Asset{Type: bundle.mediaType}
		for _, file := range bundle.files {
			b, err := files.ReadFile("static/" + file)
			if err != nil {
				panic("web: asset " + name + ": " + err.Error())
			}
			a.Content = append(append(a.Content, b...), '\n')
		}
		sum := sha256.Sum256(a.Content)
		a.Version = hex.EncodeToString(sum[:6])
		all[name] = a
	}
	return all
}

// FindAsset returns the asset of that name.
func FindAsset(name string) (Asset, bool) {
	a, ok := builtAssets[name]
	return a, ok
}

// StaticPath is where assets are served.
const StaticPath = "/static/"

func assetURL(name string) (string, error) {
	a, ok := builtAssets[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return strings.Join([]string{StaticPath, name, "?v=", a.Version}, ""), nil
}
