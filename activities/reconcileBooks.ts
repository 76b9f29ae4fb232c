import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from '#activities/ports/broker.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import { sessionsBetween } from '#domain/calendar.ts';
import { compareBooks, type BookSide } from '#domain/reconcile.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Reconciliation } from './sessionActivities.ts';
import { settleByAsking, type OrderWorld } from './settleOrder.ts';

/** Books of a moving market are read piece by piece: only what differs at every look is a difference. */
const looksMax = 3;
const lookAgainMs = 500;

/**
 * Settles our open orders by asking the broker, takes the fills and adjustments we missed, then compares positions, open
 * orders and cash. An order that only one side believes open is a difference: silence is never taken for a rejection.
 * So is a fill that is not ours, though both books hold it, until a person has acknowledged it.
 */
export async function reconcileBooks(account: string, world: OrderWorld): Promise<Reconciliation> {
  const { ledger } = world;
  const broker = world.brokerOf(account);
  let standing: readonly string[] | undefined;
  for (let look = 1; ; look += 1) {
    for (const row of await ledger.openOrders(account)) await settleByAsking(world, row);
    for (const session of await sessionsToRead(account, ledger, broker)) {
      await ledger.recordFills(account, await broker.fills(session));
      await ledger.recordAdjustments(account, await broker.adjustments(session));
    }
    // A venue that filled more than it told contradicts the end of an order: asked again, it is noted as an incident.
    for (const row of await ledger.ordersOverfilled(account)) await settleByAsking(world, row);
    const { differences } = compareBooks(await ourSide(account, ledger), await theirSide(broker));
    standing = standing?.filter((difference) => differences.includes(difference)) ?? differences;
    if (standing.length === 0 || look === looksMax) break;
    await delay(lookAgainMs);
  }
  const foreign = (await ledger.foreignFills(account)).map(({ key, detail }) => `${key}: ${detail}`);
  const all = [...standing, ...foreign];
  return { agreed: all.length === 0, differences: all };
}

/** Every session since the last one that we closed, and those of orders still open: what the broker booked meanwhile. */
async function sessionsToRead(account: string, ledger: Ledger, broker: Broker): Promise<readonly SessionDate[]> {
  const { session: today } = await broker.clock();
  const known = await ledger.sessions(account);
  const from = known.findLast(({ closed }) => closed)?.session ?? known[0]?.session ?? today;
  const ofOrders = (await ledger.openOrders(account)).map(({ session }) => session);
  const past = from <= today ? sessionsBetween(from, today) : [];
  return [...new Set([...past, ...ofOrders, today])].sort();
}

async function ourSide(account: string, ledger: Ledger): Promise<BookSide> {
  const cash = await ledger.cash(account);
  return {
    positions: await ledger.positions(account),
    openOrders: (await ledger.openOrders(account)).map(({ clientOrderId }) => clientOrderId),
    ...(cash !== undefined && { cash }),
  };
}

async function theirSide(broker: Broker): Promise<BookSide> {
  const [positions, orders, { cash }] = await Promise.all([broker.positions(), broker.openOrders(), broker.account()]);
  return {
    positions: Object.fromEntries(positions.map(({ symbol, quantity }) => [symbol, quantity])),
    openOrders: orders.map(({ clientOrderId }) => clientOrderId),
    cash,
  };
}
