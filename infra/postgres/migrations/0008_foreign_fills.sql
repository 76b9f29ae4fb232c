-- Up Migration
-- A fill of an order that we never sent: it changes our position, and somebody must say that they know of it.
ALTER TABLE incidents DROP CONSTRAINT incidents_kind_check;
ALTER TABLE incidents ADD CONSTRAINT incidents_kind_check
  CHECK (kind IN ('answerLost', 'newsRefused', 'booksDisagree', 'foreignFill'));
ALTER TABLE incidents
  ADD COLUMN acknowledged_by text CHECK (acknowledged_by <> ''),
  ADD COLUMN acknowledged_at timestamptz,
  ADD CONSTRAINT incidents_acknowledged_whole CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL));
CREATE INDEX incidents_to_acknowledge ON incidents (account) WHERE kind = 'foreignFill' AND acknowledged_at IS NULL;

-- Down Migration
DELETE FROM incidents WHERE kind = 'foreignFill';
DROP INDEX incidents_to_acknowledge;
ALTER TABLE incidents DROP COLUMN acknowledged_by, DROP COLUMN acknowledged_at;
ALTER TABLE incidents DROP CONSTRAINT incidents_kind_check;
ALTER TABLE incidents ADD CONSTRAINT incidents_kind_check
  CHECK (kind IN ('answerLost', 'newsRefused', 'booksDisagree'));
