-- What another body decided about a person in a month, as its file says.
CREATE TABLE received_decisions (
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  person BLOB NOT NULL,
  month INTEGER NOT NULL,         -- YYYYMM
  granted INTEGER NOT NULL,       -- 1 yes, 0 no
  amount INTEGER NOT NULL,        -- dirhams a month
  decided INTEGER NOT NULL,       -- day
  received INTEGER NOT NULL,      -- microseconds
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (programme, household, person, month)
) STRICT;
