package store

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"sanad/platform/fault"
)

// Scratch makes an empty database called name beside at, for a benchmark: a
// folder in the folder at, or a database on the server that the URL at names,
// where the user must have the right to make one (else the fault
// "store.no_scratch"). It returns its location, and what removes it again.
func Scratch(ctx context.Context, at, name string) (location string, drop func() error, err error) {
	if !IsPostgres(at) {
		location = filepath.Join(at, name)
		return location, func() error { return os.RemoveAll(location) }, os.MkdirAll(location, 0o700)
	}
	parsed, err := url.Parse(at)
	if err != nil {
		return "", nil, fault.Invalid("store.location").Because(err)
	}
	drop = func() error {
		return onServer(context.Background(), at, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	}
	if err := onServer(ctx, at, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return "", nil, fault.Forbidden("store.no_scratch").Because(err)
	}
	parsed.Path = "/" + name
	return parsed.String(), drop, nil
}

// Quiet lets a PostgreSQL server finish writing what was written before, so that
// the next measurement does not pay for it; a user without the right to ask for
// that measures with more noise.
func Quiet(ctx context.Context, at string) {
	if IsPostgres(at) {
		_ = onServer(ctx, at, "CHECKPOINT")
	}
}

func onServer(ctx context.Context, at, sql string) error {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return fault.Unavailable("store.cannot_connect").Because(err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
