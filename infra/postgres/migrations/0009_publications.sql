-- Up Migration
-- A snapshot is its rows, and nothing else: two datasets, or two days of one, may hold the same. That a dataset was
-- published as of a session, with which snapshot and under which manifest, is a row of its own.
CREATE TABLE publications (
  dataset text NOT NULL CHECK (dataset <> ''),
  as_of date NOT NULL,
  digest digest NOT NULL REFERENCES snapshots (digest),
  manifest_key text NOT NULL CHECK (manifest_key <> ''),
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (dataset, as_of, digest)
);
CREATE INDEX publications_by_digest ON publications (digest, published_at);
INSERT INTO publications (dataset, as_of, digest, manifest_key, published_at)
  SELECT dataset, as_of, digest, manifest_key, published_at FROM snapshots;
ALTER TABLE dataset_heads
  ADD CONSTRAINT dataset_heads_published FOREIGN KEY (dataset, as_of, digest) REFERENCES publications;
DROP INDEX snapshots_by_dataset;
ALTER TABLE snapshots
  DROP COLUMN dataset, DROP COLUMN as_of, DROP COLUMN manifest_key, DROP COLUMN published_at;

-- Down Migration
ALTER TABLE snapshots
  ADD COLUMN dataset text CHECK (dataset <> ''), ADD COLUMN as_of date,
  ADD COLUMN manifest_key text CHECK (manifest_key <> ''), ADD COLUMN published_at timestamptz;
UPDATE snapshots SET (dataset, as_of, manifest_key, published_at) = (
  SELECT dataset, as_of, manifest_key, published_at FROM publications
  WHERE publications.digest = snapshots.digest ORDER BY published_at LIMIT 1
);
ALTER TABLE snapshots
  ALTER COLUMN dataset SET NOT NULL, ALTER COLUMN as_of SET NOT NULL, ALTER COLUMN manifest_key SET NOT NULL,
  ALTER COLUMN published_at SET NOT NULL, ALTER COLUMN published_at SET DEFAULT clock_timestamp(),
  ADD CHECK (first_session <= as_of);
CREATE INDEX snapshots_by_dataset ON snapshots (dataset, as_of);
ALTER TABLE dataset_heads DROP CONSTRAINT dataset_heads_published;
DROP TABLE publications;
