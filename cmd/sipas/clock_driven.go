//go:build testclock

package main

import (
	"os"
	"strings"
	"time"
)

// wallClock, in the build that tests use to drive several servers over
// midnight, is what the file named by SIPAS_TEST_CLOCK says at each reading: a
// moment in RFC 3339. A file that cannot be read ends the program.
func wallClock(get func(string) string) func() time.Time {
	file := get("SIPAS_TEST_CLOCK")
	return func() time.Time {
		b, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		t, err := time.Parse(time.RFC3339, strings.TrimSpace(string(b)))
		if err != nil {
			panic(err)
		}
		return t
	}
}
