-- Up Migration
CREATE TABLE people (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9._-]{0,62}$'),
  password_hash text NOT NULL CHECK (password_hash LIKE 'scrypt$%'),
  active boolean NOT NULL DEFAULT true,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE person_roles (
  name text NOT NULL REFERENCES people (name) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('engineer', 'reviewer', 'operator')),
  PRIMARY KEY (name, role)
);

-- Only the hash of a token is kept: who reads the table cannot log in with it.
CREATE TABLE logins (
  token_hash digest PRIMARY KEY,
  name text NOT NULL REFERENCES people (name) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  logged_in_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX logins_by_expiry ON logins (expires_at);

-- Down Migration
DROP TABLE logins, person_roles, people;
