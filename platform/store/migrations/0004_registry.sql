-- What lists, search and constraints need now of households and persons; all
-- else is in their sheets.
CREATE TABLE households (
  household BLOB NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,             -- file number at the branch, as written there
  area TEXT NOT NULL,             -- municipality, '' where it is not known
  head TEXT NOT NULL,             -- name of the head
  members INTEGER NOT NULL,
  statement INTEGER NOT NULL,     -- day of the latest statement
  source TEXT NOT NULL,           -- name of the file last read from, '' where entered
  registered INTEGER NOT NULL     -- microseconds
) STRICT;
CREATE INDEX households_file ON households (file, branch);
CREATE TABLE persons (
  person BLOB NOT NULL PRIMARY KEY,
  household BLOB NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  own_code INTEGER NOT NULL,      -- skeleton of the own name, hashed
  family_code INTEGER NOT NULL,
  birth INTEGER NOT NULL,
  sex TEXT NOT NULL,
  role TEXT NOT NULL,
  number TEXT NOT NULL,           -- national number, '' for none
  phone TEXT NOT NULL,
  dead INTEGER NOT NULL
) STRICT;
CREATE INDEX persons_household ON persons (household, position);
CREATE INDEX persons_number ON persons (number) WHERE number <> '';
CREATE INDEX persons_name ON persons (own_code, family_code);
CREATE INDEX persons_family ON persons (family_code);
CREATE INDEX persons_phone ON persons (phone) WHERE phone <> '';
CREATE TABLE tasks (
  task BLOB NOT NULL PRIMARY KEY,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,           -- who is asked
  kind TEXT NOT NULL,
  person BLOB,
  fact TEXT NOT NULL,
  detail TEXT NOT NULL,           -- JSON: what the sentence names
  opened INTEGER NOT NULL,        -- microseconds
  closed INTEGER NOT NULL,        -- 0 while open
  closed_by BLOB,
  answer TEXT NOT NULL
) STRICT;
CREATE INDEX tasks_branch ON tasks (branch, closed);
CREATE INDEX tasks_household ON tasks (household);
