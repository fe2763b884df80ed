package journal

import (
	"sanad/platform/store"
)

// Writes reports whether this node may write a stream: its own, and at the
// diwan those of branches that have no node of their own.
func Writes(tx *store.Tx, stream string) (bool, error) {
	self := Self(tx)
	if self.Role == RoleBranch {
		return stream == self.Home(), nil
	}
	writer, found, err := store.One(tx, (*store.Row).ID, "SELECT writer FROM streams WHERE stream = $1", stream)
	return err == nil && (!found || writer.IsZero() || writer == self.ID), err
}
