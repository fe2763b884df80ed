-- Pairs of records that the national search for duplicates found alike. They are
-- evidence and decide nothing; the next search makes them again.
CREATE TABLE matches (
  a BLOB NOT NULL,                -- the lower person
  b BLOB NOT NULL,
  weight INTEGER NOT NULL,        -- millionths of a bit
  probability INTEGER NOT NULL,   -- millionths
  decision TEXT NOT NULL,         -- same, possible
  levels TEXT NOT NULL,           -- a letter a comparison of the model: a the best level, - unknown
  model TEXT NOT NULL,            -- digest of the model and of its weights
  found INTEGER NOT NULL,         -- microseconds
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX matches_b ON matches (b);
CREATE INDEX matches_order ON matches (decision, probability, a, b);
-- Each search: how far in the journal it read, and the weights it went by.
CREATE TABLE match_runs (
  run BLOB NOT NULL PRIMARY KEY,
  model TEXT NOT NULL,            -- digest, as in matches
  arrival INTEGER NOT NULL,       -- of the last entry that it read
  persons INTEGER NOT NULL,
  compared INTEGER NOT NULL,      -- pairs
  weights TEXT NOT NULL,          -- JSON: the estimate
  began INTEGER NOT NULL,         -- microseconds
  ended INTEGER NOT NULL
) STRICT;
CREATE INDEX match_runs_ended ON match_runs (ended);
