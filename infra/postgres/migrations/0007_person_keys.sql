-- Up Migration
-- Keys that people sign with. A revoked key stays: what it signed while it was good is still to be checked.
CREATE TABLE person_keys (
  key digest PRIMARY KEY,
  name text NOT NULL REFERENCES people (name),
  public_key text NOT NULL CHECK (public_key <> ''),
  -- The private key under a key derived from the person's password: who reads the table cannot sign with it.
  sealed_private_key text NOT NULL CHECK (sealed_private_key LIKE 'scrypt-aes-256-gcm$%'),
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);
CREATE UNIQUE INDEX one_key_for_a_person ON person_keys (name) WHERE revoked_at IS NULL;

-- Down Migration
DROP TABLE person_keys;
