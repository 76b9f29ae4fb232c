import type { EscalationWaits, OrderWaits, SessionWaits } from '#domain/tradingWaits.ts';
import type { Settings } from './schema.ts';

/** How long a session waits, as the settings resolve it. */
export function sessionWaitsOf({ waits }: Settings['trading']): SessionWaits {
  return {
    orders: orderWaitsOf(waits),
    venueAnswerMs: waits.venueAnswerSeconds * 1_000,
    liquidationMs: waits.liquidationSeconds * 1_000,
  };
}

/** How long an escalation waits, as the settings resolve it. */
export function escalationWaitsOf({ waits }: Settings['trading']): EscalationWaits {
  return {
    orders: orderWaitsOf(waits),
    firstPageMs: waits.firstPageSeconds * 1_000,
    acknowledgementMs: waits.acknowledgementSeconds * 1_000,
    tiersMax: waits.tiersMax,
  };
}

function orderWaitsOf({ orderPollMs, orderSettleMs }: Settings['trading']['waits']): OrderWaits {
  return { pollMs: orderPollMs, settleMs: orderSettleMs };
}
