//go:build realmongodb

package store_test

import (
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"sipas/internal/store/storetest"
)

// TestRealMongo runs everything against the MongoDB deployment at
// SIPAS_TEST_MONGODB_URI (without a database; it makes many, sipas_test_…, and
// leaves them there).
func TestRealMongo(t *testing.T) {
	uri := os.Getenv("SIPAS_TEST_MONGODB_URI")
	if uri == "" {
		t.Fatal("SIPAS_TEST_MONGODB_URI does not name a deployment")
	}
	open := mongoOpener(strings.TrimSuffix(uri, "/"), rand.Text())
	storetest.Run(t, open)
	storetest.RunContended(t, open)
}
