-- The mother's name stands beside the person's, so that search can be narrowed by
-- it and a check before saving can weigh it. Rows written before this migration
-- have none until their household's next sheet, or until the journal is rebuilt.
ALTER TABLE persons ADD COLUMN mother TEXT NOT NULL DEFAULT '';
-- Search keeps its own index now (delivery/matching/search).
DROP INDEX persons_family;
