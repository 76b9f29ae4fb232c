import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { reconcileBooks } from '#activities/reconcileBooks.ts';
import { money, shares } from '#domain/money.ts';
import { failureCode } from '../failureCode.ts';
import { friday, monday } from '../paperExchange/recording.ts';
import { Executor } from './executor.ts';
import { Killed, Life, type Passage } from './mortal.ts';
import { startTradingWorld, type TradingAccount, type TradingWorld } from './tradingWorld.ts';

let world: TradingWorld;
beforeAll(async () => {
  world = await startTradingWorld(inject('stack').postgres.url, 700);
});
afterAll(() => world.stop());

const reconciled = (account: TradingAccount) =>
  reconcileBooks(account.account, { ledger: account.ledger, brokerOf: () => account.broker });

/** Carries an order on until it works at the venue or has ended. */
async function settle(executor: Executor, account: TradingAccount): Promise<void> {
  for (let step = 0; executor.stage !== 'done' && executor.stage !== 'working'; step += 1) {
    if (step > 30) throw new Error(`stuck at ${executor.stage}`);
    await executor.step(account.activities);
  }
}

/** Lets a process take so many steps of a submission and kills it. */
async function submitAndDie(account: TradingAccount, executor: Executor, steps: number): Promise<'killed' | 'lived'> {
  const life = new Life(steps);
  account.database.life = life;
  account.broker.life = life;
  const outcome = await executor.step(account.activities).then(
    () => 'lived' as const,
    (error: unknown) => {
      if (error instanceof Killed) return 'killed' as const;
      throw error;
    },
  );
  account.database.life = new Life();
  account.broker.life = new Life();
  return outcome;
}

describe('a sender that is killed', () => {
  test.each(['arrives', 'answerLost', 'requestLost', 'arrivesLate'] as const)(
    'between any two steps has sent one order at most, and none is lost: %s',
    async (passage: Passage) => {
      const account = await world.open(`killed-${passage}`);
      let outcome: 'killed' | 'lived' = 'killed';
      for (let steps = 0; outcome === 'killed'; steps += 1) {
        const intent = account.intent({ sequence: steps, quantity: shares(1) });
        const executor = new Executor(intent);
        account.broker.passage = passage;
        outcome = await submitAndDie(account, executor, steps);
        account.broker.passage = 'arrives';
        if (steps % 2 === 0) await account.broker.deliverLate();
        await settle(executor, account);
        await account.broker.deliverLate();
        expect(account.accepted().filter((id) => id === intent.clientOrderId)).toHaveLength(1);
        expect(await account.ledger.order(intent.clientOrderId)).toMatchObject({ state: 'acknowledged' });
        expect(steps).toBeLessThan(60);
      }
      expect(account.accepted().length).toBeGreaterThan(15);
      expect(await reconciled(account)).toEqual({ agreed: true, differences: [] });
    },
  );
});

describe('two senders', () => {
  test('of one order send it once, whichever comes first', async () => {
    const account = await world.open('twins');
    const twins = Array.from({ length: 4 }, () => account.other());
    const answers = await Promise.all(twins.map(({ activities }) => activities.submitOrder(account.intent())));
    expect(account.accepted()).toHaveLength(1);
    expect(answers.filter(({ state }) => state === 'acknowledged').length).toBeGreaterThan(0);
  });

  test('of two sessions: the earlier one may only reduce once the later is open', async () => {
    const account = await world.open('sessions');
    await account.activities.submitOrder(account.intent());
    expect(await account.ledger.openSession('sessions', monday)).toBe('opened');
    expect(await account.activities.submitOrder(account.intent({ sequence: 1 }))).toMatchObject({
      state: 'denied',
      reason: 'SESSION_PAST',
    });
    const closing = account.intent({ sequence: 2, side: 'sell', reduceOnly: true });
    expect((await account.activities.submitOrder(closing)).state).toBe('rejected');
    expect(await account.ledger.openSession('sessions', friday)).toBe('past');
  });
});

