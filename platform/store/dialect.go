package store

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"

	"sanad/platform/fault"
)

// Everything in which the two engines differ, beside their drivers, is here.
// Budget: ten functions.

var (
	numbered = regexp.MustCompile(`\$(\d+)`)
	words    = regexp.MustCompile(`\b(BLOB|INTEGER|TEXT)\b`)
	pgType   = map[string]string{"BLOB": "BYTEA", "INTEGER": "BIGINT", "TEXT": `TEXT COLLATE "C"`}
)

// sqliteText turns $1 into SQLite's ?1, which is bound by its number.
func sqliteText(sql string) string { return numbered.ReplaceAllString(sql, "?$1") }

// postgresSchema turns a migration, written with SQLite's STRICT types, into
// PostgreSQL's; text gets byte collation so that both engines sort alike.
func postgresSchema(script string) string {
	script = words.ReplaceAllStringFunc(script, func(w string) string { return pgType[w] })
	return strings.NewReplacer(") STRICT, WITHOUT ROWID", ")", ") STRICT", ")").Replace(script)
}

// isDiskFailure tells a failing disk, after which the program must end, from a
// statement that was refused.
func isDiskFailure(err error) bool {
	if errors.Is(err, sqlite3.IOERR) || errors.Is(err, sqlite3.FULL) || errors.Is(err, sqlite3.CORRUPT) {
		return true
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "58") || pg.Code == "XX001")
}

// explain turns the engines' refusals into what a caller can act on: a broken
// uniqueness is the fault "store.duplicate", an overtaken transaction is done
// again.
func explain(err error) error {
	switch {
	case errors.Is(err, sqlite3.CONSTRAINT_UNIQUE), errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY), errors.Is(err, sqlite3.CONSTRAINT_ROWID):
		return fault.Conflict("store.duplicate").Because(err)
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		return errors.Join(errBusy, err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return fault.Conflict("store.duplicate").Because(err)
		case "40001", "40P01", "55P03":
			return errors.Join(errBusy, err)
		}
	}
	return err
}
