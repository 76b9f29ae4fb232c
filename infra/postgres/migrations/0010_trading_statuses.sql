-- Up Migration
-- The last word of the exchanges on trading in a symbol. A halt stands until a later word lifts it: a feed that went
-- silent does not end it.
CREATE TABLE trading_statuses (
  symbol text PRIMARY KEY CHECK (symbol <> ''),
  status text NOT NULL CHECK (status IN ('trading', 'halted', 'paused', 'quotationOnly')),
  reason text NOT NULL,
  -- When it was said, milliseconds since 1970 UTC.
  said_ms bigint NOT NULL,
  -- The feed, or the person.
  said_by text NOT NULL CHECK (said_by <> ''),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Down Migration
DROP TABLE trading_statuses;
