package api

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"sipas/web"
)

// methods are the members of a path that are operations.
var methods = []string{"get", "post", "put", "patch", "delete"}

// view turns the document into what the page shows; baseURL stands in the
// examples.
func (d *openAPIFile) view(base web.Base, baseURL string) web.Reference {
	v := web.Reference{
		Base: base, Description: web.Prose(d.root.at("info", "description").text()),
		BaseURL: baseURL, DocumentURL: "/api/v1/openapi.yaml",
		Bearer: web.Prose(d.root.at("components", "securitySchemes", "bearer", "description").text()),
	}
	for _, tag := range d.root.at("tags").list() {
		g := web.ReferenceGroup{Name: tag.at("name").text(), Description: web.Prose(tag.at("description").text())}
		g.ID = "g-" + strings.ReplaceAll(strings.ToLower(g.Name), " ", "-")
		for _, path := range d.root.at("paths").pairs() {
			for _, op := range path.value.pairs() {
				if slices.Contains(methods, op.name) && op.value.at("tags").list()[0].text() == g.Name {
					g.Operations = append(g.Operations, d.operation(strings.ToUpper(op.name), path.name, op.value, baseURL))
				}
			}
		}
		v.Groups = append(v.Groups, g)
	}
	for _, schema := range d.root.at("components", "schemas").pairs() {
		if d.isObject(schema.value) {
			v.Schemas = append(v.Schemas, web.ReferenceSchema{
				Name: schema.name, Description: web.Prose(schema.value.at("description").text()), Fields: d.fields("", schema.value),
			})
		}
	}
	return v
}

func (d *openAPIFile) operation(method, path string, op node, baseURL string) web.ReferenceOperation {
	v := web.ReferenceOperation{
		ID: "op-" + op.at("operationId").text(), Method: method, Path: path,
		Summary: op.at("summary").text(), Description: web.Prose(op.at("description").text()), Public: true,
	}
	if security := op.at("security").list(); len(security) > 0 {
		v.Public = false
		for _, way := range security {
			if roles := way.at("bearer").list(); len(roles) > 0 {
				v.Roles = append(v.Roles, roles[0].text())
			} else {
				v.Public = true
			}
		}
	}
	target, query := path, url.Values{}
	for _, p := range op.at("parameters").list() {
		p, _ = d.follow(p)
		f := d.field(p.at("name").text(), p.at("schema"), p.at("required").isTrue())
		f.Description = web.Prose(cmp.Or(p.at("description").text(), string(f.Description)))
		f.In = p.at("in").text()
		v.Parameters = append(v.Parameters, f)
		switch example := p.at("example"); {
		case !example.exists():
		case f.In == "path":
			target = strings.ReplaceAll(target, "{"+f.Name+"}", example.text())
		case len(example.list()) > 0:
			for _, one := range example.list() {
				query.Add(f.Name, one.text())
			}
		default:
			query.Set(f.Name, example.text())
		}
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	body := ""
	if content := op.at("requestBody", "content").pairs(); len(content) > 0 {
		media := content[0] // the others say the same in another form
		v.Body = d.field("", media.value.at("schema"), true)
		v.Body.Description = web.Prose(op.at("requestBody", "description").text())
		v.BodyType = media.name
		body = d.example(media.value)
	}
	for _, answer := range op.at("responses").pairs() {
		v.Answers = append(v.Answers, d.answer(answer))
	}
	v.Curl = curl(method, baseURL+target, body, v)
	return v
}

func (d *openAPIFile) answer(p pair) web.ReferenceAnswer {
	r, _ := d.follow(p.value)
	a := web.ReferenceAnswer{Status: p.name, Description: web.Prose(r.at("description").text())}
	for _, media := range r.at("content").pairs() {
		a.MediaType = media.name
		schema := media.value.at("schema")
		if all := schema.at("allOf").list(); len(all) == 1 {
			schema = all[0] // a problem of one status
		}
		if target, name := d.follow(schema); name != "" && d.isObject(target) {
			a.Schema = name
		}
		if strings.HasPrefix(p.name, "2") {
			a.Example = d.example(media.value)
		}
	}
	return a
}

// example writes the first example of a body as JSON.
func (d *openAPIFile) example(media node) string {
	for _, p := range media.at("examples").pairs() {
		e, _ := d.follow(p.value)
		return indented(e.at("value").v)
	}
	return ""
}

// indented writes v as JSON, a member a line but for what fits into one.
func indented(v any) string {
	var b strings.Builder
	writeIndented(&b, v, "")
	return b.String()
}

func writeIndented(b *strings.Builder, v any, indent string) {
	const wide = 64
	if line := oneLine(v); len(line) <= wide {
		b.WriteString(line)
		return
	}
	switch v := v.(type) {
	case yaml.MapSlice:
		b.WriteString("{")
		for i, item := range v {
			b.WriteString(separator(i) + "\n" + indent + "  " + quoted(item.Key) + ": ")
			writeIndented(b, item.Value, indent+"  ")
		}
		b.WriteString("\n" + indent + "}")
	case []any:
		b.WriteString("[")
		for i, item := range v {
			b.WriteString(separator(i) + "\n" + indent + "  ")
			writeIndented(b, item, indent+"  ")
		}
		b.WriteString("\n" + indent + "]")
	default:
		b.WriteString(quoted(v))
	}
}

func oneLine(v any) string {
	var b strings.Builder
	switch v := v.(type) {
	case yaml.MapSlice:
		b.WriteString("{")
		for i, item := range v {
			b.WriteString(separator(i) + strings.Repeat(" ", min(i, 1)) + quoted(item.Key) + ": " + oneLine(item.Value))
		}
		b.WriteString("}")
	case []any:
		b.WriteString("[")
		for i, item := range v {
			b.WriteString(separator(i) + strings.Repeat(" ", min(i, 1)) + oneLine(item))
		}
		b.WriteString("]")
	default:
		b.WriteString(quoted(v))
	}
	return b.String()
}

func separator(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null" // scalars of YAML are scalars of JSON
	}
	return string(b)
}

// curl writes the request for a shell.
func curl(method, address, body string, op web.ReferenceOperation) string {
	var b strings.Builder
	b.WriteString("curl ")
	if method != "GET" && (method != "POST" || body == "") {
		b.WriteString("-X " + method + " ")
	}
	b.WriteString("'" + address + "'")
	if !op.Public {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\"")
	}
	switch {
	case body != "":
		b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + strings.ReplaceAll(body, "'", `'\''`) + "'")
	case strings.HasSuffix(op.Path, ".svg"), strings.HasSuffix(op.Path, ".png"):
		b.WriteString(" \\\n  -O")
	}
	return b.String()
}
