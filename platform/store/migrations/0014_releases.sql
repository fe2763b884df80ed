-- Releases of programmes on their way into force. Moments are microseconds
-- since 1970, UTC; months YYYYMM. The text of a release that decides lies in
-- releases.
CREATE TABLE release_drafts (
  draft BLOB NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  programme TEXT NOT NULL,
  title TEXT NOT NULL,            -- what changes and why, in the drafter's words
  body TEXT NOT NULL,             -- the programme's file, word for word
  release BLOB NOT NULL,          -- SHA-256 of the canonical programme
  month INTEGER NOT NULL,         -- the first month that it decides
  state TEXT NOT NULL,            -- drafted, reported, in_force, withdrawn
  drafter BLOB NOT NULL,
  drafted INTEGER NOT NULL,
  report TEXT NOT NULL,           -- JSON: what it changes for whom; empty until it was computed
  reported INTEGER NOT NULL,
  first BLOB,                     -- who approved first
  first_at INTEGER NOT NULL,
  second BLOB,
  second_at INTEGER NOT NULL,
  remark TEXT NOT NULL            -- why it was withdrawn
) STRICT;
CREATE INDEX release_drafts_programme ON release_drafts (programme, month);

-- Who opened which difference report. A report that is computed anew has to be
-- opened anew.
CREATE TABLE release_reads (
  draft BLOB NOT NULL,
  person BLOB NOT NULL,
  reported INTEGER NOT NULL,      -- the report that was opened
  opened INTEGER NOT NULL,
  PRIMARY KEY (draft, person)
) STRICT;
