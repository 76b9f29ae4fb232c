-- Up Migration
CREATE DOMAIN digest AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');

CREATE TABLE snapshots (
  digest digest PRIMARY KEY,
  dataset text NOT NULL CHECK (dataset <> ''),
  as_of date NOT NULL,
  first_session date NOT NULL,
  symbols jsonb NOT NULL CHECK (jsonb_typeof(symbols) = 'array'),
  rows bigint NOT NULL CHECK (rows > 0),
  manifest_key text NOT NULL CHECK (manifest_key <> ''),
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (first_session <= as_of)
);
CREATE INDEX snapshots_by_dataset ON snapshots (dataset, as_of);

CREATE TABLE dataset_heads (
  dataset text PRIMARY KEY,
  digest digest NOT NULL REFERENCES snapshots (digest),
  as_of date NOT NULL
);

CREATE TABLE feature_sets (
  digest digest PRIMARY KEY,
  snapshot_digest digest NOT NULL REFERENCES snapshots (digest),
  object_key text NOT NULL CHECK (object_key <> ''),
  rows bigint NOT NULL CHECK (rows > 0),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE artifacts (
  digest digest PRIMARY KEY,
  model text NOT NULL CHECK (model <> ''),
  training_digest digest NOT NULL,
  snapshot_digest digest NOT NULL REFERENCES snapshots (digest),
  feature_digest digest NOT NULL REFERENCES feature_sets (digest),
  object_prefix text NOT NULL CHECK (object_prefix <> ''),
  mlflow_run_id text NOT NULL CHECK (mlflow_run_id <> ''),
  model_version text NOT NULL CHECK (model_version <> ''),
  author text NOT NULL CHECK (author <> ''),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (model, model_version)
);

CREATE TABLE validations (
  artifact_digest digest NOT NULL REFERENCES artifacts (digest),
  plan_digest digest NOT NULL,
  summary jsonb NOT NULL,
  report_key text NOT NULL CHECK (report_key <> ''),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (artifact_digest, plan_digest)
);

CREATE TABLE approvals (
  artifact_digest digest NOT NULL REFERENCES artifacts (digest),
  request text NOT NULL CHECK (request <> ''),
  model text NOT NULL,
  model_version text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('approved', 'rejected', 'expired')),
  gate text NOT NULL CHECK (gate <> ''),
  reviews jsonb NOT NULL CHECK (jsonb_typeof(reviews) = 'array'),
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (artifact_digest, request)
);
CREATE INDEX approvals_by_model ON approvals (model, sequence);

-- Down Migration
DROP TABLE approvals, validations, artifacts, feature_sets, dataset_heads, snapshots;
DROP DOMAIN digest;
