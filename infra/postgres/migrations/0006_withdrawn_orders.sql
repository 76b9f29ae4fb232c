-- Up Migration
-- An order may be withdrawn before it was ever claimed: a late sender then finds it cancelled and sends nothing.
ALTER TABLE orders DROP CONSTRAINT orders_check2;
ALTER TABLE orders ADD CONSTRAINT orders_claimed_before_sent
  CHECK (claims > 0 OR state IN ('intended', 'denied', 'cancelled'));
ALTER TABLE orders ADD CONSTRAINT orders_intended_unclaimed CHECK (state <> 'intended' OR claims = 0);

-- Down Migration
ALTER TABLE orders DROP CONSTRAINT orders_claimed_before_sent, DROP CONSTRAINT orders_intended_unclaimed;
ALTER TABLE orders ADD CONSTRAINT orders_check2
  CHECK ((state = 'intended' AND claims = 0) OR state = 'denied' OR claims > 0) NOT VALID;
