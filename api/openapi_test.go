package api_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sipas/internal/staff"
	"sipas/survey"
)

// awaited lists routes ("GET /api/v1/seals/:date") that are described before
// they are there. It is empty but for the days between.
var awaited []string

// route writes the operation as Server.Routes does.
func (op *operation) route() string {
	return op.method + " " + strings.NewReplacer("{", ":", "}", "").Replace(op.path)
}

// TestMain asks after the whole suite for a success of every operation, so that
// none is described without having been seen.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	whole := true
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		whole = whole && flag.Lookup(name).Value.String() == ""
	}
	if code == 0 && whole {
		for _, op := range described.operations {
			if !op.answered && !slices.Contains(awaited, op.route()) {
				fmt.Printf("FAIL: no test has seen %s succeed\n", op.route())
				code = 1
			}
		}
	}
	os.Exit(code)
}

func TestRoutesAndDocumentAgree(t *testing.T) {
	inDocument := map[string]bool{}
	for _, op := range described.operations {
		inDocument[op.route()] = true
	}
	inProgram := map[string]bool{}
	for _, route := range newOffice(t).server.Routes() {
		inProgram[route] = true
		if _, path, _ := strings.Cut(route, " "); strings.HasPrefix(path, "/api/v1") && !inDocument[route] {
			t.Errorf("%s is missing in api/openapi.yaml", route)
		}
	}
	for route := range inDocument {
		switch there := inProgram[route]; {
		case !there && !slices.Contains(awaited, route):
			t.Errorf("%s is described, but there is no such route", route)
		case there && slices.Contains(awaited, route):
			t.Errorf("%s is there: take it off the list awaited", route)
		}
	}
}

// TestDocumentIsOpenAPI checks the document against the schema that the OpenAPI
// Initiative publishes, and its own schemas against JSON Schema 2020-12.
func TestDocumentIsOpenAPI(t *testing.T) {
	f, err := os.Open("testdata/openapi-3.1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	schema, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("file:///openapi-3.1.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("file:///openapi-3.1.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(described.root); err != nil {
		t.Error(err)
	}
	for name := range members(described.root, "components", "schemas") {
		if _, err := described.compiler.Compile(documentURL + "#/components/schemas/" + name); err != nil {
			t.Error(err)
		}
	}
}

func TestDocumentIsLinted(t *testing.T) {
	tags := map[string]bool{}
	list, _ := members(described.root)["tags"].([]any)
	for _, tag := range list {
		tags[members(tag)["name"].(string)] = true
	}
	ids := map[string]bool{}
	for _, op := range described.operations {
		v, _ := described.get(op.at)
		o := members(v)
		id, _ := o["operationId"].(string)
		if id == "" || ids[id] {
			t.Errorf("%s: operationId %q is none of its own", op.route(), id)
		}
		ids[id] = true
		if s, _ := o["summary"].(string); s == "" || strings.HasSuffix(s, ".") {
			t.Errorf("%s: summary %q", op.route(), s)
		}
		if named, _ := o["tags"].([]any); len(named) != 1 || !tags[named[0].(string)] {
			t.Errorf("%s: tags %v", op.route(), named)
		}
		// Where there is nothing to get wrong, no answer says so.
		if status := keys(members(v, "responses")); op.takesSomething() && !slices.ContainsFunc(status, func(s string) bool { return s[0] == '4' }) {
			t.Errorf("%s: no 4xx among %v", op.route(), status)
		}
	}
	used := map[string]bool{}
	walk(described.root, "", func(at string, v any) {
		ref, ok := members(v)["$ref"].(string)
		if !ok {
			return
		}
		used[strings.TrimPrefix(ref, "#")] = true
		if target, _ := described.get(strings.TrimPrefix(ref, "#")); target == nil {
			t.Errorf("%s: nothing is at %s", at, ref)
		}
	})
	for kind, components := range members(described.root, "components") {
		for name := range members(components) {
			if at := "/components/" + kind + "/" + name; !used[at] && kind != "securitySchemes" {
				t.Errorf("%s is used nowhere", at)
			}
		}
	}
}

// takesSomething says whether a sender of the operation can be wrong: it wants a
// token, a body, or a parameter that is not taken with any value.
func (op *operation) takesSomething() bool {
	v, _ := described.get(op.at)
	o := members(v)
	list, _ := o["parameters"].([]any)
	for i := range list {
		p, _ := described.get(fmt.Sprintf("%s/parameters/%d", op.at, i))
		if name := members(p)["name"]; name != "lang" && name != "If-None-Match" {
			return true
		}
	}
	return o["security"] != nil || o["requestBody"] != nil
}

// open are schemas that take members which nobody knows: what others send, and
// what only serves as a part of a schema that is closed.
var open = []string{"NewResponse", "NewLink", "LinkChange", "Row", "Figure", "CaseHead", "NewDossier", "NewDossierCode"}

