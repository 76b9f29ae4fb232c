import type { BreakerState } from './breaker.ts';
import type { Money } from './money.ts';

/** A person's wish to trade again after a halt or a reduction. */
export interface RestartRequest {
  readonly state: BreakerState;
  /** Who asks now. */
  readonly by: string;
  /** Who asked before, since the state became stricter; undefined for the first. */
  readonly askedBy?: string;
  /** Differences between our book and the broker's, one sentence each. */
  readonly differences: readonly string[];
}

/** Why a restart is refused. */
export interface RestartRefusal {
  readonly code: 'RESTART_NOT_NEEDED' | 'RESTART_SAME_PERSON' | 'RESTART_UNRECONCILED';
  readonly message: string;
}

/** Why trading may not restart, or the first wish for it not be noted; undefined when it may. */
export function refuseRestart({ state, by, askedBy, differences }: RestartRequest): RestartRefusal | undefined {
  if (state === 'active') return { code: 'RESTART_NOT_NEEDED', message: 'trading is active' };
  if (askedBy === by) {
    return { code: 'RESTART_SAME_PERSON', message: `${by} asked already: a second, different person must confirm` };
  }
  if (differences.length > 0) {
    const message = `our book and the broker's differ: ${differences.join('; ')}`;
    return { code: 'RESTART_UNRECONCILED', message };
  }
  return undefined;
}

/** What an account starts again from: losses before the restart count no more. */
export function restartedFrom(equity: Money): {
  readonly state: BreakerState;
  readonly highWaterMark: Money;
  readonly lossStreak: number;
} {
  return { state: 'active', highWaterMark: equity, lossStreak: 0 };
}
