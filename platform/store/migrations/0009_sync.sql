-- Other nodes, and what each has confirmed.
CREATE TABLE nodes (
  node BLOB NOT NULL PRIMARY KEY,
  role TEXT NOT NULL,
  code TEXT NOT NULL,
  signer BLOB NOT NULL,           -- Ed25519, public
  recipient TEXT NOT NULL,        -- age, public
  trusted INTEGER NOT NULL,       -- microseconds
  trusted_by BLOB
) STRICT;
CREATE UNIQUE INDEX nodes_code ON nodes (code);
CREATE TABLE receipts (
  node BLOB NOT NULL,
  stream TEXT NOT NULL,
  sequence INTEGER NOT NULL,      -- up to which the node has confirmed it
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (node, stream)
) STRICT;
CREATE TABLE quarantine (
  frame BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the file
  node BLOB,
  received INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
