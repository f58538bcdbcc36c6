package dossier

import (
	"slices"
	"sync"
	"time"

	"sipas/internal/catalogue"
)

// kept are figures as they were counted last: nothing changes them but a change of
// dossiers, which every server sees by the store's revision.
type kept struct {
	mu       sync.Mutex
	revision int64
	since    time.Time
	tables   map[keptKey]Table
}

type keptKey struct {
	Query
	today catalogue.Date
}

const (
	// lateAtMost bounds how late figures are when a server dies between a change and
	// its announcement.
	lateAtMost = time.Minute
	keptTables = 100 // of a hundred groups each
)

// get returns what was counted at this revision.
func (k *kept) get(revision int64, key keptKey) (*Table, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.tables[key]
	if !ok || revision != k.revision || time.Since(k.since) > lateAtMost {
		return nil, false
	}
	t.Groups = slices.Clone(t.Groups)
	return &t, true
}

// put keeps what was counted after this revision was read.
func (k *kept) put(revision int64, key keptKey, t *Table) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case revision < k.revision:
		return // of before a change
	case revision > k.revision, k.tables == nil, time.Since(k.since) > lateAtMost, len(k.tables) == keptTables:
		k.revision, k.since, k.tables = revision, time.Now(), map[keptKey]Table{}
	}
	own := *t
	own.Groups = slices.Clone(t.Groups)
	k.tables[key] = own
}
