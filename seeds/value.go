package seeds

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/catalogue"
)

// file is one file while it is read: it remembers the line of every value under
// the value's path ("areas.3.name.en"), so that whatever a rule says later about
// a path can be said about a line.
type file struct {
	name  string
	bad   *mistakes
	lines map[string]Position
}

// value is a node of the file and the path under which it is known. The zero
// value stands for one that is not there.
type value struct {
	f    *file
	path string
	node ast.Node
}

func (v value) missing() bool {
	if v.node == nil {
		return true
	}
	_, null := v.node.(*ast.NullNode)
	return null
}

func (v value) position() Position { return v.f.lines[v.path] }

func (f *file) at(n ast.Node) Position {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return Position{f.name, 1}
	}
	return Position{f.name, max(1, n.GetToken().Position.Line)}
}

// note remembers where a value begins, at its key if it has one, and refuses
// what these files do without: anchors and aliases make one line mean many,
// tags make a text something else.
func (f *file) note(path string, begin, n ast.Node) value {
	v := value{f, path, n}
	f.lines[path] = f.at(begin)
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		return v.wrong("anchors and aliases (& and *) are not allowed")
	case *ast.TagNode:
		return v.wrong("tags (!) are not allowed")
	}
	return v
}

// first returns the node at which n begins: a mapping's own place is that of
// its first colon.
func first(n ast.Node) ast.Node {
	if pairs, ok := pairsOf(n); ok && len(pairs) > 0 {
		return pairs[0].Key
	}
	return n
}

// wrong reports the value and returns it as one that is not there.
func (v value) wrong(message string, args ...any) value {
	v.f.bad.add(v.position(), v.name()+message, args...)
	v.f.bad.wrong[v.path] = true
	return value{v.f, v.path, nil}
}

// name returns the last words of the path for a message, "name.en: ".
func (v value) name() string {
	if n := shortName(v.path); n != "" {
		return n + ": "
	}
	return ""
}

// shortName leaves the part of a path after its last number: the place says the
// rest.
func shortName(path string) string {
	parts := strings.Split(path, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(parts[i]); err == nil {
			return strings.Join(parts[i+1:], ".")
		}
	}
	return path
}

// object is a mapping with known keys.
type object struct {
	value
	entries map[string]value
}

// object reads a mapping and reports keys that are unknown or given twice.
func (v value) object(known ...string) object {
	o := object{v, map[string]value{}}
	if v.missing() {
		if v.node != nil {
			v.wrong("must be a mapping (key: value)")
		}
		return o
	}
	pairs, ok := pairsOf(v.node)
	if !ok {
		o.value = v.wrong("must be a mapping (key: value)")
		return o
	}
	for _, p := range pairs {
		key, ok := p.Key.(*ast.StringNode)
		if !ok {
			v.f.bad.add(v.f.at(p.Key), "%s%s is not a key that is known here", v.name(), strconv.Quote(cut(p.Key.String())))
			continue
		}
		if !slices.Contains(known, key.Value) {
			v.f.bad.add(v.f.at(p.Key), "%sunknown key %q; known are %s", v.name(), cut(key.Value), strings.Join(known, ", "))
			continue
		}
		if _, twice := o.entries[key.Value]; twice {
			v.f.bad.add(v.f.at(p.Key), "%skey %q is given twice", v.name(), key.Value)
			continue
		}
		o.entries[key.Value] = v.f.note(join(v.path, key.Value), p.Key, p.Value)
	}
	return o
}

func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// get returns the value of a key; one that is not there is remembered under its
// path with the line of the mapping, where its absence can be reported.
func (o object) get(key string) value {
	if v, ok := o.entries[key]; ok {
		return v
	}
	path := join(o.path, key)
	o.f.lines[path] = o.f.lines[o.path]
	return value{o.f, path, nil}
}

func (o object) has(key string) bool { return !o.get(key).missing() }

// list reads a sequence; item i is known under the path "path.(from+i)".
func (v value) list(path string, from int) []value {
	if v.missing() {
		return nil
	}
	s, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.wrong("must be a list (- …)")
		return nil
	}
	items := make([]value, len(s.Values))
	for i, n := range s.Values {
		items[i] = v.f.note(join(path, strconv.Itoa(from+i)), first(n), n)
	}
	return items
}

// text reads a text. Numbers and words like true have to be quoted to be one.
func (v value) text() string {
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
		return ""
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n")
	default:
		v.wrong("must be a text; write it in quotes")
		return ""
	}
}

// word reads an id or number as it is written, in quotes or not: 15 and "15"
// are the same criterion.
func (v value) word() string {
	switch n := v.node.(type) {
	case *ast.IntegerNode:
		return n.Token.Value
	case *ast.FloatNode:
		return n.Token.Value
	}
	return v.text()
}

func (v value) date() catalogue.Date { return catalogue.Date(v.word()) }

func (v value) truth() bool {
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
		return false
	case *ast.BoolNode:
		return n.Value
	default:
		v.wrong("must be true or false")
		return false
	}
}

func (v value) number() int {
	if v.missing() {
		return 0
	}
	n, err := strconv.Atoi(v.word())
	if err != nil {
		v.wrong("must be a whole number")
	}
	return n
}

func (v value) percent() catalogue.Percent {
	if v.missing() {
		v.wrong("is missing")
		return 0
	}
	p, err := catalogue.ParsePercent(v.word())
	if err != nil {
		v.wrong("must be a percentage such as 90 or 89.5")
	}
	return p
}

// bilingual reads a text in both languages.
func (v value) bilingual() catalogue.Text {
	if v.missing() {
		return catalogue.Text{}
	}
	o := v.object("vi", "en")
	return catalogue.Text{VI: o.get("vi").text(), EN: o.get("en").text()}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// cut keeps a message short whatever the file has in it.
func cut(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
