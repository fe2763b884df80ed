-- Who works here, as what, where. Moments are microseconds since 1970, UTC.
CREATE TABLE people (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,         -- light normal form
  login TEXT NOT NULL,
  login_key TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  sessions_from INTEGER NOT NULL, -- sessions begun before this moment are over
  added INTEGER NOT NULL
) STRICT;
CREATE INDEX people_login ON people (login_key);
CREATE INDEX people_name ON people (name_key);
CREATE TABLE people_roles (
  person BLOB NOT NULL,
  role TEXT NOT NULL,
  area TEXT NOT NULL,             -- code; empty is the whole country
  granted INTEGER NOT NULL,
  PRIMARY KEY (person, role, area)
) STRICT;
CREATE TABLE readings_elsewhere (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  area TEXT NOT NULL,
  reason TEXT NOT NULL,
  opened INTEGER NOT NULL,
  closes INTEGER NOT NULL
) STRICT;
CREATE INDEX readings_elsewhere_person ON readings_elsewhere (person, closes);
CREATE INDEX readings_elsewhere_opened ON readings_elsewhere (opened);

-- Local to the node: what must never travel in a journal.
CREATE TABLE accounts (
  person BLOB NOT NULL PRIMARY KEY,
  login_key TEXT NOT NULL,
  password TEXT NOT NULL,         -- Argon2id with its parameters; empty: none yet
  code BLOB,                      -- SHA-256 of the one-time code
  code_until INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_login ON accounts (login_key);
CREATE TABLE sessions (
  token BLOB NOT NULL PRIMARY KEY, -- SHA-256 of what the browser holds
  person BLOB NOT NULL,
  started INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  by_code INTEGER NOT NULL        -- 1: a password must be chosen first
) STRICT;
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_started ON sessions (started);
CREATE TABLE login_attempts (
  counter BLOB NOT NULL PRIMARY KEY, -- hashed: a login may be a mistyped password
  login BLOB NOT NULL,            -- hashed; empty where the address alone is counted
  failures INTEGER NOT NULL,
  last INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempts_login ON login_attempts (login);
CREATE INDEX login_attempts_last ON login_attempts (last);
