/** What a guard weighs; amounts in ten-thousandths of a dollar. */
export interface AccountObservation {
  readonly session: string;
  readonly equity: number;
  readonly dayOpenEquity: number;
  readonly highWaterMark: number;
  readonly lossStreak: number;
  /** System errors of the session so far. */
  readonly errors: number;
  /** Age of the newest market data by the venue's clock; absent where nothing trades, as before the open. */
  readonly dataAgeMs?: number;
  /** Differences between our book and the broker's that stood when looked at again. */
  readonly differences: number;
}

/** The guards of accounts, as an activity reaches them. */
export interface GuardDesk {
  /** Lets the account's guard, started if it is not running, weigh an observation; answers its state afterwards. */
  observe(account: string, observation: AccountObservation): Promise<'active' | 'reducing' | 'halted'>;
}
