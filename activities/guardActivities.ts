import type { OrderIntent } from '#domain/order.ts';

/** An account's trading state as PostgreSQL has it. */
export interface TradingStateFigures {
  readonly state: 'active' | 'reducing' | 'halted';
  readonly reason: string;
  readonly changedBy: string;
}

/** Activities of the guard and its escalation. */
export interface GuardActivities {
  readTradingState(account: string): Promise<TradingStateFigures>;
  /** Makes PostgreSQL stricter, with an audit record; never laxer. */
  tightenTradingState(request: {
    readonly account: string;
    readonly state: 'reducing' | 'halted';
    readonly reason: string;
    readonly by: string;
  }): Promise<TradingStateFigures>;
  /** Cancels every open order of the account at the broker; answers how many were open. */
  cancelOpenOrders(account: string): Promise<number>;
  /** Reduce-only orders that close every position, under ids of the escalation. */
  planLiquidation(account: string, escalation: number): Promise<readonly OrderIntent[]>;
  /** Tells people; every tier is written to the audit chain. */
  page(notice: { readonly account: string; readonly tier: number; readonly text: string }): Promise<void>;
  /** @throws Failure RESTART_UNRECONCILED while our book and the broker's differ */
  restartTrading(request: {
    readonly account: string;
    readonly by: readonly [string, string];
  }): Promise<TradingStateFigures>;
  recordAcknowledgement(request: {
    readonly account: string;
    readonly by: string;
    readonly comment: string;
  }): Promise<void>;
}
