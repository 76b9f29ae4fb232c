import type { Broker, MarketClock } from '#activities/ports/broker.ts';
import { Failure } from '#domain/failure.ts';
import { lossStreak, playFills } from '#domain/positions.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { reconcileBooks } from './reconcileBooks.ts';
import type { SessionWorld } from './sessionActivities.ts';
import type { EquityFigures, SessionPlan } from './tradingPlan.ts';

/** Reconciles with the broker, reads equity and the age of its prices, and lets the guard weigh them. */
export async function observeAccount(
  { ledger, brokerOf, guard }: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'guard'>,
  { account, session }: Pick<SessionPlan, 'account' | 'session'>,
): Promise<EquityFigures> {
  const broker = brokerOf(account);
  const date = sessionDate(session);
  const { differences } = await reconcileBooks(account, { ledger, brokerOf });
  const { equity, lastEquity } = await broker.account();
  const held = (await broker.positions()).map(({ symbol }) => symbol);
  const row = await ledger.account(account);
  if (!row) throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  const { roundTrips } = playFills(await ledger.bookEntries(account));
  const dataAgeMs = await dataAge(broker, held);
  const tradingState = await guard.observe(account, {
    session,
    equity,
    dayOpenEquity: lastEquity,
    highWaterMark: Math.max(row.highWaterMark, equity),
    lossStreak: lossStreak(roundTrips.slice(row.roundTripsAtRestart)),
    // A foreign fill is no error of the system: it stands among the differences until somebody acknowledges it.
    errors: (await ledger.incidents(account, date)).filter(({ kind }) => kind !== 'foreignFill').length,
    differences: differences.length,
    ...(dataAgeMs !== undefined && { dataAgeMs }),
  });
  const fills = (await ledger.fills(account, date)).length;
  return { equity, fills, openPositions: held.length, tradingState };
}

/**
 * Age of the newest trade among the symbols held, by the venue's own clock. Undefined while the market is not open, when
 * nothing is expected to trade, and for an account that holds nothing, which no price can hurt.
 */
async function dataAge(broker: Broker, held: readonly string[]): Promise<number | undefined> {
  const before: MarketClock = await broker.clock();
  if (before.phase !== 'open' || held.length === 0) return undefined;
  const times = Object.values(await broker.lastTrades(held)).map(({ marketTimeMs }) => marketTimeMs);
  // A venue that shows no trade at all of what is held has shown nothing since the open at the latest.
  const newest = Math.max(...times, 0);
  return Math.max(0, before.marketTimeMs - newest);
}
