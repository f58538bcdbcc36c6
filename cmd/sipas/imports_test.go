package main

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport is the table of who may import whom: arrows point one way, rules
// know no network, and only internal/store knows the engines. A package of ours
// that is missing here fails the test.
var mayImport = map[string][]string{
	"sipas/internal/fault":           {},
	"sipas/internal/text":            {"golang.org/x/text"},
	"sipas/internal/store":           {"sipas/internal/fault", "go.mongodb.org/mongo-driver", "modernc.org/sqlite"},
	"sipas/internal/store/storetest": {"sipas/internal/fault", "sipas/internal/store", "go.mongodb.org/mongo-driver"},
	"sipas/internal/backup":          {"sipas/internal/store", "filippo.io/age"},
	"sipas/internal/sheet":           {"sipas/internal/fault", "github.com/xuri/excelize/v2", "golang.org/x/text"},
	"sipas/internal/catalogue":       {"sipas/internal/fault", "sipas/internal/sheet", "sipas/internal/store", "golang.org/x/text"},
	"sipas/internal/dossier":         {"sipas/internal/catalogue", "sipas/internal/fault", "sipas/internal/sheet", "sipas/internal/store", "sipas/internal/text"},
	"sipas/internal/mail":            {"sipas/internal/fault", "github.com/wneessen/go-mail"},
	"sipas/internal/mail/mailtest":   {"github.com/emersion/go-smtp"},
	"sipas/internal/outbox":          {"sipas/internal/fault", "sipas/internal/store"},
	"sipas/internal/ooxml":           {},
	"sipas/internal/report":          {},
	"sipas/internal/document":        {"sipas/internal/ooxml", "sipas/internal/report", "sipas/internal/sheet", "codeberg.org/go-pdf/fpdf"},
	"sipas/internal/pace":            {},
	"sipas/internal/staff":           {"sipas/internal/fault", "sipas/internal/pace", "sipas/internal/store", "golang.org/x/crypto", "golang.org/x/text"},
	"sipas/survey": {"sipas/internal/catalogue", "sipas/internal/fault", "sipas/internal/store", "sipas/internal/sheet", "sipas/internal/text",
		"gonum.org/v1/gonum"},
	"sipas/feedback": {"sipas/internal/catalogue", "sipas/internal/fault", "sipas/internal/outbox", "sipas/internal/store", "sipas/internal/sheet",
		"sipas/internal/text"},
	"sipas/internal/signon/signontest": {"github.com/go-jose/go-jose/v4"},
	"sipas/internal/signon": {"sipas/internal/fault", "sipas/internal/staff", "github.com/coreos/go-oidc/v3", "golang.org/x/oauth2",
		"golang.org/x/sync"},
	"sipas/internal/improve": {"sipas/internal/catalogue", "sipas/internal/fault", "sipas/internal/store", "sipas/internal/text", "sipas/survey"},
	"sipas/web":              {"golang.org/x/text"},
	"sipas/seeds": {"sipas/feedback", "sipas/internal/catalogue", "sipas/internal/fault", "sipas/internal/improve", "sipas/survey",
		"github.com/goccy/go-yaml", "golang.org/x/text"},
	"sipas/seeds/demo": {"sipas/feedback", "sipas/internal/catalogue", "sipas/internal/dossier", "sipas/internal/improve", "sipas/survey"},
	"sipas/api": {"sipas/feedback", "sipas/internal/catalogue", "sipas/internal/document", "sipas/internal/dossier", "sipas/internal/fault",
		"sipas/internal/improve", "sipas/internal/mail", "sipas/internal/outbox",
		"sipas/internal/pace", "sipas/internal/report", "sipas/internal/sheet", "sipas/internal/signon", "sipas/internal/staff", "sipas/internal/store", "sipas/internal/text",
		"sipas/survey", "sipas/web", "github.com/labstack/echo/v4", "github.com/go-playground/validator/v10",
		"github.com/goccy/go-yaml", "github.com/prometheus/client_golang", "github.com/skip2/go-qrcode", "golang.org/x/text", "golang.org/x/time"},
	"sipas/cmd/sipas": {"sipas", "filippo.io/age", "github.com/gofrs/flock", "github.com/skip2/go-qrcode"},
	"sipas/bench":     {"sipas", "github.com/labstack/echo/v4", "github.com/xuri/excelize/v2"},
}

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Dir,GoFiles", "sipas/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
			Dir        string
			GoFiles    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of imports", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			first, _, _ := strings.Cut(i, "/")
			if !strings.Contains(first, ".") && first != "sipas" {
				continue // standard library
			}
			if !slices.ContainsFunc(allowed, func(a string) bool { return i == a || strings.HasPrefix(i, a+"/") }) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
		if p.ImportPath == "sipas/survey" || p.ImportPath == "sipas/feedback" || p.ImportPath == "sipas/internal/improve" {
			onlyStoreFile(t, p.Dir, p.GoFiles)
		}
	}
}

// onlyStoreFile holds a subject's rules apart from its storage: the store is
// imported in store.go, store_….go, and nowhere else.
func onlyStoreFile(t *testing.T, dir string, names []string) {
	t.Helper()
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if i.Path.Value == `"sipas/internal/store"` && !strings.HasPrefix(name, "store") {
				t.Errorf("%s imports the store; only store.go and store_….go may", filepath.Join(dir, name))
			}
		}
	}
}
