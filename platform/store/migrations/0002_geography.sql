-- Areas and bodies over time. Days are YYYYMMDD, 0 where open.
CREATE TABLE areas (
  code TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,         -- first day on which it no longer stands
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  also TEXT NOT NULL,             -- other spellings, separated by |
  PRIMARY KEY (code, since)
) STRICT;
CREATE TABLE bodies (
  code TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  name_ar TEXT NOT NULL,
  name_en TEXT NOT NULL,
  also TEXT NOT NULL,
  serves TEXT NOT NULL,           -- codes of areas, separated by |
  PRIMARY KEY (code, since)
) STRICT;
