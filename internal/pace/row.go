// Package pace slows the guessing of secrets down: what a try takes, and when
// it is given back.
package pace

import (
	"net/netip"
	"time"
)

// Row is a row of places. A try takes one, and a place that was taken comes free
// by itself, one after the other.
type Row struct {
	Places int
	Every  time.Duration // between one place and the next coming free
}

// Wait returns how long it is until a place is free; 0: one is. freeAt is when
// all places are.
func (r Row) Wait(freeAt, now time.Time) time.Duration {
	most := time.Duration(r.Places) * r.Every
	taken := freeAt.Sub(now)
	if taken <= 0 || taken > most { // more than there is: the clock has gone back
		return 0
	}
	return max(0, taken+r.Every-most)
}

// Take returns when all places are free after one more was taken.
func (r Row) Take(freeAt, now time.Time) time.Time {
	if taken := freeAt.Sub(now); taken <= 0 || taken > time.Duration(r.Places)*r.Every {
		freeAt = now
	}
	return freeAt.Add(r.Every)
}

// Network is the address as one customer has it: of IPv6 the /64.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		p, _ := ip.Prefix(64) // 64 is in range
		ip = p.Addr()
	}
	return ip.String()
}
