package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"sanad/platform/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema forward, one numbered file after the other, each in
// a transaction of its own. A file that was changed after it ran is refused: a
// schema nobody can name is worse than a program that does not start.
func (db *DB) migrate(ctx context.Context) error {
	conn, err := db.engine.writer(ctx)
	if err != nil {
		return err
	}
	defer db.engine.release(conn)
	err = conn.script(schema(db.Engine(), "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL) STRICT"))
	if err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := migrateOne(conn, db.Engine(), name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func migrateOne(conn connection, engine, name string) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(script)
	checksum := hex.EncodeToString(sum[:])
	if err := conn.begin(true); err != nil {
		return err
	}
	kept := ""
	err = conn.query("SELECT checksum FROM migrations WHERE name = $1", []any{name}, func(r *Row) error {
		kept = r.Text()
		return r.Err()
	})
	switch {
	case err != nil:
	case kept == checksum:
		return conn.rollback()
	case kept != "":
		err = fault.Conflict("store.migration_changed", "name", name)
	default:
		if err = conn.script(schema(engine, string(script))); err == nil {
			_, err = conn.exec("INSERT INTO migrations (name, checksum) VALUES ($1, $2)", []any{name, checksum})
		}
	}
	if err != nil {
		return errorsJoin(err, conn.rollback())
	}
	return conn.commit()
}

// schema returns a migration in the engine's own types. Comments go first: a
// type's name in them must stay as it is.
func schema(engine, script string) string {
	var lines []string
	for line := range strings.Lines(script) {
		code, _, _ := strings.Cut(line, "--")
		lines = append(lines, strings.TrimRight(code, "\n"))
	}
	script = strings.Join(lines, "\n")
	if engine == "postgres" {
		return postgresSchema(script)
	}
	return script
}
