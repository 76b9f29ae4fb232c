import { dollars, sumMoney } from '#domain/money.ts';
import { lossStreak, playFills } from '#domain/positions.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { firstStands } from './appendOnce.ts';
import type { Reconciliation, SessionReport, SessionWorld } from './sessionActivities.ts';
import { putJson } from './storedJson.ts';
import type { SessionPlan } from './tradingPlan.ts';

/**
 * Writes the end-of-day report to the object store, the ledger and the audit chain. Prices move on after the close: a
 * report that was cut short is completed as it stands, and equity stays the one that was recorded first.
 */
export async function closeSession(
  world: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'objects' | 'audit'>,
  plan: SessionPlan,
  reconciliation: Reconciliation,
): Promise<SessionReport> {
  const { account, session: date } = plan;
  const standing = (await world.ledger.sessions(account)).find(({ session, closed }) => session === date && closed);
  // Nothing but this function closes a session: the row holds what it wrote.
  const report = standing
    ? (standing.report as unknown as SessionReport)
    : await newReport(world, plan, reconciliation);
  await world.audit.append({
    key: `session-closed:${account}:${date}`,
    actor: 'session',
    action: 'session.closed',
    subject: `account:${account}`,
    body: { ...report },
  });
  return report;
}

async function newReport(
  { ledger, brokerOf, objects }: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'objects'>,
  { account, session: date }: SessionPlan,
  { agreed, differences }: Reconciliation,
): Promise<SessionReport> {
  const session = sessionDate(date);
  const broker = brokerOf(account);
  const [orders, fills, book, positions] = await Promise.all([
    ledger.orders(account, session),
    ledger.fills(account, session),
    broker.account(),
    broker.positions(),
  ]);
  const reportKey = `sessions/${account}/${date}/report.json`;
  const report: SessionReport = {
    account,
    session: date,
    orders: orders.length,
    fills: fills.length,
    equity: dollars(book.equity),
    commissions: dollars(sumMoney(fills.map(({ commission }) => commission))),
    reconciled: agreed,
    differences,
    reportKey,
  };
  await putJson(objects, reportKey, {
    ...report,
    cash: dollars(book.cash),
    positions: positions.map(({ symbol, quantity, averagePrice, marketPrice }) => ({
      symbol,
      quantity,
      averagePrice: dollars(averagePrice),
      marketPrice: dollars(marketPrice),
    })),
    ordersInFull: orders,
    fillsInFull: fills,
    incidentsInFull: await ledger.incidents(account, session),
  });
  const { roundTrips } = playFills(await ledger.bookEntries(account));
  const restarted = (await ledger.account(account))?.roundTripsAtRestart ?? 0;
  const losses = lossStreak(roundTrips.slice(restarted));
  await firstStands(() => ledger.recordEquity({ account, session, equity: book.equity, lossStreak: losses }));
  await ledger.closeSession(account, session, { ...report });
  return report;
}
