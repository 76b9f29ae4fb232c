/** What a guard weighs; amounts in ten-thousandths of a dollar. */
export interface AccountObservation {
  readonly session: string;
  readonly equity: number;
  readonly dayOpenEquity: number;
  readonly highWaterMark: number;
  readonly lossStreak: number;
  readonly errors: number;
}

/** The guards of accounts, as an activity reaches them. */
export interface GuardDesk {
  /** Lets the account's guard, started if it is not running, weigh an observation; answers its state afterwards. */
  observe(account: string, observation: AccountObservation): Promise<'active' | 'reducing' | 'halted'>;
}
