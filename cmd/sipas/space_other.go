//go:build !linux && !darwin && !freebsd

package main

// freeSpace is not known here; a full disk shows as a failed write.
func freeSpace(string) (bytes int64, known bool) { return 0, false }