// TestSchemasAreClosed finds objects of ours in which a new or misspelt member
// would pass unseen.
func TestSchemasAreClosed(t *testing.T) {
	var look func(at string, schema any)
	look = func(at string, schema any) {
		s := members(schema)
		_, additional := s["additionalProperties"]
		_, unevaluated := s["unevaluatedProperties"]
		if (s["properties"] != nil || s["allOf"] != nil) && !additional && !unevaluated {
			t.Errorf("%s takes any member", at)
		}
		for name, p := range members(s, "properties") {
			look(at+"/"+name, p)
		}
		if s["items"] != nil {
			look(at+"/items", s["items"])
		}
	}
	for name, schema := range members(described.root, "components", "schemas") {
		if !slices.Contains(open, name) {
			look(name, schema)
		}
	}
}

func TestExamplesAreValid(t *testing.T) {
	n := 0
	walk(described.root, "", func(at string, v any) {
		if strings.HasPrefix(at, "/components/schemas/") {
			return
		}
		for name := range members(v, "examples") {
			if members(v)["schema"] == nil {
				continue // the components' own list
			}
			n++
			example, _ := described.get(at + "/examples" + pointer(name))
			if err := described.valid(at+"/schema", members(example)["value"]); err != nil {
				t.Errorf("%s: %v", at, err)
			}
			if summary, _ := members(example)["summary"].(string); !strings.HasPrefix(summary, "Example") {
				t.Errorf("%s: the example is not marked as one", at)
			}
		}
		if example := members(v)["example"]; example != nil && members(v)["schema"] != nil {
			n++
			if err := described.valid(at+"/schema", example); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	})
	if n < 20 {
		t.Errorf("only %d examples found", n)
	}
}

// TestDocumentSaysWhoMay holds the roles in the document to the table of access.
func TestDocumentSaysWhoMay(t *testing.T) {
	for _, op := range described.operations {
		v, _ := described.get(op.at)
		ways, _ := members(v)["security"].([]any)
		var roles []string
		everybody := len(ways) == 0
		for _, w := range ways {
			everybody = everybody || len(members(w)) == 0
			if named, _ := members(w)["bearer"].([]any); len(named) == 1 {
				roles = append(roles, named[0].(string))
			}
		}
		if slices.Contains(awaited, op.route()) {
			continue
		}
		if everybody != public[op.route()] {
			t.Errorf("%s: for everybody in one of document and table", op.route())
		}
		var want []string
		for _, r := range access[op.route()] {
			want = append(want, string(r))
		}
		slices.Sort(want)
		slices.Sort(roles)
		if !everybody && !slices.Equal(roles, want) {
			t.Errorf("%s: for %v, the table says %v", op.route(), roles, want)
		}
	}
	role, _ := described.get("/components/schemas/Me/properties/role/enum")
	if got, want := fmt.Sprint(role), fmt.Sprint(staff.Roles); got != want {
		t.Errorf("roles %s, want %s", got, want)
	}
}

// TestDocumentKnowsEveryValue holds lists in the document to those in the code.
func TestDocumentKnowsEveryValue(t *testing.T) {
	enum := func(at string) (list []string) {
		v, _ := described.get(at + "/enum")
		values, _ := v.([]any)
		for _, x := range values {
			if s, ok := x.(string); ok {
				list = append(list, s)
			}
		}
		slices.Sort(list)
		return list
	}
	same := func(what string, got, want []string) {
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the document has %v, the code %v", what, got, want)
		}
	}
	same("dimensions", enum("/components/schemas/Dimension"), survey.DimensionNames())
	filters := []string{"by", "from", "to", "lang"} // lang is the language of the answer and no filter
	for _, name := range survey.DimensionNames() {
		if name != "lang" {
			filters = append(filters, name)
		}
	}
	var named []string
	list, _ := described.get("/paths/~1api~1v1~1statistics/get/parameters")
	for i := range list.([]any) {
		p, _ := described.get(fmt.Sprintf("/paths/~1api~1v1~1statistics/get/parameters/%d", i))
		named = append(named, members(p)["name"].(string))
	}
	slices.Sort(named)
	same("parameters of statistics", named, filters)
	for _, q := range survey.ProfileQuestions {
		same(q.ID, enum("/components/schemas/Profile/properties/"+q.ID), q.OptionIDs())
	}
	same("problems", enum("/components/schemas/Problem/properties/code"), slices.Concat(sentences(t, "problem", "already_exists"), caseProblems, senderProblems, []string{"dossier_unknown", "list_too_large", "lists_busy", "edition_unknown"}))
	same("fields", enum("/components/schemas/FieldError/properties/code"), slices.Concat(sentences(t, "field", "files_again"), sentFeedback, caseFields, dossierFields, []string{"no_data"}))
}

// sentFeedback are the codes of fields with which package feedback refuses what
// was sent.
var sentFeedback = []string{
	"consent", "not_anonymous", "phone", "phone_or_address", "email", "file_name", "file_empty", "file_too_large", "file_type",
	"file_other", "file_damaged", "file_pixels", "file_bomb", "file_macro", "reopen_solved",
}

