package main

import (
	"context"
	"log/slog"
	"time"

	"sipas/internal/outbox"
)

const (
	mailEvery   = 10 * time.Second
	remindEvery = time.Hour
	noticesFor  = 90 * 24 * time.Hour // how long what was told is kept
)

// notify puts reminders into the outbox and tells what waits there, until ctx
// ends. Without a mail server everything is kept.
func (s *stores) notify(ctx context.Context, c config, tell outbox.Teller, log *slog.Logger) {
	tick := time.NewTicker(mailEvery)
	defer tick.Stop()
	var reminded time.Time
	for {
		now := c.now()
		if now.Sub(reminded) >= remindEvery {
			if err := s.remind(ctx, now); err == nil {
				reminded = now
			} else if ctx.Err() == nil {
				log.Warn("no reminders now, later again", "error", err)
			}
		}
		if c.mail != nil {
			if _, err := s.feedback.Outbox().Round(ctx, c.now, tell); err != nil && ctx.Err() == nil {
				log.Warn("notices wait, later again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *stores) remind(ctx context.Context, now time.Time) error {
	if err := s.feedback.Remind(ctx, now); err != nil {
		return err
	}
	return s.feedback.Outbox().Sweep(ctx, now.Add(-noticesFor))
}
