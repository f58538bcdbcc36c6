package store

import (
	"context"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
)

// names leaves out what MongoDB keeps for itself.
func (e *mongoEngine) names(ctx context.Context) ([]string, error) {
	all, err := e.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, mongoReadError(err)
	}
	var names []string
	for _, name := range all {
		if !strings.HasPrefix(name, "system.") {
			names = append(names, name)
		}
	}
	return names, nil
}

// dumpOrder is the order of ids: MongoDB keeps no order of commits.
var dumpOrder = []Field{idKey}

func (e *mongoEngine) tail(ctx context.Context, name string) (any, error) {
	docs, _, err := e.dumpTable(name).scan(ctx, &plan{keys: dumpOrder, reverse: true, limit: 1})
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	return dumpID(docs[0])
}

func (e *mongoEngine) read(ctx context.Context, name string, after, last any) (docs [][]byte, at any, err error) {
	p := &plan{keys: dumpOrder, limit: dumpLimit, upper: &bound{values: []any{last}, inclusive: true}}
	if after != nil {
		p.lower = &bound{values: []any{after}}
	}
	docs, _, err = e.dumpTable(name).scan(ctx, p)
	if err != nil || len(docs) == 0 {
		return nil, nil, err
	}
	at, err = dumpID(docs[len(docs)-1])
	return docs, at, err
}

func (e *mongoEngine) dumpTable(name string) *mongoTable {
	return &mongoTable{coll: e.db.Collection(name)}
}

// dumpID returns the id of a document, which in a collection of ours is a string.
func dumpID(doc []byte) (any, error) {
	id, ok := bson.Raw(doc).Lookup("_id").StringValueOK()
	if !ok {
		return nil, errors.New("a document whose id is not a string")
	}
	return id, nil
}
