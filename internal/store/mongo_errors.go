package store

import (
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// duplicateKey is the server's code for an id that is taken: _id has the only
// unique index.
const duplicateKey = 11000

// insertOutcomes tells what became of each of n documents of one insert. Two
// outcomes are certain, acknowledged and duplicate; and even those are not if
// the write concern failed, or if the server stopped at an error of another
// kind, behind which it may not have tried the rest.
func insertOutcomes(n int, err error) []error {
	outcomes := make([]error, n)
	if err == nil {
		return outcomes
	}
	var bulk mongo.BulkWriteException
	if errors.As(err, &bulk) && bulk.WriteConcernError == nil && len(bulk.WriteErrors) > 0 {
		certain := true
		for _, e := range bulk.WriteErrors {
			if e.Code != duplicateKey || e.Index < 0 || e.Index >= n {
				certain = false
				continue
			}
			outcomes[e.Index] = ErrExists
		}
		if certain {
			return outcomes
		}
	}
	unclear := mongoWriteError(err)
	for i := range outcomes {
		if outcomes[i] == nil {
			outcomes[i] = unclear
		}
	}
	return outcomes
}

// mongoWriteError sorts what a write returned. Only where no server could be
// selected has nothing been sent for certain (the driver returns the first
// try's error if it is the second one that finds no server).
func mongoWriteError(err error) error {
	switch {
	case err == nil:
		return nil
	case neverSent(err):
		return ErrUnavailable.Because(redact(err))
	default:
		return ErrUnknown.Because(redact(err))
	}
}

func neverSent(err error) bool {
	var selection topology.ServerSelectionError
	return errors.As(err, &selection) || errors.Is(err, mongo.ErrClientDisconnected)
}

func mongoReadError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrNoDocuments):
		return ErrNotFound
	default:
		return ErrUnavailable.Because(redact(err))
	}
}

// redact leaves of a server's answer only the codes: its text may quote the
// document ("dup key: { _id: … }").
func redact(err error) error {
	var command mongo.CommandError
	var write mongo.WriteException
	var bulk mongo.BulkWriteException
	var found []int
	switch {
	case errors.As(err, &command) && command.Code != 0:
		found = append(found, int(command.Code))
	case errors.As(err, &write):
		for _, e := range write.WriteErrors {
			found = append(found, e.Code)
		}
		bulk.WriteConcernError = write.WriteConcernError
	case errors.As(err, &bulk):
		for _, e := range bulk.WriteErrors {
			found = append(found, e.Code)
		}
	default:
		return err
	}
	if bulk.WriteConcernError != nil {
		found = append(found, bulk.WriteConcernError.Code)
	}
	slices.Sort(found)
	return fmt.Errorf("server error %d", slices.Compact(found))
}
