import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dollars } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import type { BacktestFill } from '#pipelines/backtest/account.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { SessionOutcome, tradingSession } from '#workflows/tradingSession.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { openHouse, type House } from './house.ts';
import { baskets, environment, planOf, playDays, printedDays, recordingOf, venue, type Close } from './parityDays.ts';
import { serve, type ServingWorkers } from './serve.ts';

const account = 'parity';
const sessions = Object.keys(baskets).map(sessionDate);

let folder: string;
let house: House;
let workers: ServingWorkers;
let backtest: ReturnType<typeof playDays>;
/** What the sessions left in the ledger, at each close. */
const closes: Close[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-parity-'));
  const days = await printedDays(await provideSample(cacheFolder(), () => undefined));
  const barsFile = path.join(folder, 'days.csv');
  await writeFile(barsFile, recordingOf(days));
  backtest = playDays(days);
  house = await openHouse(inject('stack'), { exchange: { barsFile, ...venue }, environment });
  workers = await serve(house);
  await house.openAccount(account, sessions[0]!);
  for (const session of sessions) closes.push(await trade(session));
  // Nine sessions of three to fifteen seconds each, as busy as the machine is.
}, 600_000);
afterAll(async () => {
  await workers?.stop();
  await house?.stop();
  await rm(folder, { recursive: true });
});

/** One day by the session's workflow. */
async function trade(session: string): Promise<Close> {
  const outcome: SessionOutcome = await house.client.workflow.execute<typeof tradingSession>('tradingSession', {
    workflowId: workflowIds.session(account, session),
    taskQueue: taskQueues.trading,
    args: [planOf(account, session)],
  });
  expect(outcome).toMatchObject({ kind: 'closed', report: { session, reconciled: true, differences: [] } });
  const { equity } = await house.brokerOf(account).account();
  const cash = (await house.ledger.cash(account))!;
  expect(outcome).toMatchObject({ report: { equity: dollars(equity) } });
  return { session, cash, equity, positions: await house.ledger.positions(account) };
}

/** Everything that an order says, in words that two sides can be compared by. */
function orderText(order: {
  readonly session: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: number;
  readonly kind: string;
  readonly timeInForce: string;
  readonly reduceOnly: boolean;
  readonly state: string;
  readonly filledQuantity: number;
  readonly denial: string | undefined;
}): string {
  const { session, symbol, side, quantity, kind, timeInForce, reduceOnly, state, filledQuantity, denial } = order;
  const only = reduceOnly ? 'only to reduce' : 'to add';
  const end = denial === undefined ? state : `${state} ${denial}`;
  return `${session} ${symbol} ${side} ${quantity} ${kind} ${timeInForce} ${only}: ${end}, ${filledQuantity}`;
}

/** Everything that an execution says of money. */
function fillText(
  fill: Pick<BacktestFill, 'session' | 'symbol' | 'side' | 'quantity' | 'price' | 'commission'>,
): string {
  const { session, symbol, side, quantity, price, commission } = fill;
  return `${session} ${symbol} ${side} ${quantity} at ${price} for ${commission}`;
}

async function ledgerOrders(): Promise<readonly string[]> {
  const rows = await Promise.all(sessions.map((session) => house.ledger.orders(account, session)));
  return rows
    .flat()
    .map((row) => orderText({ ...row, kind: row.kind.kind, denial: row.denial?.code }))
    .toSorted();
}

function playedOrders(): readonly string[] {
  const { played } = backtest;
  const symbols = [...new Set(Object.values(baskets).flat())].sort();
  return played.orders
    .map(({ symbol, decidedIn, terms, reduceOnly = false, ...order }) =>
      orderText({
        ...order,
        session: decidedIn,
        symbol: symbols[symbol]!,
        kind: terms.kind,
        reduceOnly,
        denial: order.denial,
      }),
    )
    .toSorted();
}

describe('the same days through sessions and through the backtest', () => {
  test('give the same orders, with the same ends', async () => {
    const orders = await ledgerOrders();
    expect(orders).toEqual(playedOrders());
    expect(orders.length).toBeGreaterThan(25);
  });

  test('give the same executions at the same price for the same commission', async () => {
    const traded = await Promise.all(
      sessions.map(async (session) => {
        const fills = await house.ledger.fills(account, session);
        return fills.map((fill) => fillText({ session, ...fill }));
      }),
    );
    expect(traded.flat().toSorted()).toEqual(backtest.played.fills.map(fillText).toSorted());
  });

  test('leave the same cash, positions and equity at each close, to the last unit', () => {
    expect(closes).toEqual(backtest.closes);
  });

  test('cut the same orders by the same limit, and the ledger claims what is left of them', async () => {
    const records = await createAuditLog(house.database).records({ subject: `account:${account}` });
    const cut = records.filter(({ action }) => action === 'order.reduced').map(({ body }) => body);
    const { played } = backtest;
    expect(cut.map(({ code, asked, quantity }) => ({ code, asked, quantity })).toSorted(byAsked)).toEqual(
      played.orders
        .flatMap(({ reduction, quantity }) => (reduction ? [{ ...reduction, quantity }] : []))
        .toSorted(byAsked),
    );
    expect(cut.length).toBeGreaterThan(1);
    for (const { clientOrderId, quantity } of cut) {
      expect(await house.ledger.order(String(clientOrderId))).toMatchObject({ quantity });
    }
  });

  test('meet a split, a dividend, partial fills, a denial and a day without a trade', async () => {
    const { played } = backtest;
    const booked = await house.database.query(
      'SELECT kind, symbol, session, cash, shares FROM adjustments WHERE account = $1 ORDER BY session',
      [account],
    );
    // Four new shares for each old one.
    const added = (played.splits[0]!.quantity * 3) / 4;
    expect(added).toBeGreaterThan(0);
    expect(booked).toEqual([
      { kind: 'split', symbol: 'AAPL', session: '2020-08-31', cash: played.cashInLieu, shares: added },
      { kind: 'dividend', symbol: 'NVDA', session: '2020-09-01', cash: played.dividends, shares: 0 },
    ]);
    expect(played.dividends).toBeGreaterThan(0);
    const partly = played.orders.filter(({ filledQuantity: filled, quantity }) => filled > 0 && filled < quantity);
    expect(new Set(partly.map(({ side }) => side))).toEqual(new Set(['buy', 'sell']));
    expect(played.risk.denied).toEqual({ RESTRICTED_SYMBOL: 1, POSITION_OVER_LIMIT: 1, EXPOSURE_WHILE_REDUCING: 1 });
    expect(played.orders.filter(({ decidedIn }) => decidedIn === '2020-09-01')).toEqual([]);
  });

  test('leave a symbol that has not printed yet to wait, and say so', async () => {
    const records = await createAuditLog(house.database).records({ subject: `account:${account}` });
    const unpriced = records.filter(({ action }) => action === 'target.unpriced').map(({ body }) => body);
    expect(unpriced).toEqual([{ session: '2020-08-28', symbol: 'LISTED', weight: 1 / 7 }]);
  });

  test('make the account reducing after the same close, for the same reason', async () => {
    const [change, ...others] = backtest.played.risk.changes;
    expect(change).toMatchObject({ session: '2020-09-03', at: 'close', to: 'reducing' });
    expect(others).toEqual([]);
    const { to: state, reason } = change!;
    expect(await house.ledger.account(account)).toMatchObject({ state, reason, changes: 1 });
  });
});

function byAsked(a: { readonly asked?: unknown }, b: { readonly asked?: unknown }): number {
  return Number(a.asked) - Number(b.asked);
}
