import { Failure } from '#domain/failure.ts';
import { lossStreak, playFills } from '#domain/positions.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { allFills } from './allFills.ts';
import type { SessionWorld } from './sessionActivities.ts';
import type { EquityFigures, SessionPlan } from './tradingPlan.ts';

/** Takes the session's fills, reads equity at the broker and lets the guard weigh it. */
export async function observeAccount(
  { ledger, brokerOf, guard }: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'guard'>,
  { account, session }: SessionPlan,
): Promise<EquityFigures> {
  const broker = brokerOf(account);
  const date = sessionDate(session);
  const fills = await broker.fills(date);
  await ledger.recordFills(account, fills);
  const { equity, lastEquity } = await broker.account();
  const positions = await broker.positions();
  const row = await ledger.account(account);
  if (!row) throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  const losses = lossStreak(playFills(await allFills(ledger, account)).roundTrips);
  const tradingState = await guard.observe(account, {
    session,
    equity,
    dayOpenEquity: lastEquity,
    highWaterMark: Math.max(row.highWaterMark, equity),
    lossStreak: losses,
    errors: 0,
  });
  return { equity, fills: fills.length, openPositions: positions.length, tradingState };
}
