-- The files that were taken in, and which person each row of them is.
CREATE TABLE imports (
  import BLOB NOT NULL PRIMARY KEY,
  round INTEGER NOT NULL,         -- counts how often it was taken in anew after being taken back
  file TEXT NOT NULL,             -- name without folder
  branch TEXT NOT NULL,           -- code, '' where rows name several
  as_of INTEGER NOT NULL,
  state TEXT NOT NULL,            -- running, done, reverted
  rows INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  warned INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  households INTEGER NOT NULL,
  began INTEGER NOT NULL,         -- microseconds
  ended INTEGER NOT NULL          -- 0 while running
) STRICT;
CREATE TABLE imported_rows (
  import BLOB NOT NULL,
  round INTEGER NOT NULL,
  number INTEGER NOT NULL,        -- of the record in the file, from 1
  household BLOB NOT NULL,
  person BLOB NOT NULL,
  PRIMARY KEY (import, round, number)
) STRICT;
