package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// flushEvery is how long a line about an ordinary request may wait to be
// written with others. Warnings and errors are written at once.
const flushEvery = 200 * time.Millisecond

// newLog returns a log that writes lines in batches, and what has to be called
// before the program ends.
func newLog(w io.Writer) (log *slog.Logger, flush func()) {
	b := &lineBuffer{w: bufio.NewWriterSize(w, 32<<10)}
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				b.flush()
			case <-stop:
				return
			}
		}
	}()
	flush = func() { close(stop); b.flush() }
	return slog.New(urgent{slog.NewTextHandler(b, nil), b}), flush
}

type lineBuffer struct {
	mu sync.Mutex
	w  *bufio.Writer
}

func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.w.Write(line)
}

func (b *lineBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.w.Flush() // nowhere to report that the log cannot be written
}

// urgent writes everything out after a line that somebody may be waiting for.
type urgent struct {
	slog.Handler
	buffer *lineBuffer
}

func (u urgent) Handle(ctx context.Context, r slog.Record) error {
	err := u.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn || r.Message == "serving" {
		u.buffer.flush()
	}
	return err
}

func (u urgent) WithAttrs(a []slog.Attr) slog.Handler {
	return urgent{u.Handler.WithAttrs(a), u.buffer}
}
func (u urgent) WithGroup(n string) slog.Handler { return urgent{u.Handler.WithGroup(n), u.buffer} }
