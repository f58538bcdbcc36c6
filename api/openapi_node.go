package api

import (
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// openAPIFile is the parsed description of the interface.
type openAPIFile struct{ root node }

// readOpenAPI parses the embedded document, once.
var readOpenAPI = sync.OnceValues(func() (*openAPIFile, error) {
	var v any
	if err := yaml.UnmarshalWithOptions(openAPI, &v, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	return &openAPIFile{node{v}}, nil
})

// node is a value of the document; what is not there is an empty node.
type node struct{ v any }

// pair is a named value, in the order of the document.
type pair struct {
	name  string
	value node
}

func (n node) pairs() []pair {
	list, _ := n.v.(yaml.MapSlice)
	pairs := make([]pair, len(list))
	for i, item := range list {
		pairs[i] = pair{fmt.Sprint(item.Key), node{item.Value}}
	}
	return pairs
}

// at follows names from n on.
func (n node) at(names ...string) node {
	for _, name := range names {
		found := node{}
		for _, p := range n.pairs() {
			if p.name == name {
				found = p.value
			}
		}
		n = found
	}
	return n
}

func (n node) list() []node {
	values, _ := n.v.([]any)
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = node{v}
	}
	return nodes
}

func (n node) exists() bool { return n.v != nil }

func (n node) isTrue() bool { return n.v == true }

// text writes a scalar, "" for nothing.
func (n node) text() string {
	if n.v == nil {
		return ""
	}
	return fmt.Sprint(n.v)
}

// follow resolves a reference and says what the last part of it is called, ""
// if n is none.
func (d *openAPIFile) follow(n node) (target node, name string) {
	for ref := n.at("$ref").text(); ref != ""; ref = n.at("$ref").text() {
		parts := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
		n, name = d.root.at(parts...), parts[len(parts)-1]
	}
	return n, name
}
