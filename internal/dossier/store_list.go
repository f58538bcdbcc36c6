package dossier

import (
	"context"
	"fmt"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// Find lists the dossiers whose code begins as typed, by code.
func (s *Store) Find(ctx context.Context, typed string, limit int) (list []*Dossier, err error) {
	begin := CleanCode(typed)
	page, err := s.dossiers.Scan(ctx, store.Query{From: begin, To: begin + "~", Limit: limit}) // behind every sign of a code
	if err != nil {
		return nil, fmt.Errorf("find dossiers: %w", err)
	}
	for _, d := range page.Items {
		list = append(list, d.decode())
	}
	return list, nil
}

// LateOnes lists the dossiers that were due before today in the period and were
// not returned by then, the newest due day first. Those still open come before
// those that were returned late. next is "" at the end. An after that no list has
// given is an Invalid fault.
func (s *Store) LateOnes(ctx context.Context, from, to, today catalogue.Date, limit int, after string) (list []*Dossier, next string, err error) {
	state, cursor, _ := strings.Cut(after, ":")
	switch {
	case after == "":
		state = stateOpen
	case state != stateOpen && state != stateLate:
		var bad fault.Fields
		bad.Add("after", "cursor")
		return nil, "", bad.Err()
	}
	for {
		end := to.AddDays(1)
		if state == stateOpen {
			end = min(end, today)
		}
		q := store.Query{Index: "state", Equal: []any{state}, To: string(end), Reverse: true, Limit: limit - len(list), After: cursor}
		if from != "" {
			q.From = string(from)
		}
		page, err := s.dossiers.Scan(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("list late dossiers: %w", err)
		}
		for _, d := range page.Items {
			list = append(list, d.decode())
		}
		switch {
		case page.Next != "":
			return list, state + ":" + page.Next, nil
		case state != stateOpen:
			return list, "", nil
		}
		if state, cursor = stateLate, ""; len(list) == limit {
			return list, stateLate + ":", nil
		}
	}
}