describe('a sender that froze', () => {
  test('cannot be overtaken while it may still send', async () => {
    const account = await world.open('frozen');
    const intent = account.intent();
    let thaw = (): void => {};
    account.broker.frozen = new Promise((resolve) => (thaw = resolve));
    const sending = account.activities.submitOrder(intent);
    const rescuer = account.other();
    await vi.waitFor(async () => expect(await rescuer.ledger.order(intent.clientOrderId)).toBeDefined());
    expect(await rescuer.activities.askOrder(intent)).toMatchObject({ kind: 'absent' });
    expect(await failureCode(rescuer.activities.resendAbsentOrder(intent))).toBe('DATABASE_TIMED_OUT');
    expect(await failureCode(rescuer.activities.giveUpAbsentOrder(intent))).toBe('DATABASE_TIMED_OUT');
    thaw();
    expect((await sending).state).toBe('acknowledged');
    expect(await rescuer.activities.askOrder(intent)).toMatchObject({ kind: 'known' });
    expect(account.accepted()).toHaveLength(1);
  });

  test('before its claim finds the order withdrawn, and sends nothing', async () => {
    const account = await world.open('withdrawn');
    const intent = account.intent();
    expect((await account.activities.cancelOrder(intent)).state).toBe('cancelled');
    expect((await account.activities.submitOrder(intent)).state).toBe('cancelled');
    expect(account.accepted()).toEqual([]);
  });

  test.each(['resent', 'given up', 'halted and given up'] as const)(
    'between claim and send finds its claim overtaken by an order that was %s',
    async (how) => {
      const account = await world.open(how.replaceAll(' ', '-'));
      const intent = account.intent();
      const claim = await account.ledger.claim(intent);
      if (claim.kind !== 'claimed') throw new Error('not claimed');
      if (how === 'halted and given up') {
        await account.ledger.tighten({ account: account.account, state: 'halted', reason: 'test', by: 'ann' });
      }
      if (how === 'given up') await account.activities.giveUpAbsentOrder(intent);
      else await account.activities.resendAbsentOrder(intent);
      const send = vi.fn();
      const answer = await account.ledger.sendClaimed(intent.clientOrderId, claim.claim, send);
      expect(answer.kind).toBe('overtaken');
      expect(send).not.toHaveBeenCalled();
      expect(account.accepted()).toHaveLength(how === 'resent' ? 1 : 0);
    },
  );
});

describe('a venue that accepts late', () => {
  test('after one ask found nothing is believed at the second', async () => {
    const account = await world.open('late');
    const executor = new Executor(account.intent());
    account.broker.passage = 'arrivesLate';
    await executor.step(account.activities);
    await executor.step(account.activities);
    expect(executor.stage).toBe('askAgain');
    await account.broker.deliverLate();
    await settle(executor, account);
    expect(executor.stage).toBe('working');
    expect(account.accepted()).toHaveLength(1);
  });

  test('after the order was given up shows as a difference, and as an incident once asked', async () => {
    const account = await world.open('too-late');
    const intent = account.intent();
    account.broker.passage = 'arrivesLate';
    await account.activities.submitOrder(intent);
    expect((await account.activities.giveUpAbsentOrder(intent)).state).toBe('cancelled');
    await account.broker.deliverLate();
    expect((await reconciled(account)).differences).toEqual([
      `order ${intent.clientOrderId}: open at the broker, not here`,
    ]);
    world.exchange().advance('too-late', { session: friday, phase: 'open' });
    expect(await reconciled(account)).toEqual({ agreed: true, differences: [] });
    expect(await account.ledger.positions('too-late')).toEqual({ AAPL: 10 });
    const kinds = (await account.ledger.incidents('too-late', friday)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['answerLost', 'newsRefused']);
  });
});

