-- Registrations that were begun at this node and not finished yet. Local: never
-- journalled, never sent anywhere.
CREATE TABLE drafts (
  draft BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,           -- whose draft it is; nobody else reads it
  kept INTEGER NOT NULL,          -- microseconds
  body BLOB NOT NULL              -- JSON: the answers by step
) STRICT;
CREATE INDEX drafts_person ON drafts (person, kept);
