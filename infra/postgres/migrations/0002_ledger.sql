-- Up Migration
-- Money in ten-thousandths of a dollar, quantities in shares: both bigint.
CREATE TABLE accounts (
  account text PRIMARY KEY CHECK (account <> ''),
  broker text NOT NULL CHECK (broker <> ''),
  state text NOT NULL CHECK (state IN ('active', 'reducing', 'halted')),
  reason text NOT NULL,
  changed_by text NOT NULL CHECK (changed_by <> ''),
  high_water_mark bigint NOT NULL CHECK (high_water_mark >= 0),
  loss_streak bigint NOT NULL CHECK (loss_streak >= 0),
  changes bigint NOT NULL CHECK (changes >= 0),
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE trading_state_changes (
  account text NOT NULL REFERENCES accounts (account),
  change bigint NOT NULL CHECK (change > 0),
  from_state text NOT NULL CHECK (from_state IN ('active', 'reducing', 'halted')),
  to_state text NOT NULL CHECK (to_state IN ('active', 'reducing', 'halted')),
  reason text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account, change)
);

CREATE TABLE account_equity (
  account text NOT NULL REFERENCES accounts (account),
  session date NOT NULL,
  equity bigint NOT NULL,
  loss_streak bigint NOT NULL CHECK (loss_streak >= 0),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account, session)
);

CREATE TABLE decisions (
  decision_id text PRIMARY KEY CHECK (decision_id <> ''),
  account text NOT NULL REFERENCES accounts (account),
  session date NOT NULL,
  model text NOT NULL,
  model_version text NOT NULL,
  artifact_digest text NOT NULL,
  inputs_digest text NOT NULL,
  body jsonb NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE orders (
  client_order_id text PRIMARY KEY CHECK (length(client_order_id) BETWEEN 1 AND 48),
  account text NOT NULL REFERENCES accounts (account),
  session date NOT NULL,
  strategy text NOT NULL,
  symbol text NOT NULL CHECK (symbol <> ''),
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity bigint NOT NULL CHECK (quantity > 0),
  kind text NOT NULL CHECK (kind IN ('market', 'limit')),
  limit_price bigint CHECK (limit_price > 0),
  time_in_force text NOT NULL CHECK (time_in_force IN ('day', 'opening', 'closing')),
  reduce_only boolean NOT NULL,
  decision_id text REFERENCES decisions (decision_id),
  artifact_digest digest,
  state text NOT NULL CHECK (state IN ('intended', 'denied', 'sent', 'acknowledged', 'partiallyFilled', 'filled',
    'cancelled', 'rejected', 'expired', 'unknown')),
  broker_order_id text,
  filled_quantity bigint NOT NULL DEFAULT 0 CHECK (filled_quantity >= 0),
  reason text,
  denial jsonb,
  claims bigint NOT NULL DEFAULT 0 CHECK (claims >= 0),
  claimed_at timestamptz,
  intended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  CHECK ((kind = 'limit') = (limit_price IS NOT NULL)),
  CHECK ((state = 'denied') = (denial IS NOT NULL)),
  -- What was never claimed was never sent, and the other way round.
  CHECK ((state = 'intended' AND claims = 0) OR state = 'denied' OR claims > 0)
);
CREATE INDEX orders_by_session ON orders (account, session, sequence);
CREATE INDEX orders_open ON orders (account, sequence)
  WHERE state IN ('sent', 'acknowledged', 'partiallyFilled', 'unknown');

-- A fill of an order that is not ours is still our position: no reference to orders.
CREATE TABLE fills (
  account text NOT NULL REFERENCES accounts (account),
  execution_id text NOT NULL CHECK (execution_id <> ''),
  client_order_id text NOT NULL,
  symbol text NOT NULL CHECK (symbol <> ''),
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity bigint NOT NULL CHECK (quantity > 0),
  price bigint NOT NULL CHECK (price > 0),
  market_time_ms bigint NOT NULL,
  -- The order's session; for an order that is not ours the date in New York at the time of the fill.
  session date NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account, execution_id)
);
CREATE INDEX fills_by_session ON fills (account, session, market_time_ms);
CREATE INDEX fills_by_order ON fills (client_order_id);

CREATE TABLE trading_sessions (
  account text NOT NULL REFERENCES accounts (account),
  session date NOT NULL,
  report jsonb,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz,
  PRIMARY KEY (account, session),
  CHECK ((report IS NULL) = (closed_at IS NULL))
);

-- Down Migration
DROP TABLE trading_sessions, fills, orders, decisions, account_equity, trading_state_changes, accounts;
