//go:build !testclock

package main

import "time"

// wallClock is the clock of the program where SIPAS_NOW sets no other.
func wallClock(func(string) string) func() time.Time { return time.Now }
