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
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.IOERR, sqlite3.FULL, sqlite3.CORRUPT:
			return true
		}
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "58") || pg.Code == "XX001")
}

// explain turns the engines' refusals into what a caller can act on: a broken
// uniqueness is the fault "store.duplicate", an overtaken transaction is done
// again.
func explain(err error) error {
	var lite *sqlite3.Error
	if errors.As(err, &lite) {
		switch {
		case lite.ExtendedCode() == sqlite3.CONSTRAINT_UNIQUE || lite.ExtendedCode() == sqlite3.CONSTRAINT_PRIMARYKEY || lite.ExtendedCode() == sqlite3.CONSTRAINT_ROWID:
			return fault.Conflict("store.duplicate").Because(err)
		case lite.Code() == sqlite3.BUSY || lite.Code() == sqlite3.LOCKED:
			return errors.Join(errBusy, err)
		}
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
