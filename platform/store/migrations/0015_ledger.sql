-- How a benefit ends, and each family's account: what the law owed for a month
-- against what was paid. Moments are microseconds since 1970, UTC; days are
-- calendar dates; amounts dirhams; months YYYYMM.

-- Ends that the law's own calendar sets, forecast from the rules and announced
-- ahead, many by one act of a named person.
CREATE TABLE end_acts (
  act BLOB NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  programme TEXT NOT NULL,
  title_ar TEXT NOT NULL,         -- the programme's name, as it was then
  title_en TEXT NOT NULL,
  state TEXT NOT NULL,            -- announced, approved, withdrawn
  through INTEGER NOT NULL,       -- the last month looked at
  release BLOB NOT NULL,          -- by whose rules
  ends INTEGER NOT NULL,
  amount INTEGER NOT NULL,        -- a month, all together
  digest BLOB NOT NULL,           -- of the ends, in the order of their key
  announcer BLOB NOT NULL,
  announced INTEGER NOT NULL,
  approver BLOB,
  approved INTEGER NOT NULL,
  remark TEXT NOT NULL            -- why it was withdrawn
) STRICT;
CREATE TABLE ends (
  act BLOB NOT NULL,
  person BLOB NOT NULL,
  component TEXT NOT NULL,
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  month INTEGER NOT NULL,         -- the first for which nothing is due
  amount INTEGER NOT NULL,        -- a month, until then
  reason TEXT NOT NULL,           -- the condition that is not met any more
  live INTEGER NOT NULL,          -- 0 after the act was withdrawn
  PRIMARY KEY (act, person, component)
) STRICT;
CREATE UNIQUE INDEX ends_once ON ends (programme, person, component, month) WHERE live = 1;
CREATE INDEX ends_household ON ends (household);

-- What somebody proposes against somebody: to end a benefit on evidence, to
-- recover what was paid too much. Nothing follows before notice and decision.
CREATE TABLE proposals (
  proposal BLOB NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- end, recovery
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  person BLOB NOT NULL,           -- whose benefit; of a recovery the payee
  component TEXT NOT NULL,        -- '' of a recovery
  month INTEGER NOT NULL,         -- the first for which nothing is due; of a recovery the first paid too much
  amount INTEGER NOT NULL,        -- a month; of a recovery all together
  share INTEGER NOT NULL,         -- of a recovery: most of each payment, in hundredths
  reason TEXT NOT NULL,           -- condition or cause, as the system has it
  words TEXT NOT NULL,            -- the proposer's reason
  evidence TEXT NOT NULL,         -- from where it is known
  state TEXT NOT NULL,            -- proposed, served, decided, withdrawn, finished
  proposer BLOB NOT NULL,
  proposed INTEGER NOT NULL,
  server BLOB,
  served INTEGER NOT NULL,        -- day of hand-over, 0 before
  served_how TEXT NOT NULL,
  until INTEGER NOT NULL,         -- last day of the notice period
  answer TEXT NOT NULL,           -- of the family, in its words
  answered INTEGER NOT NULL,
  answer_taker BLOB,
  decider BLOB,
  decided INTEGER NOT NULL,
  decision TEXT NOT NULL,         -- the decider's reason
  effective INTEGER NOT NULL      -- the first month that it touches, 0 before the decision
) STRICT;
CREATE UNIQUE INDEX proposals_one ON proposals (kind, programme, household, person, component) WHERE state IN ('proposed', 'served');
CREATE INDEX proposals_household ON proposals (household);

-- Each family's account, line by line, never changed. The lines of a person,
-- component and month sum to what is due less what was paid, for months whose
-- list was approved.
CREATE TABLE ledger (
  programme TEXT NOT NULL,
  person BLOB NOT NULL,
  component TEXT NOT NULL,
  month INTEGER NOT NULL,
  line INTEGER NOT NULL,          -- from 1, within the month
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  kind TEXT NOT NULL,             -- due, paid, returned, recovered
  amount INTEGER NOT NULL,        -- more owed to the family, less where negative
  cause TEXT NOT NULL,
  reason TEXT NOT NULL,           -- of the decision, where it says one
  decision INTEGER NOT NULL,      -- version of the decision that it rests on, 0 none
  release BLOB NOT NULL,          -- by which that was made
  list BLOB,
  serial INTEGER NOT NULL,        -- the list's line, 0 none
  proposal BLOB,                  -- the recovery
  posted INTEGER NOT NULL,
  PRIMARY KEY (programme, person, component, month, line)
) STRICT;
CREATE INDEX ledger_household ON ledger (household, month);
CREATE INDEX ledger_list ON ledger (list, serial);

-- A month that was paid too little is completed by a further part; each part is
-- paid once. What a decided recovery keeps back is not part of the amount.
ALTER TABLE payment_lines ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payment_lines ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payment_lines ADD COLUMN proposal BLOB;
DROP INDEX payment_lines_once;
CREATE UNIQUE INDEX payment_lines_once ON payment_lines (programme, person, component, month, part) WHERE live = 1;
ALTER TABLE payment_lists ADD COLUMN since INTEGER NOT NULL DEFAULT 0; -- of a supplement: the first quarter that it repairs
ALTER TABLE payment_lists ADD COLUMN components TEXT NOT NULL DEFAULT ''; -- that it pays, with commas
