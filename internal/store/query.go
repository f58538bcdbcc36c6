package store

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/fault"
)

// Query selects a range of one order of a collection. A field's value is a
// string, any Go integer, or a time.Time, as the field is declared; times are
// cut to milliseconds as stored ones are.
type Query struct {
	Index    string // a declared index; "" is the order of ids
	Equal    []any  // values of the index's first fields
	From, To any    // range on the next field, or on the id after the last: From <= x < To; nil: open
	Reverse  bool   // from the end of the range to its beginning
	Limit    int    // documents a page, 1..1000; 0 = 100. Pages of large documents are shorter
	After    string // Next of the page before, which had the same Index, Equal and Reverse
}

// Page is what Scan returns. The caller owns the Items.
type Page[T any] struct {
	Items []*T
	Next  string // for Query.After; "" at the end
}

const (
	defaultLimit = 100
	maxLimit     = 1000
	// pageBytes ends a page early, so that a thousand documents of 8 MB are
	// never in memory at once.
	pageBytes = 16 << 20
)

// plan is a Query that has been checked and given values in the engines'
// form: a string, or an int64 (Time: milliseconds).
type plan struct {
	index   string
	keys    []Field // the order: the fields of the index, then the id
	equal   []any   // values of the first keys
	lower   *bound  // nil: open
	upper   *bound
	reverse bool
	limit   int
}

// bound is one end of the range on the keys behind the equal ones, compared
// as a tuple of as many keys as it has values.
type bound struct {
	values    []any
	inclusive bool
}

// idKey stands for the id among the keys of an order.
var idKey = Field{Name: "_id", Type: String}

// plan checks q. Only what may come from outside, a text or After, makes an
// Invalid fault; the rest are mistakes in the program.
func (s *schema) plan(q Query) (*plan, error) {
	p := &plan{index: q.Index, reverse: q.Reverse, limit: cmp.Or(q.Limit, defaultLimit)}
	if p.limit < 1 || p.limit > maxLimit {
		return nil, fmt.Errorf("limit %d is not in 1..%d", q.Limit, maxLimit)
	}
	if q.Index != "" {
		index, ok := s.index(q.Index)
		if !ok {
			return nil, fmt.Errorf("no index %q", q.Index)
		}
		p.keys = append(p.keys, index.Fields...)
	}
	if len(q.Equal) > len(p.keys) {
		return nil, fmt.Errorf("%d values for the fields of index %q", len(q.Equal), q.Index)
	}
	p.keys = append(p.keys, idKey)

	for i, x := range q.Equal {
		v, err := queryValue(p.keys[i], x)
		if err != nil {
			return nil, err
		}
		p.equal = append(p.equal, v)
	}
	next := p.keys[len(p.equal)]
	if q.From != nil {
		v, err := queryValue(next, q.From)
		if err != nil {
			return nil, err
		}
		p.lower = &bound{values: []any{v}, inclusive: true}
	}
	if q.To != nil {
		v, err := queryValue(next, q.To)
		if err != nil {
			return nil, err
		}
		p.upper = &bound{values: []any{v}}
	}
	if q.After != "" {
		after, err := s.readCursor(p, q.After)
		if err != nil {
			return nil, err
		}
		p.resume(after)
	}
	return p, nil
}

// resume lets the position replace the bound that the scan has passed, so that
// the engine begins there instead of walking from the bound again. A position
// outside the range (a forged cursor) does not widen it.
func (p *plan) resume(after []any) {
	switch {
	case !p.reverse && (p.lower == nil || compare(after[0], p.lower.values[0]) >= 0):
		p.lower = &bound{values: after}
	case p.reverse && (p.upper == nil || compare(after[0], p.upper.values[0]) < 0):
		p.upper = &bound{values: after}
	}
}

// position returns the values of the keys behind the equal ones in r.
func (s *schema) position(p *plan, r *record) []any {
	var values []any
	for _, key := range p.keys[len(p.equal):] {
		if key == idKey {
			values = append(values, r.id)
		} else {
			values = append(values, r.fields[s.field(key.Name)])
		}
	}
	return values
}

func (s *schema) index(name string) (Index, bool) {
	for _, index := range s.Indexes {
		if index.Name == name {
			return index, true
		}
	}
	return Index{}, false
}

// queryValue brings x into the engines' form.
func queryValue(f Field, x any) (any, error) {
	switch v := reflect.ValueOf(x); {
	case f.Type == String && v.Kind() == reflect.String:
		text := v.String()
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			return nil, invalid("query", f.Name, errors.New("not valid UTF-8, or with NUL"))
		}
		return text, nil
	case f.Type == Int64 && v.CanInt():
		return v.Int(), nil
	case f.Type == Time:
		if t, ok := x.(time.Time); ok {
			return t.UnixMilli(), nil
		}
	}
	return nil, fmt.Errorf("%T is no value for %q", x, f.Name)
}

// compare orders two values of the same type as both engines do.
func compare(a, b any) int {
	if a, ok := a.(string); ok {
		return strings.Compare(a, b.(string))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

// invalid is the fault for something that was sent to us and cannot be used.
func invalid(code, field string, cause error) error {
	e := fault.New(fault.Invalid, code)
	e.Fields.Add(field, code)
	return e.Because(cause)
}
