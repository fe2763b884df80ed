-- The journal and what it seals. Types are SQLite's STRICT ones; store
-- translates them for PostgreSQL.
CREATE TABLE journal (
  arrival INTEGER NOT NULL PRIMARY KEY, -- position on this node, from 1, without gaps
  stream TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  kind_version INTEGER NOT NULL,
  subject BLOB,
  household BLOB,
  version INTEGER NOT NULL,       -- of the household's sheet, 0 where the event carries none
  actor BLOB,
  purpose TEXT NOT NULL,
  command BLOB,
  part INTEGER NOT NULL,          -- position within the command, from 0
  cause BLOB,
  recorded INTEGER NOT NULL,      -- microseconds since 1970, UTC
  body BLOB,                      -- packed, sealed
  sheet BLOB,                     -- SHA-256 of the sealed sheet
  hash BLOB NOT NULL,             -- chains the stream
  seal BLOB NOT NULL              -- chains the node's arrivals
) STRICT;
CREATE UNIQUE INDEX journal_stream ON journal (stream, epoch, sequence);
CREATE UNIQUE INDEX journal_command ON journal (command, part);
CREATE INDEX journal_household ON journal (household, version);
CREATE TABLE streams (
  stream TEXT NOT NULL PRIMARY KEY,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL,
  writer BLOB                     -- the node that writes it; NULL: this one
) STRICT;
CREATE TABLE sheets (
  household BLOB NOT NULL,
  version INTEGER NOT NULL,
  known INTEGER NOT NULL,         -- when it became known, microseconds
  body BLOB NOT NULL,             -- packed, sealed under the household's key
  PRIMARY KEY (household, version)
) STRICT;
CREATE TABLE sealing_keys (
  owner BLOB NOT NULL PRIMARY KEY, -- a household, or a stream's name hashed
  wrapped BLOB NOT NULL            -- under the node's key; empty once erased
) STRICT;
CREATE TABLE checkpoints (
  arrival INTEGER NOT NULL PRIMARY KEY,
  recorded INTEGER NOT NULL,
  heads BLOB NOT NULL,            -- deterministic CBOR of every stream's head
  signature BLOB NOT NULL         -- Ed25519 of the node
) STRICT;
CREATE TABLE views (
  household BLOB NOT NULL,
  at INTEGER NOT NULL,
  actor BLOB NOT NULL,
  part INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY (household, at, actor, part)
) STRICT;
