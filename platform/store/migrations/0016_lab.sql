-- Local to the node: what was tried in the policy lab. Sums over many households,
-- no family's own figures; nothing that decides reads them.
CREATE TABLE simulations (
  simulation BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,           -- who tried it
  made INTEGER NOT NULL,          -- microseconds
  title_ar TEXT NOT NULL,
  title_en TEXT NOT NULL,
  programme TEXT NOT NULL,
  month INTEGER NOT NULL,
  result BLOB NOT NULL            -- JSON of strategy.Result
) STRICT;
CREATE INDEX simulations_made ON simulations (made);
