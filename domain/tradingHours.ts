import { closeMs, isSession, openMs } from './calendar.ts';
import { Failure } from './failure.ts';
import { newYorkDate } from './newYorkTime.ts';
import type { SessionDate } from './sessionDate.ts';

/** Exchanges of US equities by market identifier code (ISO 10383). All keep the sessions of the New York Stock Exchange. */
export const equityExchanges = {
  XNYS: 'New York Stock Exchange',
  XNAS: 'Nasdaq',
  XASE: 'NYSE American',
  ARCX: 'NYSE Arca',
  BATS: 'Cboe BZX',
  IEXG: 'Investors Exchange',
} as const satisfies Readonly<Record<string, string>>;

/** Market identifier code of an exchange whose calendar we know. */
export type EquityExchange = keyof typeof equityExchanges;

/** Instants of one session, milliseconds since 1970 UTC. */
export interface TradingHours {
  readonly session: SessionDate;
  readonly preMarketMs: number;
  readonly openMs: number;
  readonly closeMs: number;
  readonly afterHoursEndMs: number;
  /** Whether the exchange closes before its usual hour. */
  readonly shortened: boolean;
}

/** Where an instant lies in the exchange's day: `closed` includes nights, weekends and holidays. */
export type SessionState = 'closed' | 'preMarket' | 'regular' | 'afterHours';

const hourMs = 3_600_000;
// 04:00 to 09:30, and to 20:00 after the close, or four hours after an early one (NYSE Arca rule 7.34-E, Nasdaq 4120).
const preMarketLengthMs = 5.5 * hourMs;
const afterHoursLengthMs = 4 * hourMs;
const regularLengthMs = 6.5 * hourMs;

/**
 * Checks the name of an exchange.
 * @throws Failure EXCHANGE_UNKNOWN for one whose calendar we do not hold
 */
export function equityExchange(text: string): EquityExchange {
  const code = text.toUpperCase();
  if (Object.hasOwn(equityExchanges, code)) return code as EquityExchange;
  const known = Object.keys(equityExchanges).join(', ');
  throw new Failure('EXCHANGE_UNKNOWN', `there is no calendar of ${JSON.stringify(text)}: known are ${known}`, {
    text,
  });
}

/**
 * Hours of a session: pre-market, regular trading and after hours follow each other without a gap.
 * @throws RangeError when the exchange does not trade on the date
 */
export function tradingHours(session: SessionDate): TradingHours {
  const [opensMs, closesMs] = [openMs(session), closeMs(session)];
  return {
    session,
    preMarketMs: opensMs - preMarketLengthMs,
    openMs: opensMs,
    closeMs: closesMs,
    afterHoursEndMs: closesMs + afterHoursLengthMs,
    shortened: closesMs - opensMs < regularLengthMs,
  };
}

/**
 * Where an instant lies; an instant at which a state ends belongs to the next.
 * @param atMs milliseconds since 1970 UTC, from 1990 on
 */
export function sessionState(atMs: number): SessionState {
  const date = newYorkDate(atMs);
  if (!isSession(date)) return 'closed';
  const hours = tradingHours(date);
  if (atMs < hours.preMarketMs || atMs >= hours.afterHoursEndMs) return 'closed';
  if (atMs < hours.openMs) return 'preMarket';
  return atMs < hours.closeMs ? 'regular' : 'afterHours';
}
