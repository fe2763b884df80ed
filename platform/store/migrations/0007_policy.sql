-- What was decided for families, by which release of which programme. A row
-- stands from its month until a later one; nothing is changed or taken away.
CREATE TABLE releases (
  release BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the canonical programme
  programme TEXT NOT NULL,
  body TEXT NOT NULL,                -- the programme's file, word for word
  recorded INTEGER NOT NULL          -- microseconds
) STRICT;
CREATE TABLE runs (
  programme TEXT NOT NULL,
  month INTEGER NOT NULL,            -- YYYYMM
  run BLOB NOT NULL,
  release BLOB NOT NULL,
  households INTEGER NOT NULL,       -- looked at
  changed INTEGER NOT NULL,          -- decisions recorded
  chunks INTEGER NOT NULL,
  root BLOB NOT NULL,                -- of the digests of the run's decisions
  finished INTEGER NOT NULL,         -- microseconds
  PRIMARY KEY (programme, month, run)
) STRICT;
CREATE TABLE decisions (
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  month_from INTEGER NOT NULL,       -- YYYYMM from which it stands
  version INTEGER NOT NULL,          -- of the decision for that month, microseconds of its recording
  run BLOB NOT NULL,
  branch TEXT NOT NULL,              -- the household's, then
  sheet_version INTEGER NOT NULL,
  release BLOB NOT NULL,
  outcome BLOB NOT NULL,             -- per person and component, packed
  basis BLOB NOT NULL,               -- what else than the sheet it rests on, packed
  digest BLOB NOT NULL,              -- first 16 bytes of the outcome's SHA-256
  PRIMARY KEY (programme, household, month_from, version)
) STRICT;
