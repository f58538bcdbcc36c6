package staff

import (
	"context"

	"sipas/internal/store"
)

type leavings struct {
	store.Doc `bson:",inline"`
}

// ChangeAccount stores name, role, unit, desk and disabled.
func (s *Store) ChangeAccount(ctx context.Context, a *Account) error {
	if err := a.Check(); err != nil {
		return err
	}
	list, err := s.Accounts(ctx)
	if err != nil {
		return err
	}
	others := 0
	for _, b := range list {
		if b.ID != a.ID && b.Role == Admin && !b.Disabled {
			others++
		}
	}
	return s.changeAccount(ctx, a.ID, func(d *storedAccount) error {
		if d.Edit != a.Version {
			return store.ErrStale
		}
		was := d.isAdmin()
		if a.Disabled && !d.Disabled || a.Role != d.Role {
			d.Epoch++
		}
		d.Name, d.Role, d.Unit, d.Desk, d.Disabled = a.Name, a.Role, a.Unit, a.Desk, a.Disabled
		d.Edit++
		if was && !d.isAdmin() && others == 0 {
			return ErrLastAdmin
		}
		return nil
	})
}
