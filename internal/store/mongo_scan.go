package store

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func (t *mongoTable) scan(ctx context.Context, p *plan) (docs [][]byte, more bool, err error) {
	direction, hint := 1, p.index
	if p.reverse {
		direction = -1
	}
	if hint == "" {
		hint = "_id_" // the server's own name for it
	}
	var order bson.D
	for _, key := range p.keys[len(p.equal):] {
		order = append(order, bson.E{Key: key.Name, Value: direction})
	}
	cursor, err := t.coll.Find(ctx, p.filter(), options.Find().SetSort(order).SetLimit(int64(p.limit)+1).SetHint(hint))
	if err != nil {
		return nil, false, mongoReadError(err)
	}
	defer cursor.Close(ctx)
	for size := 0; cursor.Next(ctx); {
		if len(docs) == p.limit || size >= pageBytes {
			return docs, true, nil
		}
		doc := append([]byte(nil), cursor.Current...) // the driver reuses its own
		docs, size = append(docs, doc), size+len(doc)
	}
	return docs, false, mongoReadError(cursor.Err())
}

// filter writes the plan as conditions.
func (p *plan) filter() bson.D {
	filter := bson.D{}
	for i, v := range p.equal {
		filter = append(filter, bson.E{Key: p.keys[i].Name, Value: mongoValue(p.keys[i], v)})
	}
	behind := p.keys[len(p.equal):]
	next := bson.D{}
	for _, end := range []struct {
		bound    *bound
		operator string
	}{{p.lower, "$gt"}, {p.upper, "$lt"}} {
		b := end.bound
		if b == nil {
			continue
		}
		operator := end.operator
		if b.inclusive || len(b.values) > 1 {
			operator += "e" // $gte, $lte
		}
		next = append(next, bson.E{Key: operator, Value: mongoValue(behind[0], b.values[0])})
		if len(b.values) > 1 {
			filter = append(filter, bson.E{Key: "$or", Value: b.alternatives(behind, end.operator)})
		}
	}
	if len(next) > 0 {
		filter = append(filter, bson.E{Key: behind[0].Name, Value: next})
	}
	return filter
}

// alternatives writes (a, b, c) > (1, 2, 3), which MongoDB has no word for, as
// a > 1, or a = 1 and b > 2, or a = 1 and b = 2 and c > 3. Each is a range of
// the same index, and the server merges them in its order.
func (b *bound) alternatives(keys []Field, operator string) bson.A {
	var or bson.A
	for i := range b.values {
		var one bson.D
		for j, v := range b.values[:i] {
			one = append(one, bson.E{Key: keys[j].Name, Value: mongoValue(keys[j], v)})
		}
		one = append(one, bson.E{Key: keys[i].Name, Value: bson.D{{Key: operator, Value: mongoValue(keys[i], b.values[i])}}})
		or = append(or, one)
	}
	return or
}

func mongoValue(f Field, v any) any {
	if f.Type == Time {
		return primitive.DateTime(v.(int64))
	}
	return v
}
