package api

import (
	"cmp"
	"slices"
	"strings"

	"sipas/web"
)

// isObject says whether a schema has members, and so a place of its own on the
// page; other schemas are told where they are used.
func (d *openAPIFile) isObject(schema node) bool {
	if schema.at("properties").exists() {
		return true
	}
	for _, part := range schema.at("allOf").list() {
		if target, _ := d.follow(part); d.isObject(target) {
			return true
		}
	}
	return false
}

// fields lists the members of an object, those that it takes from others first
// and those of an object inside it behind a point.
func (d *openAPIFile) fields(prefix string, schema node) []web.ReferenceField {
	var list []web.ReferenceField
	required := map[string]bool{}
	for _, name := range schema.at("required").list() {
		required[name.text()] = true
	}
	for _, part := range schema.at("allOf").list() {
		target, _ := d.follow(part)
		list = append(list, d.fields(prefix, target)...)
	}
	for i := range list {
		list[i].Required = list[i].Required || required[strings.TrimPrefix(list[i].Name, prefix)]
	}
	for _, p := range schema.at("properties").pairs() {
		f := d.field(prefix+p.name, p.value, required[p.name])
		list = append(list, f)
		inner, behind := p.value, "."
		if inner.at("items").exists() {
			inner, behind = inner.at("items"), "[]."
		}
		if inner.at("properties").exists() {
			list = append(list, d.fields(f.Name+behind, inner)...)
		}
	}
	return list
}

// field tells what one value has to be.
func (d *openAPIFile) field(name string, schema node, required bool) web.ReferenceField {
	f := web.ReferenceField{Name: name, Required: required}
	s, described := schema, schema.at("description").text()
	orNull := false
	if ways := s.at("oneOf").list(); len(ways) > 0 {
		s, orNull = ways[0], len(ways) > 1
	}
	target, ref := d.follow(s)
	if s.at("items").exists() {
		item := d.field("", s.at("items"), false)
		f.List, f.Type, f.Schema, f.Values, f.Limits = true, item.Type, item.Schema, item.Values, joined(limits(s), item.Limits)
		f.Description = web.Prose(cmp.Or(described, string(item.Description)))
		return f
	}
	if ref != "" && target.at("items").exists() {
		f = d.field(name, target, required)
		f.Description = web.Prose(cmp.Or(described, string(f.Description)))
		return f
	}
	if ref != "" && d.isObject(target) {
		f.Type, f.Schema = ref, ref
	} else {
		f.Type, f.Values, f.Limits = typeOf(target), valuesOf(target), limits(target)
	}
	f.Null = orNull || isNullable(target)
	f.Description = web.Prose(described)
	if f.Schema == "" && described == "" {
		f.Description = web.Prose(target.at("description").text())
	}
	return f
}

func isNullable(s node) bool {
	isNull := func(n node) bool { return n.v == nil || n.text() == "null" }
	return slices.ContainsFunc(s.at("type").list(), isNull) || slices.ContainsFunc(s.at("enum").list(), isNull)
}

func typeOf(s node) string {
	switch format := s.at("format").text(); format {
	case "date", "date-time", "uri":
		return format
	}
	if kinds := s.at("type").list(); len(kinds) > 0 {
		return kinds[0].text()
	}
	return cmp.Or(s.at("type").text(), "string")
}

func valuesOf(s node) []string {
	var values []string
	if fixed := s.at("const"); fixed.exists() {
		values = append(values, fixed.text())
	}
	for _, v := range s.at("enum").list() {
		if v.exists() && v.text() != "" {
			values = append(values, v.text())
		}
	}
	return values
}

// limits writes what a schema limits, in a few words.
func limits(s node) string {
	between := func(low, high, what string) string {
		a, b := s.at(low).text(), s.at(high).text()
		switch {
		case a != "" && b != "":
			return a + " to " + b + what
		case a != "":
			return "at least " + a + what
		case b != "":
			return "at most " + b + what
		}
		return ""
	}
	text := joined(between("minimum", "maximum", ""), between("minLength", "maxLength", " characters"), between("minItems", "maxItems", " items"))
	if v := s.at("default"); v.exists() {
		text = joined(text, "default "+v.text())
	}
	return text
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}
