import type { TradingLimits } from '#domain/tradingTerms.ts';
import type { SessionWaits } from '#domain/tradingWaits.ts';

/** Where a session's target weights come from. */
export type TargetSource =
  /** The approved champion of a registered model, on a dataset; its artifact says on what features. */
  | { readonly kind: 'champion'; readonly model: string; readonly dataset: string }
  /** The same weight for every symbol; needs no model. */
  | { readonly kind: 'equalWeight'; readonly symbols: readonly string[] };

/** A trading day of one account. */
export interface SessionPlan {
  readonly account: string;
  /** Session's date at the exchange, `YYYY-MM-DD`. */
  readonly session: string;
  readonly strategy: string;
  readonly targets: TargetSource;
  readonly limits: TradingLimits;
  readonly waits: SessionWaits;
  /** Dataset that takes in this session's bars after its close; absent: none. */
  readonly ingestAfterClose?: string;
}

/** Identity of a session's decision. */
export function decisionIdOf({
  account,
  session,
  strategy,
}: Pick<SessionPlan, 'account' | 'session' | 'strategy'>): string {
  return `${account}-${session}-${strategy}`;
}

/** An account's equity and what the guard made of it; amounts in ten-thousandths of a dollar. */
export interface EquityFigures {
  readonly equity: number;
  readonly fills: number;
  /** Symbols held. */
  readonly openPositions: number;
  readonly tradingState: 'active' | 'reducing' | 'halted';
}
