package store

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type mongoTable struct {
	coll *mongo.Collection
}

func (t *mongoTable) insert(ctx context.Context, records []*record) []error {
	docs := make([]any, len(records))
	for i, r := range records {
		docs[i] = bson.Raw(r.raw)
	}
	_, err := t.coll.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	return insertOutcomes(len(records), err)
}

func (t *mongoTable) get(ctx context.Context, id string) ([]byte, error) {
	raw, err := t.coll.FindOne(ctx, byID(id)).Raw()
	return raw, mongoReadError(err)
}

func (t *mongoTable) replace(ctx context.Context, r *record) error {
	where := bson.D{{Key: "_id", Value: r.id}, {Key: "version", Value: r.version - 1}}
	result, err := t.coll.ReplaceOne(ctx, where, bson.Raw(r.raw))
	if err != nil {
		return mongoWriteError(err)
	}
	if result.MatchedCount == 1 {
		return nil
	}
	// A write that matches nothing is acknowledged only when a majority has
	// what it looked at, so this read cannot be of an older state.
	stored, err := t.get(ctx, r.id)
	switch {
	case errors.Is(err, ErrNotFound):
		return ErrNotFound
	case err != nil:
		return ErrUnknown.Because(err)
	}
	return settleReplace(r, stored)
}

func (t *mongoTable) remove(ctx context.Context, id string) error {
	result, err := t.coll.DeleteOne(ctx, byID(id))
	if err != nil {
		return mongoWriteError(err)
	}
	if result.DeletedCount == 0 {
		return ErrNotFound
	}
	return nil
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// complete adds to the documents that lack the field all that they lack. One that
// somebody else replaces meanwhile is left to the next look; there are looks until
// there is nothing left.
func (t *mongoTable) complete(ctx context.Context, s *schema, f Field) error {
	for found := true; found; {
		cursor, err := t.coll.Find(ctx, bson.D{{Key: f.Name, Value: bson.D{{Key: "$exists", Value: false}}}})
		if err != nil {
			return mongoReadError(err)
		}
		found, err = t.completeAll(ctx, s, cursor)
		if err = errors.Join(err, mongoReadError(cursor.Close(ctx))); err != nil {
			return err
		}
	}
	return nil
}

func (t *mongoTable) completeAll(ctx context.Context, s *schema, cursor *mongo.Cursor) (found bool, err error) {
	for cursor.Next(ctx) {
		found = true
		r, err := s.complete(cursor.Current)
		if err != nil {
			upTo := bson.D{{Key: "_id", Value: bson.D{{Key: "$lte", Value: cursor.Current.Lookup("_id")}}}}
			place, _ := t.coll.CountDocuments(ctx, upTo) // 0 if that cannot be counted
			return found, ErrUnavailable.Because(incomplete(place, err))
		}
		where := bson.D{{Key: "_id", Value: r.id}, {Key: "version", Value: r.version}}
		if _, err := t.coll.ReplaceOne(ctx, where, bson.Raw(r.raw)); err != nil {
			return found, mongoWriteError(err)
		}
	}
	return found, mongoReadError(cursor.Err())
}
