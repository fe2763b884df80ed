-- Pairs of records of which a person said that they are two humans. They are
-- never asked about again.
CREATE TABLE distinct_pairs (
  a BLOB NOT NULL,                -- the lower person
  b BLOB NOT NULL,
  reason TEXT NOT NULL,           -- in the reviewer's words
  since INTEGER NOT NULL,         -- microseconds
  until INTEGER NOT NULL,         -- 0 while it stands
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX distinct_pairs_b ON distinct_pairs (b);
-- Records for which payments stood when they were found to be one human with
-- another: each goes on counting until a person settles it.
CREATE TABLE counted_apart (
  person BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,         -- microseconds
  until INTEGER NOT NULL,         -- 0 while it stands
  reason TEXT NOT NULL,           -- why it ended, in the words of who settled it
  noticed INTEGER NOT NULL,       -- day on which the family was told, 0 before
  answer_by INTEGER NOT NULL      -- day until which it could answer
) STRICT;
CREATE INDEX counted_apart_standing ON counted_apart (person) WHERE until = 0;
-- What came of looking at a pair, and what each reader said of it.
CREATE TABLE reviews (
  review BLOB NOT NULL PRIMARY KEY,
  a BLOB NOT NULL,
  b BLOB NOT NULL,
  state TEXT NOT NULL,            -- waiting, standing, disputed, undone
  verdict TEXT NOT NULL,          -- same, different, unsure: of the last reader
  probability INTEGER NOT NULL,   -- the model's, in millionths
  document TEXT NOT NULL,         -- what a branch is asked for
  task BLOB,                      -- by which it is asked
  at INTEGER NOT NULL             -- microseconds, of the first reading
) STRICT;
CREATE INDEX reviews_pair ON reviews (a, b);
CREATE INDEX reviews_state ON reviews (state, at);
CREATE TABLE review_readings (
  review BLOB NOT NULL,
  place INTEGER NOT NULL,         -- from 1
  reader BLOB NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  took INTEGER NOT NULL,          -- milliseconds from handing the pair out to the verdict, 0 where it was not handed out
  at INTEGER NOT NULL,            -- microseconds
  PRIMARY KEY (review, place)
) STRICT;
CREATE INDEX review_readings_at ON review_readings (at);
-- Who has which pair before her: nobody else is handed it meanwhile.
CREATE TABLE review_leases (
  a BLOB NOT NULL,
  b BLOB NOT NULL,
  reviewer BLOB NOT NULL,
  taken INTEGER NOT NULL,         -- microseconds
  until INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX review_leases_reviewer ON review_leases (reviewer);
-- Rings: families that share what unrelated families hardly share. They are
-- questions, found anew by each search.
CREATE TABLE rings (
  ring BLOB NOT NULL PRIMARY KEY, -- follows from what is shared
  kind TEXT NOT NULL,             -- account, phone, entry, pay_day
  branch TEXT NOT NULL,           -- '' where there are several
  families INTEGER NOT NULL,      -- unrelated ones
  households INTEGER NOT NULL,
  clerk BLOB,                     -- who entered them, of an entry ring
  first_day INTEGER NOT NULL,     -- of registration
  last_day INTEGER NOT NULL,
  found INTEGER NOT NULL          -- microseconds
) STRICT;
CREATE TABLE ring_households (
  ring BLOB NOT NULL,
  household BLOB NOT NULL,
  PRIMARY KEY (ring, household)
) STRICT;
-- What supervisors said of rings. An answer refuses nothing.
CREATE TABLE ring_answers (
  ring BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  branch TEXT NOT NULL,
  households INTEGER NOT NULL,    -- when it was answered
  answer TEXT NOT NULL,           -- explained, visit, referred
  reason TEXT NOT NULL,
  answerer BLOB NOT NULL,
  at INTEGER NOT NULL             -- microseconds
) STRICT;
