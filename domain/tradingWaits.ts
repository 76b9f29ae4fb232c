/** How an order is followed; milliseconds. */
export interface OrderWaits {
  /** Between two looks at a working order. */
  readonly pollMs: number;
  /** Between two asks that prove absence. */
  readonly settleMs: number;
}

/** How long a trading session waits; milliseconds. */
export interface SessionWaits {
  readonly orders: OrderWaits;
  /** For the venue's word on every order, before the session goes on to watch the open. */
  readonly venueAnswerMs: number;
  /** In the open market for a halted account to be closed, before the session goes on to its close. */
  readonly liquidationMs: number;
}

/** How long an escalation waits for people; milliseconds. */
export interface EscalationWaits {
  readonly orders: OrderWaits;
  /** The first page tells how the closing went, when that is known by then. */
  readonly firstPageMs: number;
  /** For a tier to acknowledge, before the next one is paged. */
  readonly acknowledgementMs: number;
  readonly tiersMax: number;
}

const orders: OrderWaits = { pollMs: 1_000, settleMs: 2_000 };

/** What sessions and escalations wait unless the settings say otherwise. */
export const standardWaits = {
  session: { orders, venueAnswerMs: 600_000, liquidationMs: 120_000 },
  escalation: { orders, firstPageMs: 15_000, acknowledgementMs: 900_000, tiersMax: 3 },
} as const satisfies { readonly session: SessionWaits; readonly escalation: EscalationWaits };
