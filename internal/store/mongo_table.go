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
