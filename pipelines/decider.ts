import type { SessionDate } from '#domain/sessionDate.ts';
import { explainSizes, sizeForecasts, type SizingLimits } from '#domain/sizing.ts';
import type { Forecast } from '#models/confidence.ts';
import type { SamplePlace } from './samples.ts';

/** Target weight by symbol, fractions of equity; null leaves the holdings as they are. */
export type Targets = Readonly<Record<string, number>> | null;

/** An account as it stands when its targets are decided: before the open, at the closes of the session before. */
export interface DecidingAccount {
  /** Dollars. */
  readonly cash: number;
  readonly equity: number;
  /** Held, by symbol; what is not held may be left out. */
  readonly shares: Readonly<Record<string, number>>;
  /** Dollars a share, by symbol. */
  readonly prices: Readonly<Record<string, number>>;
}

/** What was decided. */
export interface Decided {
  readonly targets: NonNullable<Targets>;
  /** What it rests on; plain JSON for the decision's row. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Someone who decides target weights at a session's close, for the next one's open: forecasts that are sized, or an agent
 * that looks at the account it trades. Backtest and session ask the same one.
 */
export interface Decider {
  /**
   * @param decidedAt ascending from call to call
   * @returns undefined when nothing is known to decide from: the holdings stay as they are
   */
  targetsAt(decidedAt: SessionDate, account: DecidingAccount, limits: SizingLimits): Decided | undefined;
}

/** Forecasts of one forecaster with where each was made. */
export interface PlacedForecasts {
  readonly places: readonly SamplePlace[];
  readonly forecasts: readonly Pick<Forecast, 'mean' | 'standardDeviation'>[];
}

/** Forecasts, sized: the account does not matter to them. */
export function forecastDecider({ places, forecasts }: PlacedForecasts): Decider {
  const bySession = new Map<SessionDate, ({ readonly symbol: string } & PlacedForecasts['forecasts'][number])[]>();
  for (const [index, { session, symbol }] of places.entries()) {
    const list = bySession.get(session) ?? [];
    list.push({ symbol, ...forecasts[index]! });
    bySession.set(session, list);
  }
  return {
    targetsAt(decidedAt, _, limits) {
      const list = bySession.get(decidedAt);
      if (!list) return undefined;
      const sizes = limits.rules && { sizes: explainSizes(list, limits) };
      return { targets: sizeForecasts(list, limits), body: { forecasts: list, ...sizes } };
    },
  };
}

/** What was decided before, by the session it was decided at. */
export function recordedDecider(targets: ReadonlyMap<SessionDate, Targets>): Decider {
  return {
    targetsAt(decidedAt) {
      const recorded = targets.get(decidedAt);
      return recorded ? { targets: recorded, body: {} } : undefined;
    },
  };
}
