-- Up Migration
-- What was planned on a decision: every order of it, as the limits answered. The first plan stands: a session that is
-- started again carries out this one, whatever positions and prices are by then.
CREATE TABLE session_plans (
  decision_id text PRIMARY KEY REFERENCES decisions (decision_id),
  orders jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Down Migration
DROP TABLE session_plans;
