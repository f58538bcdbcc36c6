package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"time"
)

// result is one system under one number of clients.
type result struct {
	system *system
	rounds []rate
}

// measurements are the results by number of clients, systems in their order.
type measurements map[int][]*result

// measure loads every system in turn, round after round, and compares after
// each run what is stored with what was acknowledged.
func measure(systems []*system, each, wait time.Duration) (measurements, error) {
	acknowledged := map[*system]int{}
	number := 0
	once := func(s *system, clients int, each time.Duration) (rate, error) {
		number++
		if err := awaitQuiet(wait); err != nil {
			return rate{}, err
		}
		r, err := load(s, number, clients, each)
		if err != nil {
			return r, err
		}
		acknowledged[s] += r.answers
		stored, err := s.stored()
		if err == nil && stored != acknowledged[s] {
			err = fmt.Errorf("%s (%s) stored %d of %d acknowledged answers", s.name, s.durability, stored, acknowledged[s])
		}
		return r, err
	}
	for _, s := range systems { // warm: caches, compiled JavaScript
		if _, err := once(s, 8, each); err != nil {
			return nil, err
		}
	}
	m := measurements{}
	for _, clients := range clientCounts {
		for _, s := range systems {
			m[clients] = append(m[clients], &result{system: s})
		}
		for round := range rounds {
			for _, result := range m[clients] {
				r, err := once(result.system, clients, each)
				if err != nil {
					return nil, err
				}
				result.rounds = append(result.rounds, r)
				fmt.Fprintf(os.Stderr, "%d clients, round %d: %s, %s: %.0f/s, p50 %s, p99 %s, processor %s, others %.0f %%\n",
					clients, round+1, result.system.name, result.system.durability, r.perSecond, ms(r.p50), ms(r.p99), ms(r.processor), 100*r.others)
			}
		}
	}
	return m, nil
}

func (r *result) perSecond() float64 {
	return median(r.rounds, func(r rate) float64 { return r.perSecond })
}

func (r *result) p50() time.Duration {
	return median(r.rounds, func(r rate) time.Duration { return r.p50 })
}

func (r *result) p99() time.Duration {
	return median(r.rounds, func(r rate) time.Duration { return r.p99 })
}

func (r *result) processor() time.Duration {
	return median(r.rounds, func(r rate) time.Duration { return r.processor })
}

func (r *result) others() float64 {
	return median(r.rounds, func(r rate) float64 { return r.others })
}

// median is the middle one of an odd number.
func median[T cmp.Ordered](rounds []rate, of func(rate) T) T {
	var all []T
	for _, r := range rounds {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
