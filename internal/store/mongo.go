package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"
)

// Used unless the URI says otherwise.
const (
	mongoDatabase  = "sipas"
	mongoPool      = 64              // connections to a server
	mongoSelection = 5 * time.Second // waited for a primary; a failover takes longer, and callers repeat
)

// mongoEngine is one database of a deployment. An acknowledged write is on
// disk on a majority of members, and a read is from the primary and of what a
// majority has: neither is ever rolled back.
type mongoEngine struct {
	client *mongo.Client
	db     *mongo.Database
}

// OpenMongo connects to the deployment at uri and waits for its primary. The
// database is the one in the URI's path, else "sipas". Write and read concern
// and read preference in the URI have no effect. The error never quotes the
// URI, which may hold a password.
func OpenMongo(ctx context.Context, uri string) (*Store, error) {
	cs, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return nil, errors.New("open MongoDB store: the address is not a MongoDB URI")
	}
	concern, journal := writeconcern.Majority(), true
	concern.Journal = &journal
	opts := options.Client().ApplyURI(uri).
		SetWriteConcern(concern).
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetAppName("sipas")
	if opts.ServerSelectionTimeout == nil {
		opts.SetServerSelectionTimeout(mongoSelection)
	}
	if opts.ConnectTimeout == nil {
		opts.SetConnectTimeout(mongoSelection)
	}
	if opts.MaxPoolSize == nil {
		opts.SetMaxPoolSize(mongoPool)
	}
	client, err := mongo.Connect(ctx, opts)
	if err != nil {
		return nil, errors.New("open MongoDB store: the address cannot be used")
	}
	e := &mongoEngine{client: client, db: client.Database(cmp.Or(cs.Database, mongoDatabase))}
	if err := e.ping(ctx); err != nil {
		_ = client.Disconnect(ctx)
		return nil, fmt.Errorf("open MongoDB store: %w", err)
	}
	return &Store{engine: e}, nil
}

func (e *mongoEngine) ping(ctx context.Context) error {
	return mongoReadError(e.client.Ping(ctx, readpref.Primary()))
}

// close is called when no call is running: a Disconnect under load would cut
// connections and leave writes unknown.
func (e *mongoEngine) close(ctx context.Context) error {
	if err := e.client.Disconnect(ctx); err != nil {
		return ErrUnavailable.Because(redact(err))
	}
	return nil
}

// open makes the indexes, each with _id as its last key, so that the order of
// documents with equal fields is that of their ids. An index that is there
// with other fields is an error of the server. Then it completes documents, each
// time: a server of an older program may have stored some since.
func (e *mongoEngine) open(ctx context.Context, s *schema) (table, error) {
	coll := e.db.Collection(s.Name)
	for _, index := range s.Indexes {
		var keys bson.D
		for _, f := range index.Fields {
			keys = append(keys, bson.E{Key: f.Name, Value: 1})
		}
		keys = append(keys, bson.E{Key: idKey.Name, Value: 1})
		model := mongo.IndexModel{Keys: keys, Options: options.Index().SetName(index.Name)}
		// One by one: FerretDB breaks off at two in a command that are there.
		if _, err := coll.Indexes().CreateOne(ctx, model); err != nil {
			return nil, mongoReadError(err)
		}
	}
	t := &mongoTable{coll: coll}
	for _, f := range s.fields {
		if err := t.complete(ctx, s, f); err != nil {
			return nil, err
		}
	}
	return t, nil
}
