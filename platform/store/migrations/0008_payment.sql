-- Payment lists: what the ministry asks banks to pay, frozen and sealed.
-- Moments are microseconds since 1970, UTC; amounts dirhams; months YYYYMM.
CREATE TABLE payment_lists (
  list BLOB NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  programme TEXT NOT NULL,
  quarter INTEGER NOT NULL,       -- YYYYQ
  category TEXT NOT NULL,
  number INTEGER NOT NULL,        -- 0 the quarter's list, from 1 its supplements
  months INTEGER NOT NULL,        -- of the quarter, decided when it was prepared: 1, 2, 4 added
  state TEXT NOT NULL,
  prepared INTEGER NOT NULL,
  preparer BLOB NOT NULL,
  lines INTEGER NOT NULL,
  transfers INTEGER NOT NULL,
  total INTEGER NOT NULL,
  held INTEGER NOT NULL,          -- due, not payable: lines
  held_total INTEGER NOT NULL,
  before INTEGER NOT NULL,        -- persons paid for the quarter before
  gone INTEGER NOT NULL,          -- of these, not in this list
  unreasoned INTEGER NOT NULL,    -- of these, without a reason
  two_signatures INTEGER NOT NULL,
  lines_digest BLOB NOT NULL,
  gone_digest BLOB NOT NULL,
  signer BLOB,                    -- the first of two
  approver BLOB,
  approved INTEGER NOT NULL,
  exporter BLOB,
  exported INTEGER NOT NULL,
  file_digest BLOB NOT NULL,      -- of the bank file; empty before the first export
  returned INTEGER NOT NULL,      -- transfers that came back
  returned_total INTEGER NOT NULL,
  returns_digest BLOB NOT NULL,
  closer BLOB,
  closed INTEGER NOT NULL,
  remark TEXT NOT NULL,           -- why it was withdrawn
  title_ar TEXT NOT NULL,         -- the programme's name, as it was then
  title_en TEXT NOT NULL,
  seal BLOB NOT NULL              -- the node's signature over all of this
) STRICT;
CREATE UNIQUE INDEX payment_lists_one ON payment_lists (programme, quarter, category, number) WHERE state <> 'withdrawn';

CREATE TABLE payment_lines (
  list BLOB NOT NULL,
  serial INTEGER NOT NULL,        -- from 1, in the order of the bank file
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  person BLOB NOT NULL,
  component TEXT NOT NULL,
  month INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  payee BLOB NOT NULL,
  payee_household BLOB,
  payee_name TEXT NOT NULL,
  account TEXT NOT NULL,          -- IBAN
  bank TEXT NOT NULL,             -- its bank code
  transfer INTEGER NOT NULL,      -- lines of one payee and account share one, from 1
  cause TEXT NOT NULL,            -- of a line in a supplement
  seal INTEGER NOT NULL,          -- head of the running digest up to this line
  live INTEGER NOT NULL,          -- 0 after the bank returned it
  PRIMARY KEY (list, serial)
) STRICT;
-- Nobody is paid twice for one month, whatever list, hand or machine asks.
CREATE UNIQUE INDEX payment_lines_once ON payment_lines (programme, person, component, month) WHERE live = 1;
CREATE INDEX payment_lines_household ON payment_lines (household, month);
CREATE INDEX payment_lines_month ON payment_lines (programme, month);

CREATE TABLE payment_held (
  list BLOB NOT NULL,
  serial INTEGER NOT NULL,
  programme TEXT NOT NULL,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  person BLOB NOT NULL,
  component TEXT NOT NULL,
  month INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  payee BLOB,
  reason TEXT NOT NULL,
  PRIMARY KEY (list, serial)
) STRICT;
CREATE INDEX payment_held_person ON payment_held (person, component, month);

CREATE TABLE payment_gone (
  list BLOB NOT NULL,
  person BLOB NOT NULL,
  component TEXT NOT NULL,
  household BLOB NOT NULL,
  branch TEXT NOT NULL,
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  amount INTEGER NOT NULL,        -- a month, as last paid
  reason TEXT NOT NULL,           -- found by the system; '' where it has none
  words TEXT NOT NULL,            -- written by a person
  author BLOB,
  PRIMARY KEY (list, person, component)
) STRICT;

CREATE TABLE payment_returns (
  list BLOB NOT NULL,
  transfer INTEGER NOT NULL,
  outcome TEXT NOT NULL,          -- paid, returned
  reason TEXT NOT NULL,           -- the bank's code or words
  day INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  first INTEGER NOT NULL,         -- its lines
  last INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  PRIMARY KEY (list, transfer)
) STRICT;
