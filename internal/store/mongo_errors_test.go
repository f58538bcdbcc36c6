package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// TestInsertOutcomes: what only a real deployment does (write concern errors,
// servers that stop in the middle) in the driver's words.
func TestInsertOutcomes(t *testing.T) {
	const secret = "E11000 duplicate key error, dup key: { _id: \"secret\" }"
	failed := func(index, code int) mongo.BulkWriteError {
		return mongo.BulkWriteError{WriteError: mongo.WriteError{Index: index, Code: code, Message: secret}}
	}
	concern := &mongo.WriteConcernError{Code: 64, Message: "waiting for replication timed out"}
	for _, test := range []struct {
		name string
		err  error
		want []error // of three documents
	}{
		{"all stored", nil, []error{nil, nil, nil}},
		{"duplicates", mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{failed(0, 11000), failed(2, 11000)}},
			[]error{ErrExists, nil, ErrExists}},
		{"write concern", mongo.BulkWriteException{WriteConcernError: concern}, []error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"write concern beside a duplicate", mongo.BulkWriteException{WriteConcernError: concern, WriteErrors: []mongo.BulkWriteError{failed(0, 11000)}},
			[]error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"stopped in the middle", mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{failed(0, 11000), failed(1, 11600)}},
			[]error{ErrExists, ErrUnknown, ErrUnknown}},
		{"index out of range", mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{failed(7, 11000)}}, []error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"the whole command", mongo.CommandError{Code: 189, Name: "PrimarySteppedDown", Message: secret}, []error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"connection", mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: context.DeadlineExceeded}, []error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"caller gave up", context.Canceled, []error{ErrUnknown, ErrUnknown, ErrUnknown}},
		{"no server", topology.ServerSelectionError{Wrapped: topology.ErrServerSelectionTimeout}, []error{ErrUnavailable, ErrUnavailable, ErrUnavailable}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i, err := range insertOutcomes(3, test.err) {
				if !errors.Is(err, test.want[i]) || test.want[i] == nil && err != nil {
					t.Errorf("document %d: got %v, want %v", i, err, test.want[i])
				}
				if err != nil && strings.Contains(err.Error(), "secret") {
					t.Errorf("document %d: the error quotes it: %v", i, err)
				}
			}
		})
	}
}
