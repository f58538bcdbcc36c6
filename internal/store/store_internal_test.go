package store

import (
	"context"
	"errors"
	"testing"
)

// stub is an engine that only closes.
type stub struct {
	engine
	closed chan struct{}
}

func (s stub) close(context.Context) error {
	close(s.closed)
	return nil
}

// TestCloseWaits: no engine is closed under a running call, whoever stops
// waiting for it.
func TestCloseWaits(t *testing.T) {
	e := stub{closed: make(chan struct{})}
	s := &Store{engine: e}
	must(t, s.enter())
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Close(impatient); !errors.Is(err, ErrUnavailable) {
		t.Errorf("close with a call running: got %v, want %v", err, ErrUnavailable)
	}
	if err := s.enter(); !errors.Is(err, ErrClosed) {
		t.Errorf("a call after it: got %v, want %v", err, ErrClosed)
	}
	select {
	case <-e.closed:
		t.Error("closed under a running call")
	default:
	}
	s.leave()
	<-e.closed
}