describe('the books', () => {
  test('follow partial fills and the cancellation of the rest', async () => {
    const account = await world.open('partial');
    const intent = account.intent({ symbol: 'NVDA', quantity: shares(11_000) });
    await account.activities.submitOrder(intent);
    world.exchange().advance('partial', { session: friday, phase: 'open' });
    expect(await account.activities.askOrder(intent)).toMatchObject({
      progress: { state: 'partiallyFilled', filledQuantity: 10_000 },
    });
    expect(await account.activities.cancelOrder(intent)).toMatchObject({ state: 'cancelled', filledQuantity: 10_000 });
    expect(await reconciled(account)).toEqual({ agreed: true, differences: [] });
    const [fill] = await account.ledger.fills('partial', friday);
    // 53 dollars and half a spread of one basis point, three basis points of commission, each rounded against us.
    expect(fill).toMatchObject({ price: 530_053, quantity: 10_000, commission: 1_590_159 });
    expect(await account.ledger.cash('partial')).toBe(10_000_000_000 - 530_053 * 10_000 - 1_590_159);
  });

  test('name an order that a person replaced at the broker, and one we never sent', async () => {
    const account = await world.open('replaced');
    const intent = account.intent();
    await account.activities.submitOrder(intent);
    const [order] = await account.broker.openOrders();
    await account.broker.cancel(order?.brokerOrderId ?? '');
    await account.broker.submit({ ...intent, clientOrderId: 'by-hand', quantity: shares(7) });
    expect(await reconciled(account)).toEqual({
      agreed: false,
      differences: ['order by-hand: open at the broker, not here'],
    });
    expect(await account.ledger.order(intent.clientOrderId)).toMatchObject({ state: 'cancelled' });
    world.exchange().advance('replaced', { session: friday, phase: 'open' });
    // Its fill stays a difference until a person has said that they know of it.
    expect((await reconciled(account)).differences).toEqual([expect.stringContaining('by order by-hand')]);
    const [foreign] = await account.ledger.foreignFills('replaced');
    await account.ledger.acknowledgeForeignFill({ account: 'replaced', key: foreign?.key ?? '', by: 'grace' });
    expect(await reconciled(account)).toEqual({ agreed: true, differences: [] });
    expect(await account.ledger.positions('replaced')).toEqual({ AAPL: 7 });
  });

  test('CLIENT_ORDER_ID_TAKEN: another order under our id is never taken for ours', async () => {
    const account = await world.open('taken');
    const intent = account.intent();
    await account.broker.submit({ ...intent, quantity: shares(3) });
    expect(await failureCode(account.activities.submitOrder(intent))).toBe('CLIENT_ORDER_ID_TAKEN');
    expect(await failureCode(account.activities.askOrder(intent))).toBe('CLIENT_ORDER_ID_TAKEN');
    expect(await account.ledger.order(intent.clientOrderId)).toMatchObject({ state: 'sent', filledQuantity: 0 });
  });

  test('disagree by a ten-thousandth of a dollar', async () => {
    const account = await world.open('cash');
    await account.ledger.recordAdjustments('cash', [
      { adjustmentId: 'x', kind: 'fee', cash: money(-1), shares: shares(0), session: friday },
    ]);
    expect((await reconciled(account)).differences).toEqual(['cash: 999999.9999 dollars here, 1000000 at the broker']);
  });

  test('are the same by whatever clock the process goes', async () => {
    const account = await world.open('clocks');
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (const [sequence, now] of ['2038-01-19', '1970-01-02', '2020-03-13'].entries()) {
        vi.setSystemTime(new Date(now));
        const executor = new Executor(account.intent({ sequence }));
        account.broker.passage = 'requestLost';
        await executor.step(account.activities);
        account.broker.passage = 'arrives';
        await settle(executor, account);
      }
      world.exchange().advance('clocks', { session: friday, phase: 'closed' });
      expect(await reconciled(account)).toEqual({ agreed: true, differences: [] });
      expect(await account.ledger.positions('clocks')).toEqual({ AAPL: 30 });
    } finally {
      vi.useRealTimers();
    }
  });
});
