import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { OrderProgress } from '#activities/orderActivities.ts';
import { reconcileBooks } from '#activities/reconcileBooks.ts';
import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { Misbehaviour } from '#infra/paperExchange/misbehaviour.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { executeOrder } from '#workflows/executeOrder.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { openHouse, type House } from './house.ts';
import { serve, type ServingWorkers } from './serve.ts';

const session = sessionDate('2023-06-23');

let house: House;
let workers: ServingWorkers;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  workers = await serve(house);
});
afterAll(async () => {
  await workers?.stop();
  await house.stop();
});

/** An order for the opening auction, on an account of its own that is open for the session. */
async function openOrder(account: string): Promise<OrderIntent> {
  await house.openAccount(account, session);
  await house.ledger.openSession(account, session);
  return {
    clientOrderId: `${account}-20230623-test-AAPL-0`,
    account,
    session,
    strategy: 'test',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(10),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
  };
}

function execute(intent: OrderIntent, pollMs = 200): Promise<WorkflowHandle<typeof executeOrder>> {
  return house.client.workflow.start<typeof executeOrder>('executeOrder', {
    workflowId: workflowIds.order(intent.clientOrderId),
    taskQueue: taskQueues.trading,
    args: [{ intent, settleMs: 300, pollMs }],
  });
}

/** Waits until our ledger says that the venue has the order. */
async function acknowledged({ clientOrderId }: OrderIntent): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while ((await house.ledger.order(clientOrderId))?.state !== 'acknowledged') {
    if (performance.now() > deadlineMs) throw new Error(`${clientOrderId} was not acknowledged`);
    await delay(50);
  }
}

/** Holds the exchange's own records against ours: one order, one fill, the same books. */
async function expectOneOrder(intent: OrderIntent): Promise<void> {
  const { account, clientOrderId, quantity } = intent;
  const accepted = (await house.venue.submissions(account)).filter(({ outcome }) => outcome === 'accepted');
  expect(accepted).toEqual([{ clientOrderId, outcome: 'accepted' }]);
  expect(await reconcileBooks(account, house)).toEqual({ agreed: true, differences: [] });
  const broker = house.brokerOf(account);
  const atBroker = await broker.fills(session);
  expect(atBroker.map((fill) => [fill.clientOrderId, fill.quantity])).toEqual([[clientOrderId, quantity]]);
  expect(await house.ledger.fills(account, session)).toEqual(atBroker);
  expect(await house.ledger.positions(account)).toEqual({ AAPL: quantity });
  expect((await broker.positions()).map(({ symbol, quantity: held }) => [symbol, held])).toEqual([['AAPL', quantity]]);
  expect(await house.ledger.order(clientOrderId)).toMatchObject({ state: 'filled', filledQuantity: quantity });
}

const filled = (intent: OrderIntent): Partial<OrderProgress> => ({
  clientOrderId: intent.clientOrderId,
  state: 'filled',
  filledQuantity: intent.quantity,
});

describe('an order is at the exchange exactly once, and our ledger equals its books,', () => {
  test.each<readonly [string, string, Misbehaviour | undefined]>([
    ['when all goes well', 'well', undefined],
    ['when the answer was dropped after it was taken', 'dropped-answer', { kind: 'dropAnswer', times: 1 }],
    ['when the connection was cut before it was taken', 'dropped-request', { kind: 'dropRequest', times: 1 }],
    ['when the exchange answered 500 and took nothing', 'failed', { kind: 'failBefore', times: 1 }],
    ['when the exchange failed three times in a row', 'failed-thrice', { kind: 'failBefore', times: 3 }],
    ['when it was taken and the answer came after our patience', 'late', { kind: 'delay', times: 1, delayMs: 12_000 }],
  ])('%s', async (_, account, misbehaviour) => {
    const intent = await openOrder(account);
    if (misbehaviour) await house.venue.misbehave(account, misbehaviour);
    const handle = await execute(intent);
    await acknowledged(intent);
    await house.venue.advance(account, { session, phase: 'open' });
    expect(await handle.result()).toMatchObject(filled(intent));
    await expectOneOrder(intent);
    const lost = misbehaviour?.kind === 'failBefore' ? misbehaviour.times : misbehaviour ? 1 : 0;
    expect((await house.ledger.incidents(account, session)).map(({ kind }) => kind)).toEqual(
      Array.from({ length: lost }, () => 'answerLost'),
    );
  });

  test('when three callers send it at once', async () => {
    const intent = await openOrder('three-callers');
    const states = (await Promise.all([1, 2, 3].map(() => house.world.trading.submitOrder(intent)))).map(
      ({ state }) => state,
    );
    expect(states).toContain('acknowledged');
    await house.venue.advance(intent.account, { session, phase: 'open' });
    await expectOneOrder(intent);
  });

  test('when the exchange had it already under its client order id', async () => {
    const intent = await openOrder('known-there');
    // A sender that lost its claim sends at the same moment: the exchange knows the id when ours arrives.
    await house.brokerOf(intent.account).submit(intent);
    expect(await house.world.trading.submitOrder(intent)).toMatchObject({ state: 'acknowledged' });
    await house.venue.advance(intent.account, { session, phase: 'open' });
    await expectOneOrder(intent);
  });

  test('when a cancellation meets its fill: the fill stands', async () => {
    const intent = await openOrder('cancel-late');
    const handle = await execute(intent, 600_000);
    await acknowledged(intent);
    await house.venue.advance(intent.account, { session, phase: 'open' });
    expect(await house.ledger.order(intent.clientOrderId)).toMatchObject({ state: 'acknowledged' });
    await handle.cancel();
    expect(await handle.result()).toMatchObject(filled(intent));
    await expectOneOrder(intent);
  });
});

test('an order that was cancelled in time never fills, at the exchange and in the ledger', async () => {
  const intent = await openOrder('cancel-early');
  const handle = await execute(intent, 600_000);
  await acknowledged(intent);
  await handle.cancel();
  expect(await handle.result()).toMatchObject({ state: 'cancelled', filledQuantity: 0 });
  await house.venue.advance(intent.account, { session, phase: 'open' });
  expect(await house.brokerOf(intent.account).fills(session)).toEqual([]);
  expect(await house.ledger.order(intent.clientOrderId)).toMatchObject({ state: 'cancelled' });
  expect(await house.ledger.positions(intent.account)).toEqual({});
});
