import { Failure } from '../failure.ts';
import type { SessionDate } from '../sessionDate.ts';

/** A rate and the first session it holds on. */
export interface DatedRate<Rate> {
  readonly from: SessionDate;
  readonly rate: Rate;
}

/** What somebody charges, by date, as far as it is known. */
export interface DatedRates<Rate> {
  /** Who publishes it, and where. */
  readonly source: string;
  /** Oldest first; each holds until the next one does. */
  readonly rates: readonly DatedRate<Rate>[];
  /** Last session of which it is certain that the newest rate holds. */
  readonly through: SessionDate;
}

/**
 * The rate of a session.
 * @param name what it is a rate of, for the message
 * @throws Failure COST_RATE_UNKNOWN for a session before the first rate, or after the last one is certain: a rate is never
 *   guessed at
 */
export function rateOn<Rate>(table: DatedRates<Rate>, session: SessionDate, name: string): Rate {
  const rate = table.rates.findLast(({ from }) => from <= session)?.rate;
  const from = table.rates[0]?.from ?? '';
  if (rate !== undefined && session <= table.through) return rate;
  throw new Failure(
    'COST_RATE_UNKNOWN',
    `${name} of ${session} is not known: the table holds ${from} to ${table.through}`,
    { name, session, from, through: table.through },
  );
}
