//go:build protocol

package store_test

import (
	"testing"

	"sipas/internal/store/storetest"
)

// TestMongo runs the suite through the real driver and protocol against
// FerretDB, whose binary (module internal/store/ferretdb) is named by
// SIPAS_TEST_FERRETDB. What needs atomic replaces is in TestRealMongo.
func TestMongo(t *testing.T) {
	storetest.Run(t, mongoOpener(storetest.FerretDB(t), ""))
}