// senderProblems are the codes of problems of package feedback that only a
// sender is answered with.
var senderProblems = []string{"message_not_now", "rating_not_now", "reopen_too_late"}

// sentences lists the codes of a kind that have a sentence for people, but for
// those that no route of the interface answers with.
func sentences(t *testing.T, kind string, never ...string) (codes []string) {
	t.Helper()
	texts := map[string]string{}
	for _, subject := range []string{"", "intake.", "citizen."} {
		b, err := os.ReadFile("../web/locale/" + subject + "en.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
	}
	for key := range texts {
		if parts := strings.Split(key, "."); parts[0] == kind && len(parts) == 2 && !slices.Contains(never, parts[1]) {
			codes = append(codes, parts[1])
		}
	}
	return codes
}

// TestTheCheckSeesDrift breaks answers on purpose, so that a check that has gone
// blind is noticed.
func TestTheCheckSeesDrift(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Office))
	a := o.send("GET", "/api/v1/me", "", token)
	r := request("GET", "/api/v1/me", "", token)
	for name, broken := range map[string]string{
		"a member less":    strings.Replace(a.body, `"role":"office",`, "", 1),
		"a member more":    strings.Replace(a.body, "{", `{"email":"x",`, 1),
		"another type":     strings.Replace(a.body, `"test-office"`, "7", 1),
		"an unknown value": strings.Replace(a.body, `"office"`, `"chief"`, 1),
		"no JSON":          "ok",
	} {
		if broken == a.body {
			t.Fatalf("%s: nothing was broken in %s", name, a.body)
		}
		if len(described.faults(r, "", a.Response, broken)) == 0 {
			t.Errorf("%s is not seen: %s", name, broken)
		}
	}
	if faults := described.faults(r, "", a.Response, a.body); len(faults) > 0 {
		t.Errorf("unbroken: %v", faults)
	}
	r.URL.RawQuery = "colour=red"
	if len(described.faults(r, "", a.Response, a.body)) == 0 {
		t.Error("a parameter that is not described is not seen")
	}
	r = request("GET", "/api/v1/secret", "", token)
	if len(described.faults(r, "", a.Response, a.body)) == 0 {
		t.Error("a route that is not described is not seen")
	}
	r = request("GET", "/api/v1/me", "")
	if len(described.faults(r, "", a.Response, a.body)) == 0 {
		t.Error("a success without a token is not seen")
	}
	a.StatusCode = 202
	if len(described.faults(r, "", a.Response, a.body)) == 0 {
		t.Error("a status that is not described is not seen")
	}
}

func TestDocumentIsServed(t *testing.T) {
	o := newOffice(t)
	file, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a := o.send("GET", "/api/v1/openapi.yaml", "")
	if a.StatusCode != 200 || a.body != string(file) || !strings.Contains(a.Header.Get("Cache-Control"), "max-age") {
		t.Errorf("%d, %d bytes, %s", a.StatusCode, len(a.body), a.Header.Get("Cache-Control"))
	}
	again := o.send("GET", "/api/v1/openapi.yaml", "", "If-None-Match: "+a.Header.Get("ETag"), "Accept-Encoding: gzip")
	if again.StatusCode != 304 || again.body != "" {
		t.Errorf("the same again: %d", again.StatusCode)
	}
	if packed := o.send("GET", "/api/v1/openapi.yaml", "", "Accept-Encoding: gzip"); packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body) > len(a.body)/3 {
		t.Errorf("compressed to %d bytes", len(packed.body))
	}
	for _, lang := range []string{"vi", "en"} {
		page := o.send("GET", "/api?lang="+lang, "")
		if page.StatusCode != 200 || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
			t.Fatalf("page: %d", page.StatusCode)
		}
		for _, op := range described.operations {
			v, _ := described.get(op.at)
			if !strings.Contains(page.body, `id="op-`+members(v)["operationId"].(string)+`"`) {
				t.Errorf("%s: the page lacks %s", lang, op.route())
			}
		}
		for _, say := range []string{"curl &#39;https://khaosat.example.gov.vn/api/v1/areas?on=2026-06-30&#39;", `id="o-Group"`, "Bearer $TOKEN"} {
			if !strings.Contains(page.body, say) {
				t.Errorf("%s: the page does not say %s", lang, say)
			}
		}
		for _, id := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page.body, -1) {
			if !strings.Contains(page.body, `id="`+id[1]+`"`) {
				t.Errorf("%s: nothing has the id %s", lang, id[1])
			}
		}
	}
}

func keys(m map[string]any) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// walk visits every value with its pointer.
func walk(v any, at string, visit func(at string, v any)) {
	visit(at, v)
	switch x := v.(type) {
	case map[string]any:
		for name, inner := range x {
			walk(inner, at+pointer(name), visit)
		}
	case []any:
		for i, inner := range x {
			walk(inner, fmt.Sprintf("%s/%d", at, i), visit)
		}
	}
}
