/** What the catalogue says of one denial. */
export interface DenialEntry {
  /** What was about to happen, in one sentence. */
  readonly summary: string;
  /** What the operator does about it, in one sentence. */
  readonly action: string;
}

/**
 * Every reason for which our own rules refuse an order, with SEC rule 15c3-5 as the guide. Denials are expected
 * outcomes, hence values and no failures: the order is written down as `denied` with limit and figure, and never sent.
 */
export const denials = {
  OUTSIDE_SESSION_HOURS: {
    summary: 'The venue has closed for the session.',
    action: 'Wait for the next session; nothing is kept for it.',
  },
  SESSION_PAST: {
    summary: 'A later session of the account was opened meanwhile.',
    action: 'Nothing; the later session decides anew. Look why the earlier one was still at work.',
  },
  SYMBOL_HALTED: {
    summary: 'The exchange halted or paused trading in the symbol, and the order adds exposure.',
    action: 'Nothing: a later word of the feed lifts it; `plimsoll data halts --lift` does where no feed is captured.',
  },
  RESTRICTED_SYMBOL: {
    summary: 'The symbol stands on the restricted list.',
    action: 'Take it off the list if it may be traded again; a position in it is closed by a person.',
  },
  FALSE_REDUCTION: {
    summary: 'The order calls itself reduce-only and would open, enlarge or turn a position.',
    action: 'Halt the account: whatever planned the order believes in another position.',
  },
  SALE_OVER_POSITION: {
    summary: 'The order sells more than is held: the account would be short.',
    action: 'Reconcile the account; the order was planned on another position.',
  },
  EXPOSURE_WHILE_REDUCING: {
    summary: 'The account is reducing or halted and the order adds exposure.',
    action: 'Nothing, while the drawdown lasts; two people restart a halted account.',
  },
  ACCOUNT_REDUCING: {
    summary: 'The account turned to reducing before the order was claimed.',
    action: 'Nothing, while the drawdown lasts.',
  },
  ACCOUNT_HALTED: {
    summary: 'The account was halted before the order was claimed.',
    action: 'Acknowledge the escalation, then restart by two people.',
  },
  DUPLICATE_ORDER: {
    summary: 'An order of the same symbol and side is already working.',
    action: 'Let the working order end, or cancel it.',
  },
  PRICE_OUTSIDE_COLLAR: {
    summary: 'The price the order was sized at is too far from the last one the venue printed, or there is none.',
    action: 'Check the data for a split or a stale price before trading the symbol.',
  },
  ORDER_NOTIONAL_OVER_LIMIT: {
    summary: 'The order is larger than a single order may be.',
    action: 'Raise the limit if the account has grown; else look for a wrong weight or price.',
  },
  TRADE_RISK_OVER_LIMIT: {
    summary: 'The order would lose a larger part of equity than allowed when the price runs to its stop.',
    action: 'Look at the sizing: it keeps to the same limit. A nearer stop leaves room for more shares.',
  },
  POSITION_OVER_LIMIT: {
    summary: 'The position would be a larger part of equity than allowed.',
    action: 'Look at the sizing: it keeps to the same limit.',
  },
  SECTOR_OVER_LIMIT: {
    summary: 'The positions in the sector would be a larger part of equity than allowed.',
    action: 'Look at the sizing: it keeps to the same limit. Check `trading.sectors` where a symbol stands wrong.',
  },
  GROSS_OVER_LIMIT: {
    summary: 'Longs and shorts together would be worth more than the account may hold.',
    action: 'Raise the amount if the account has grown; positions and open orders both count.',
  },
  NET_OVER_LIMIT: {
    summary: 'Longs less shorts would be a larger multiple of equity than allowed.',
    action: 'Look at the sizing; positions and open orders both count.',
  },
  LEVERAGE_OVER_LIMIT: {
    summary: 'The positions together would be a larger multiple of equity than allowed.',
    action: 'Look at the sizing: it keeps to the same limit.',
  },
  TURNOVER_OVER_LIMIT: {
    summary: 'The session would have traded a larger multiple of equity than allowed.',
    action: 'Look for a loop that trades back and forth; raise the limit for a strategy that turns over as much.',
  },
  DAILY_LOSS_OVER_LIMIT: {
    summary: 'The account has lost more since the last close than allowed, and the order adds exposure.',
    action: 'Nothing: the breaker halts the account at the same level when it next weighs it.',
  },
  DRAWDOWN_OVER_LIMIT: {
    summary: 'The account has lost more from its high-water mark than allowed, and the order adds exposure.',
    action: 'Nothing: the breaker halts the account at the same level when it next weighs it.',
  },
  BUYING_POWER_EXCEEDED: {
    summary: 'The order costs more than the cash that is left.',
    action: 'Check for a deposit or withdrawal since the plan was made.',
  },
  ORDERS_OVER_LIMIT: {
    summary: 'The session has sent as many orders as it may.',
    action: 'Look for a loop that trades back and forth before raising the limit.',
  },
  ORDER_RATE_OVER_LIMIT: {
    summary: 'The account has sent as many orders within a minute as it may.',
    action: 'Look for a loop before raising the limit.',
  },
} as const satisfies Readonly<Record<string, DenialEntry>>;

/** A stable denial code. */
export type DenialCode = keyof typeof denials;

/** Why our own checks refuse an order, with the limit and the figure that broke it, as a person reads them. */
export interface Denial {
  readonly kind: 'denied';
  readonly code: DenialCode;
  readonly limit: string;
  readonly actual: string;
}
