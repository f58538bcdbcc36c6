package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"sipas/internal/fault"
)

// object is a JSON object, read member by member, so that every member of the
// wrong type is named and not only the first. The text has been checked as a
// whole; from then on its members are found without reflection, which took a
// quarter of the time of taking in an answer, and are parts of the text.
type object struct {
	members []member
	prefix  string // "answers." within the member answers
	bad     *fault.Fields
}

type member struct {
	name  string
	value string // valid JSON
}

func (m member) isNull() bool { return m.value == "null" }

// readObject parses body, which has to be one JSON object and nothing more.
// What is wrong with its members later is added to bad.
func readObject(body []byte, bad *fault.Fields) (object, error) {
	if !json.Valid(body) {
		return object{}, errBadJSON
	}
	text := string(bytes.TrimSpace(body))
	if text[0] != '{' {
		return object{}, errBadJSON.Because(errors.New("an object is expected"))
	}
	return object{members: membersOf(text), bad: bad}, nil
}

// membersOf returns the members of a valid JSON object in their order.
func membersOf(text string) []member {
	members := make([]member, 0, min(20, 1+strings.Count(text, ",")))
	i := skipSpace(text, 1)
	for text[i] != '}' {
		end := endOfValue(text, i)
		name := unquote(text[i:end])
		i = skipSpace(text, skipSpace(text, end)+1) // behind the colon
		end = endOfValue(text, i)
		members = append(members, member{name, text[i:end]})
		if i = skipSpace(text, end); text[i] == ',' {
			i = skipSpace(text, i+1)
		}
	}
	return members
}

func skipSpace(text string, i int) int {
	for text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r' {
		i++
	}
	return i
}

// endOfValue returns where the value that begins at i ends.
func endOfValue(text string, i int) int {
	for depth := 0; ; {
		switch text[i] {
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			i++
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\t', '\n', '\r':
			i++
		default: // number, true, false, null
			i = endOfWord(text, i)
		}
		if depth == 0 {
			return i
		}
	}
}

func endOfWord(text string, i int) int {
	for ; i < len(text); i++ {
		switch text[i] {
		case ',', ']', '}', ' ', '\t', '\n', '\r':
			return i
		}
	}
	return i
}

// unquote returns the text of a valid JSON string.
func unquote(quoted string) string {
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	_ = json.Unmarshal([]byte(quoted), &s) // it is valid
	return s
}

// raw returns the value of a member, "" if there is none. Of a name given
// twice the last one counts, as everywhere.
func (o object) raw(name string) string {
	for i := len(o.members) - 1; i >= 0; i-- {
		if o.members[i].name == name {
			return o.members[i].value
		}
	}
	return ""
}

// has reports whether the member is there at all, null included.
func (o object) has(name string) bool { return o.raw(name) != "" }

// value returns a member that is neither missing nor null.
func (o object) value(name string) (string, bool) {
	raw := o.raw(name)
	return raw, raw != "" && raw != "null"
}

// text returns a copy, which does not keep the rest of the request in memory.
func (o object) text(name string) string {
	raw, ok := o.value(name)
	if ok && raw[0] == '"' {
		return strings.Clone(unquote(raw))
	}
	if ok {
		o.bad.Add(o.prefix+name, "type_text")
	}
	return ""
}

// only names every member that is neither among the names nor to be passed
// over: a misspelt one would lose what it says without a word.
func (o object) only(names ...string) {
	for _, m := range o.members {
		if !slices.Contains(names, m.name) {
			o.bad.Add(o.prefix+m.name, "unknown_member", m.name)
		}
	}
}

// texts reads an object of texts; null and "" are members that are not there.
func (o object) texts(name string, into map[string]string) {
	in := o.inner(name)
	for _, m := range in.members {
		if v := in.text(m.name); v != "" {
			into[m.name] = v
		}
	}
}

// number refuses fractions and numbers written as text.
func (o object) number(name string) int {
	raw, ok := o.value(name)
	if !ok {
		return 0
	}
	if len(raw) == 1 && raw[0] >= '0' && raw[0] <= '9' {
		return int(raw[0] - '0')
	}
	var v int
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		o.bad.Add(o.prefix+name, "type_number")
		return 0
	}
	return v
}

// flag is false for a member that is not there.
func (o object) flag(name string) bool {
	raw, ok := o.value(name)
	if ok && raw != "true" && raw != "false" {
		o.bad.Add(o.prefix+name, "type_flag")
	}
	return raw == "true"
}

func (o object) moment(name string) time.Time {
	s := o.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		o.bad.Add(o.prefix+name, "moment")
	}
	return t
}

func (o object) inner(name string) object {
	in := object{prefix: o.prefix + name + ".", bad: o.bad}
	raw, ok := o.value(name)
	if ok && raw[0] == '{' {
		in.members = membersOf(raw)
	} else if ok {
		o.bad.Add(o.prefix+name, "type_object")
	}
	return in
}
