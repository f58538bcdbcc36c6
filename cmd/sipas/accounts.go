package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"sipas/internal/staff"
)

// firstAccount is the one without which nobody could make others.
var firstAccount = []staff.Account{{ID: "admin", Name: "Quản trị viên", Role: staff.Admin}}

// checkFirstPassword returns an error if any of these accounts could not have the
// password.
func checkFirstPassword(password string) error {
	for _, a := range slices.Concat(firstAccount, sampleAccounts) {
		if err := staff.CheckPassword(password, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// sampleAccounts are one for each role, in a sample store only.
var sampleAccounts = []staff.Account{
	{ID: "can-bo-mot-cua", Name: "Nguyễn Thị Hoa", Role: staff.Desk, Unit: "bo-phan-mot-cua", Desk: "quay-dat-dai"},
	{ID: "don-vi", Name: "Trần Văn Minh", Role: staff.Unit, Unit: "van-phong-dang-ky-dat-dai"},
	{ID: "thanh-tra", Name: "Lê Quang Dũng", Role: staff.Inspection, Unit: "thanh-tra-so"},
	{ID: "van-phong", Name: "Phạm Thu Hà", Role: staff.Office, Unit: "van-phong-so"},
	{ID: "lanh-dao", Name: "Hoàng Đức Thắng", Role: staff.Leader},
	{ID: "quan-tri", Name: "Võ Thanh Tùng", Role: staff.Admin},
}

// madeAccounts is what the greeting says of accounts that this start made.
type madeAccounts struct {
	names    []string
	password string // "" if it is the one from the settings
	once     bool   // it has to be changed at the first sign-in
}

// firstAccounts makes the account of a store in which there is none, and those
// that are missing in a sample store. Two servers that start at once make each
// account once, and only the one that made it knows its password.
func (s *stores) firstAccounts(ctx context.Context, c config, sample bool) (madeAccounts, error) {
	var made madeAccounts
	there, err := s.staff.Accounts(ctx)
	if err != nil || len(there) > 0 && !sample {
		return made, err
	}
	accounts, password := firstAccount, c.adminPassword
	if sample {
		accounts = sampleAccounts
	}
	if password == "" {
		made.password, made.once = staff.NewPassword(), !sample
		password = made.password
	}
	for _, a := range accounts {
		if slices.ContainsFunc(there, func(b *staff.Account) bool { return b.ID == a.ID }) {
			continue
		}
		a.CreatedBy, a.MustChange = "sipas", made.once
		switch err := s.staff.AddAccount(ctx, &a, password, c.now().UTC()); {
		case err == nil:
			made.names = append(made.names, a.ID)
		case !errors.Is(err, staff.ErrAccountExists):
			return made, fmt.Errorf("make account %s: %w", a.ID, err)
		}
	}
	return made, nil
}

// String is what the greeting says of them, the only place where a made password
// shows.
func (m madeAccounts) String() string {
	if len(m.names) == 0 {
		return ""
	}
	names := "  Tài khoản · Accounts: " + strings.Join(m.names, ", ") + "\n"
	switch {
	case m.password == "":
		return names + "  Mật khẩu · Password: SIPAS_ADMIN_PASSWORD\n\n"
	case m.once:
		return names + "  Mật khẩu, chỉ hiện lần này, phải đổi khi đăng nhập lần đầu:\n" +
			"  Password, shown this once, to be changed at the first sign-in:\n  " + m.password + "\n\n"
	}
	return names + "  Mật khẩu dùng thử, chỉ hiện lần này · Password for trying out, shown this once:\n  " + m.password + "\n\n"
}

// sweepEvery is how often a server deletes ended sessions, and files of cases that
// were never stored.
const sweepEvery = 10 * time.Minute

// sweep deletes ended sessions, forgotten lists and what is left of cases that
// have become denunciations, ends erasures that could not be ended, and daily
// deletes what is left of cases that were never stored, until ctx ends.
func (s *stores) sweep(ctx context.Context, c config, log *slog.Logger) {
	var swept time.Time
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.staff.Sweep(ctx, c.now()); err != nil && ctx.Err() == nil {
			log.Warn("ended sessions not deleted, later again", "error", err)
		}
		if err := s.dossiers.SweepUploads(ctx, c.now()); err != nil && ctx.Err() == nil {
			log.Warn("lists of dossiers that nobody came back for not deleted, later again", "error", err)
		}
		if err := s.feedback.EndErasures(ctx); err != nil && ctx.Err() == nil {
			log.Warn("erasures not ended, later again", "error", err)
		}
		if err := s.feedback.Wipe(ctx); err != nil && ctx.Err() == nil {
			log.Warn("traces of cases not wiped, later again", "error", err)
		}
		if now := c.now(); now.Sub(swept) >= 24*time.Hour {
			if n, err := s.feedback.Sweep(ctx, now); err == nil {
				swept = now
				if n > 0 {
					log.Info("deleted files of cases that were never stored", "pieces", n)
				}
			} else if ctx.Err() == nil {
				log.Warn("files of cases that were never stored not deleted, later again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
