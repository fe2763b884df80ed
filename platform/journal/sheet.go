package journal

import (
	"crypto/cipher"
	"math"
	"time"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Sheet is one opened version of a household's sheet, in the registry's
// canonical encoding.
type Sheet struct {
	Household id.ID
	Version   int64
	Known     time.Time // when it became known
	Plain     []byte
}

// sealedSheet is a sheet as it lies in the table, with its household's key.
type sealedSheet struct {
	Sheet
	body, wrapped []byte
}

const sheetColumns = "s.household, s.version, s.known, s.body, k.wrapped FROM sheets s JOIN sealing_keys k ON k.owner = s.household"

func scanSheet(r *store.Row) sealedSheet {
	return sealedSheet{Sheet: Sheet{Household: r.ID(), Version: r.Int(), Known: r.Time()}, body: r.Bytes(), wrapped: r.Bytes()}
}

func (s *state) openSheet(sealed sealedSheet) (Sheet, error) {
	aead := s.known(sealed.Household)
	var err error
	if aead == nil {
		if aead, err = s.open(sealed.Household, sealed.wrapped); err != nil {
			return Sheet{}, err
		}
	}
	sealed.Plain, err = opened(aead, sealed.body, sheetContext(sealed.Household, sealed.Version))
	return sealed.Sheet, err
}

func opened(aead cipher.AEAD, body, context []byte) ([]byte, error) {
	packed, err := unseal(aead, body, context)
	if err != nil {
		return nil, err
	}
	return unpack(packed)
}

// LatestSheet returns the last version of a household's sheet, or the fault
// "journal.no_sheet".
func LatestSheet(tx *store.Tx, household id.ID) (Sheet, error) {
	return oneSheet(tx, "SELECT "+sheetColumns+" WHERE s.household = $1 ORDER BY s.version DESC LIMIT 1", household)
}

// SheetVersion returns one version of a household's sheet.
func SheetVersion(tx *store.Tx, household id.ID, version int64) (Sheet, error) {
	return oneSheet(tx, "SELECT "+sheetColumns+" WHERE s.household = $1 AND s.version = $2", household, version)
}

// SheetKnownBy returns the last version that was known by a moment.
func SheetKnownBy(tx *store.Tx, household id.ID, moment time.Time) (Sheet, error) {
	return oneSheet(tx, "SELECT "+sheetColumns+" WHERE s.household = $1 AND s.known <= $2 ORDER BY s.version DESC LIMIT 1", household, moment)
}

func oneSheet(tx *store.Tx, sql string, args ...any) (Sheet, error) {
	sealed, found, err := store.One(tx, scanSheet, sql, args...)
	if err != nil {
		return Sheet{}, err
	}
	if !found {
		return Sheet{}, fault.NotFound("journal.no_sheet")
	}
	return of(tx).openSheet(sealed)
}

// LatestSheets returns the last sheet of each of many households, in the order
// of the question; a household without one has Version 0.
func LatestSheets(tx *store.Tx, households []id.ID) ([]Sheet, error) {
	args := make([][]any, len(households))
	for i, h := range households {
		args[i] = []any{h}
	}
	found := make([]Sheet, len(households))
	state := of(tx)
	err := tx.Batch(func(i int, r *store.Row) error {
		sealed := scanSheet(r)
		if r.Err() != nil {
			return r.Err()
		}
		var err error
		found[i], err = state.openSheet(sealed)
		return err
	}, "SELECT "+sheetColumns+" WHERE s.household = $1 ORDER BY s.version DESC LIMIT 1", args)
	return found, err
}

// Version names one version of a household's sheet.
type Version struct {
	Household id.ID
	Version   int64
}

// SheetVersions returns versions of sheets in the order of the question; one
// that is not here has Version 0.
func SheetVersions(tx *store.Tx, wanted []Version) ([]Sheet, error) {
	args := make([][]any, len(wanted))
	for i, w := range wanted {
		args[i] = []any{w.Household, w.Version}
	}
	found := make([]Sheet, len(wanted))
	state := of(tx)
	err := tx.Batch(func(i int, r *store.Row) (err error) {
		sealed := scanSheet(r)
		if r.Err() != nil {
			return r.Err()
		}
		found[i], err = state.openSheet(sealed)
		return err
	}, "SELECT "+sheetColumns+" WHERE s.household = $1 AND s.version = $2", args)
	return found, err
}

// EachSheet calls f with every household's last sheet known by a moment (zero:
// the last there is, also one that a clock running ahead has stamped with a
// later day), in household order. Sheets are opened by a few goroutines; f is called
// by one, and must not use tx.
func EachSheet(tx *store.Tx, known time.Time, f func(Sheet) error) error {
	until := int64(math.MaxInt64)
	if !known.IsZero() {
		until = known.UnixMicro()
	}
	j := of(tx).journal
	open := newOrdered(func(s sealedSheet) (Sheet, error) {
		plain, err := j.unwrapSheet(s)
		return plain, err
	}, f)
	err := tx.Each(func(r *store.Row) error {
		sealed := scanSheet(r)
		if r.Err() != nil {
			return r.Err()
		}
		return open.add(sealed)
	}, `SELECT s.household, s.version, s.known, s.body, k.wrapped FROM sheets s
		JOIN sealing_keys k ON k.owner = s.household
		WHERE s.version = (SELECT max(l.version) FROM sheets l WHERE l.household = s.household AND l.known <= $1)
		ORDER BY s.household`, until)
	if flushErr := open.flush(); err == nil {
		err = flushErr
	}
	return err
}

// unwrapSheet opens a sheet without remembering its key: a national run meets
// each household once.
func (j *Journal) unwrapSheet(s sealedSheet) (Sheet, error) {
	if len(s.wrapped) == 0 {
		return Sheet{}, fault.NotFound("journal.erased")
	}
	key, err := unseal(j.wrapper(), s.wrapped, s.Household[:])
	if err != nil {
		return Sheet{}, err
	}
	s.Plain, err = opened(newAEAD(key), s.body, sheetContext(s.Household, s.Version))
	return s.Sheet, err
}
