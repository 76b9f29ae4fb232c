import { participationShares } from '#domain/barMatching.ts';
import { shares } from '#domain/money.ts';
import type { Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { AccountState } from './accountState.ts';

/** How much of each symbol an account may trade in a session. */
export interface ParticipationLimit {
  readonly session: SessionDate;
  /** Largest part of the volume, a fraction in (0, 1]. */
  readonly fraction: number;
  /** The volume that counts, shares of a symbol. */
  readonly volume: (symbol: string) => number;
}

/** Shares of each symbol that an account may still trade in a session, less what it traded in it before. */
export class Participation {
  readonly #state: AccountState;
  readonly #limit: ParticipationLimit;
  readonly #left = new Map<string, number>();

  constructor(state: AccountState, limit: ParticipationLimit) {
    this.#state = state;
    this.#limit = limit;
  }

  /** Takes as many of the wanted shares as are left. */
  take(symbol: string, wanted: Shares): Shares {
    const left = this.#left.get(symbol) ?? this.#atStart(symbol);
    const taken = shares(Math.min(left, wanted));
    this.#left.set(symbol, left - taken);
    return taken;
  }

  #atStart(symbol: string): number {
    const traded = this.#state.executions
      .filter(({ session }) => session === this.#limit.session)
      .filter(({ orderId }) => this.#state.orders.get(orderId)?.accepted.symbol === symbol)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    return Math.max(0, participationShares(this.#limit.volume(symbol), this.#limit.fraction) - traded);
  }
}
