package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// described is the document that every request and answer of these tests is
// held to.
var described = readDescription()

// description is api/openapi.yaml as a validator sees it. Everything in it is
// named by its JSON pointer, "/paths/~1api~1v1~1me/get".
type description struct {
	root       any
	operations []*operation
	mu         sync.Mutex
	compiler   *jsonschema.Compiler
	schemas    map[string]*jsonschema.Schema
}

type operation struct {
	method, path, at string // path as in the document, /links/{code}
	match            *regexp.Regexp
	answered         bool // with a 2xx that was checked
}

const documentURL = "file:///openapi.json"

func readDescription() *description {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	text, err := os.ReadFile("openapi.yaml")
	must(err)
	var v any
	must(yaml.Unmarshal(text, &v))
	b, err := json.Marshal(v)
	must(err)
	d := &description{schemas: map[string]*jsonschema.Schema{}, compiler: jsonschema.NewCompiler()}
	d.root, err = jsonschema.UnmarshalJSON(bytes.NewReader(b))
	must(err)
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	must(d.compiler.AddResource(documentURL, d.root))
	for path, item := range members(d.root, "paths") {
		for method := range item.(map[string]any) {
			pattern := regexp.MustCompile(`\\\{(\w+)\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `(?P<$1>[^/]+)`)
			d.operations = append(d.operations, &operation{
				method: strings.ToUpper(method), path: path, at: "/paths" + pointer(path, method), match: regexp.MustCompile("^" + pattern + "$"),
			})
		}
	}
	// A path without a variable before one with.
	slices.SortFunc(d.operations, func(a, b *operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	slices.SortStableFunc(d.operations, func(a, b *operation) int { return strings.Count(a.path, "{") - strings.Count(b.path, "{") })
	return d
}

func pointer(names ...string) string {
	p := ""
	for _, n := range names {
		p += "/" + strings.ReplaceAll(strings.ReplaceAll(n, "~", "~0"), "/", "~1")
	}
	return p
}

// members returns the object under names, empty if there is none.
func members(v any, names ...string) map[string]any {
	for _, n := range names {
		m, _ := v.(map[string]any)
		v = m[n]
	}
	m, _ := v.(map[string]any)
	return m
}

// get returns what stands at a pointer, and the pointer it really stands at:
// references are followed.
func (d *description) get(at string) (any, string) {
	v, here := d.root, ""
	for _, n := range strings.Split(at, "/")[1:] {
		here += "/" + n
		n = strings.ReplaceAll(strings.ReplaceAll(n, "~1", "/"), "~0", "~")
		switch x := v.(type) {
		case map[string]any:
			v = x[n]
		case []any:
			i := -1
			fmt.Sscan(n, &i)
			if i < 0 || i >= len(x) {
				return nil, here
			}
			v = x[i]
		default:
			return nil, here
		}
		if ref, ok := members(v)["$ref"].(string); ok {
			v, here = d.get(strings.TrimPrefix(ref, "#"))
		}
	}
	return v, here
}

// valid checks v against the schema at a pointer.
func (d *description) valid(at string, v any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.schemas[at]
	if s == nil {
		var err error
		// The fragment is written as in an address.
		if s, err = d.compiler.Compile(documentURL + "#" + (&url.URL{Fragment: at}).EscapedFragment()); err != nil {
			return err
		}
		d.schemas[at] = s
	}
	return s.Validate(v)
}

func (d *description) find(method, path string) (*operation, map[string]string) {
	for _, op := range d.operations {
		if m := op.match.FindStringSubmatch(path); m != nil && op.method == method {
			values := map[string]string{}
			for i, name := range op.match.SubexpNames() {
				values[name] = m[i]
			}
			return op, values
		}
	}
	return nil, nil
}

// check holds one request and its answer to the document. The request has to be
// as described where the server accepted it.
func (d *description) check(t testing.TB, r *http.Request, body string, a *http.Response, answered string) {
	t.Helper()
	for _, err := range d.faults(r, body, a, answered) {
		t.Errorf("not as in api/openapi.yaml: %s %s, answered %d: %v", r.Method, r.URL.Path, a.StatusCode, err)
	}
}

func (d *description) faults(r *http.Request, body string, a *http.Response, answered string) []error {
	op, values := d.find(r.Method, r.URL.Path)
	if op == nil {
		if !strings.HasPrefix(r.URL.Path, "/api/v1") {
			return nil
		}
		return d.notThere(a, answered)
	}
	faults := d.answerFaults(op, a, answered)
	if a.StatusCode/100 == 2 {
		faults = append(faults, d.parameterFaults(op, r, values)...)
		faults = append(faults, d.bodyFaults(op, r, body)...)
		d.mu.Lock()
		op.answered = true
		d.mu.Unlock()
	}
	return faults
}

// notThere is what may be said of a route that is not in the document: that
// there is none.
func (d *description) notThere(a *http.Response, answered string) []error {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(answered))
	code := members(v)["code"]
	if a.StatusCode == 404 && code == "not_found" || a.StatusCode == 405 && code == "method" {
		err = d.valid("/components/schemas/Problem", v)
	} else if err == nil {
		err = fmt.Errorf("the route is missing: %.200s", answered)
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

func (d *description) answerFaults(op *operation, a *http.Response, body string) (faults []error) {
	v, at := d.get(op.at + fmt.Sprintf("/responses/%d", a.StatusCode))
	if v == nil {
		return []error{fmt.Errorf("the status is missing: %.200s", body)}
	}
	for name := range members(v, "headers") {
		header, headerAt := d.get(at + "/headers" + pointer(name))
		sent := a.Header.Values(name)
		if len(sent) == 0 && members(header)["required"] == true {
			faults = append(faults, fmt.Errorf("no header %s", name))
		} else if err := d.validText(headerAt+"/schema", sent); len(sent) > 0 && err != nil {
			faults = append(faults, fmt.Errorf("header %s: %w", name, err))
		}
	}
	if content := members(v, "content"); len(content) == 0 && body == "" {
		return faults
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if _, ok := members(v, "content")[kind]; !ok {
		return append(faults, fmt.Errorf("the content type %q is missing", kind))
	}
	if a.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			return append(faults, err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			return append(faults, err)
		}
		body = string(b)
	}
	if err := d.validContent(at+"/content"+pointer(kind)+"/schema", kind, body); err != nil {
		faults = append(faults, err)
	}
	return faults
}

func (d *description) validContent(at, kind, body string) error {
	if schema, _ := d.get(at); schema == nil {
		return nil // a picture
	}
	var v any = body
	if strings.HasSuffix(kind, "json") {
		var err error
		if v, err = jsonschema.UnmarshalJSON(strings.NewReader(body)); err != nil {
			return err
		}
	}
	return d.valid(at, v)
}

// validText checks what came as text: a header or a parameter, once or more.
func (d *description) validText(at string, sent []string) error {
	schema, at := d.get(at)
	one := func(at, s string) any {
		if schema, _ := d.get(at); members(schema)["type"] == "integer" {
			return json.Number(s)
		}
		return s
	}
	if members(schema)["type"] == "array" {
		list := make([]any, len(sent))
		for i, s := range sent {
			list[i] = one(at+"/items", s)
		}
		return d.valid(at, list)
	}
	if len(sent) != 1 {
		return fmt.Errorf("sent %d times", len(sent))
	}
	return d.valid(at, one(at, sent[0]))
}

func (d *description) parameterFaults(op *operation, r *http.Request, values map[string]string) (faults []error) {
	unknown := r.URL.Query()
	v, _ := d.get(op.at + "/parameters")
	list, _ := v.([]any)
	for i := range list {
		p, at := d.get(fmt.Sprintf("%s/parameters/%d", op.at, i))
		name, _ := members(p)["name"].(string)
		var sent []string
		switch members(p)["in"] {
		case "path":
			sent = []string{values[name]}
		case "query":
			sent = r.URL.Query()[name]
			delete(unknown, name)
		case "header":
			sent = r.Header.Values(name)
		}
		if len(sent) == 0 && members(p)["required"] != true {
			continue
		}
		if err := d.validText(at+"/schema", sent); err != nil {
			faults = append(faults, fmt.Errorf("parameter %s: %w", name, err))
		}
	}
	for name := range unknown {
		faults = append(faults, fmt.Errorf("the parameter %s is missing", name))
	}
	if secured, _ := d.get(op.at + "/security"); secured != nil && r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == "" {
		ways, _ := secured.([]any)
		if !slices.ContainsFunc(ways, func(w any) bool { return len(members(w)) == 0 }) {
			faults = append(faults, fmt.Errorf("accepted without a token"))
		}
	}
	return faults
}

// ignored are members that a test sends to see that the server does not listen.
var ignored = []string{"channel", "verified"}

func (d *description) bodyFaults(op *operation, r *http.Request, body string) []error {
	v, at := d.get(op.at + "/requestBody")
	if v == nil {
		if body != "" && body != "{}" { // the access test sends {} everywhere
			return []error{fmt.Errorf("the body is missing")}
		}
		return nil
	}
	if body == "" && members(v)["required"] == false {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "" {
		kind = "application/json"
	}
	at += "/content" + pointer(kind) + "/schema"
	schema, _ := d.get(at)
	if schema == nil {
		return []error{fmt.Errorf("the content type %q is missing", kind)}
	}
	if kind == "multipart/form-data" {
		kind, body = "application/json", formAsJSON(r, body)
	}
	var faults []error
	if err := d.validContent(at, kind, body); err != nil {
		faults = append(faults, fmt.Errorf("body: %w", err))
	}
	sent, _ := jsonschema.UnmarshalJSON(strings.NewReader(body))
	known := d.properties(at)
	for name := range members(sent) {
		if !known[name] && !slices.Contains(ignored, name) {
			faults = append(faults, fmt.Errorf("the member %s is missing", name))
		}
	}
	return faults
}

// formAsJSON is a form with files as the document describes it: its fields as
// texts, and its files as a list.
func formAsJSON(r *http.Request, body string) string {
	_, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := multipart.NewReader(strings.NewReader(body), parameters["boundary"]).ReadForm(64 << 20)
	if err != nil {
		return "null"
	}
	fields := map[string]any{}
	for name, list := range form.Value {
		fields[name] = list[0]
	}
	for name, list := range form.File {
		names := []string{}
		for _, f := range list {
			names = append(names, f.Filename)
		}
		fields[name] = names
	}
	b, _ := json.Marshal(fields)
	return string(b)
}

// properties names the members that a schema speaks of.
func (d *description) properties(at string) map[string]bool {
	schema, at := d.get(at)
	known := map[string]bool{}
	for name := range members(schema, "properties") {
		known[name] = true
	}
	all, _ := members(schema)["allOf"].([]any)
	for i := range all {
		for name := range d.properties(fmt.Sprintf("%s/allOf/%d", at, i)) {
			known[name] = true
		}
	}
	return known
}
