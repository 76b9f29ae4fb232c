-- Up Migration
CREATE TABLE audit_records (
  sequence bigint PRIMARY KEY CHECK (sequence > 0),
  key text NOT NULL UNIQUE CHECK (key <> ''),
  actor text NOT NULL,
  action text NOT NULL CHECK (action <> ''),
  subject text NOT NULL,
  body jsonb NOT NULL,
  recorded_at_ms bigint NOT NULL,
  previous_hash digest NOT NULL,
  hash digest NOT NULL UNIQUE
);
CREATE INDEX audit_records_by_subject ON audit_records (subject, sequence);

-- The end of the chain: its row is the lock of appends, and a tail that was cut off shows against it.
CREATE TABLE audit_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL CHECK (sequence >= 0),
  hash digest NOT NULL
);
INSERT INTO audit_head (sequence, hash) VALUES (0, repeat('0', 64));

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit records are never changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_records_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_stands BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Down Migration
DROP TABLE audit_records, audit_head;
DROP FUNCTION refuse_audit_change;
