-- Identity links: two records are one human. A link moves no row; undoing it
-- closes it.
CREATE TABLE links (
  a BLOB NOT NULL,                -- the lower person
  b BLOB NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  since INTEGER NOT NULL,         -- microseconds
  until INTEGER NOT NULL,         -- 0 while it stands
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX links_b ON links (b);
CREATE INDEX persons_unnumbered ON persons (birth, own_code, family_code) WHERE number = '';
