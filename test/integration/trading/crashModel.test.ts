import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { reconcileBooks } from '#activities/reconcileBooks.ts';
import { isFailure } from '#domain/failure.ts';
import { shares } from '#domain/money.ts';
import { isEndState } from '#domain/orderState.ts';
import { friday, monday, tuesday } from '../paperExchange/recording.ts';
import { Executor } from './executor.ts';
import { Killed, Life, type Passage } from './mortal.ts';
import { startTradingWorld, type TradingAccount, type TradingWorld } from './tradingWorld.ts';

const orders = 4;
const drainStepsMax = 400;

/** One thing that happens; `order` is the one it happens to. */
type Happening =
  | { readonly kind: 'step'; readonly order: number; readonly passage: Passage; readonly livesFor: number }
  | { readonly kind: 'twins'; readonly order: number }
  | { readonly kind: 'cancel'; readonly order: number }
  | { readonly kind: 'lateArrives' | 'halt' | 'marketMoves' | 'exchangeDies' | 'reconcile' };

const order = fc.nat({ max: orders - 1 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      order,
      passage: fc.constantFrom('arrives', 'arrives', 'requestLost', 'answerLost', 'arrivesLate'),
      // Most steps are survived; a submission takes about thirty.
      livesFor: fc.oneof(fc.constant(1_000), fc.nat({ max: 30 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('twins' as const), order }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), order }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('lateArrives', 'lateArrives', 'marketMoves', 'exchangeDies', 'reconcile'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('halt' as const) }) },
);

let world: TradingWorld;
let runs = 0;
beforeAll(async () => {
  world = await startTradingWorld(inject('stack').postgres.url);
});
afterAll(() => world.stop());

/** One account with its orders, and everything that may happen to them. */
class Course {
  readonly executors: readonly Executor[];
  readonly account: TradingAccount;

  constructor(account: TradingAccount) {
    this.account = account;
    const shapes = [
      { symbol: 'AAPL', quantity: shares(300) },
      // More than a tenth of the session's volume: filled in part.
      { symbol: 'NVDA', quantity: shares(12_000) },
      { symbol: 'AAPL', quantity: shares(40), timeInForce: 'opening' as const },
      { symbol: 'AAPL', quantity: shares(5), timeInForce: 'closing' as const },
    ];
    this.executors = shapes.map((shape, sequence) => new Executor(account.intent({ ...shape, sequence })));
  }

  async happens(what: Happening): Promise<void> {
    const { account } = this;
    switch (what.kind) {
      case 'step':
        return this.#step(this.#executor(what.order), what);
      case 'twins':
        return this.#twins(this.#executor(what.order));
      case 'cancel':
        return this.#executor(what.order).cancel();
      case 'lateArrives':
        return account.broker.deliverLate();
      case 'halt':
        await account.ledger.tighten({ account: account.account, state: 'halted', reason: 'model', by: 'ann' });
        return;
      case 'marketMoves':
        return moveMarket(account.account);
      case 'exchangeDies':
        return world.restartExchange();
      case 'reconcile':
        await this.reconcile();
    }
  }

  reconcile() {
    const { ledger, broker } = this.account;
    return reconcileBooks(this.account.account, { ledger, brokerOf: () => broker });
  }

  /** Whatever is still on its way arrives, the market goes on to its end, and every executor finishes. */
  async drain(): Promise<void> {
    await this.account.broker.deliverLate();
    for (let steps = 0; this.executors.some(({ stage }) => stage !== 'done'); steps += 1) {
      if (steps > drainStepsMax) throw new Error(`never done: ${this.executors.map(({ stage }) => stage).join(', ')}`);
      for (const executor of this.executors) await this.#step(executor, { passage: 'arrives', livesFor: 1_000 });
      if (this.executors.every(({ stage }) => stage === 'done' || stage === 'working')) {
        await moveMarket(this.account.account);
      }
    }
    world.exchange().advance(this.account.account, { session: tuesday, phase: 'closed' });
  }

  #executor(index: number): Executor {
    const executor = this.executors[index];
    if (!executor) throw new RangeError(`no order ${index}`);
    return executor;
  }

  async #step(executor: Executor, { passage, livesFor }: { readonly passage: Passage; readonly livesFor: number }) {
    const { account } = this;
    const life = new Life(livesFor);
    account.database.life = life;
    account.broker.life = life;
    account.broker.passage = passage;
    // Being killed is what the workflow survives; a failure with a code would be one of ours, and is none here.
    await executor.step(account.activities).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    account.database.life = new Life();
    account.broker.life = new Life();
    account.broker.passage = 'arrives';
  }

  /** An attempt that its workflow gave up long ago runs at the same time as the current one. */
  async #twins(executor: Executor): Promise<void> {
    const zombie = this.account.activities.submitOrder(executor.intent).catch((error: unknown) => {
      if (!isFailure(error)) throw error;
    });
    await Promise.all([zombie, this.#step(executor, { passage: 'arrives', livesFor: 1_000 })]);
  }
}

async function moveMarket(account: string): Promise<void> {
  const state = world.exchange().account(account);
  if (!state) throw new Error(`no account ${account}`);
  const days = [friday, monday, tuesday];
  const phases = ['beforeOpen', 'open', 'closed'] as const;
  const moments = days.flatMap((session) => phases.map((phase) => ({ session, phase })));
  const now = moments.findIndex(({ session, phase }) => session === state.session && phase === state.phase);
  world.exchange().advance(account, moments[now + 1] ?? { session: tuesday, phase: 'closed' });
}

async function expectExact(course: Course): Promise<void> {
  const { account } = course;
  const { ledger, broker, account: name } = account;
  const accepted = account.accepted();
  expect(new Set(accepted).size, 'an order stands twice at the broker').toBe(accepted.length);
  expect(await course.reconcile()).toEqual({ agreed: true, differences: [] });
  const incidents = (await ledger.incidents(name, friday)).map(({ detail }) => detail);
  for (const { intent } of course.executors) {
    const row = await ledger.order(intent.clientOrderId);
    const shown = await broker.orderByClientOrderId(intent.clientOrderId);
    expect(row && isEndState(row.state), `order ${intent.clientOrderId} never ended`).toBe(true);
    const agrees = shown
      ? row?.state === shown.state && row.filledQuantity === shown.filledQuantity
      : ['denied', 'cancelled', 'rejected'].includes(row?.state ?? '');
    // Given up as provably absent, and accepted after all: nothing else may differ, and its fills are never overlooked.
    const wasGivenUp =
      row?.state === 'cancelled' && row.filledQuantity === 0 && row.reason?.startsWith('given up') === true;
    const wasNoticed =
      shown?.filledQuantity === 0 || incidents.some((text) => text.startsWith('cancelled never becomes'));
    expect({ row, shown, isExplained: agrees || (wasGivenUp && wasNoticed) }).toMatchObject({ isExplained: true });
  }
  const fills = await ledger.fills(name);
  const held: Record<string, number> = {};
  let cash = 10_000_000_000;
  for (const { symbol, side, quantity, price, commission } of fills) {
    const signed = side === 'buy' ? quantity : 0 - quantity;
    held[symbol] = (held[symbol] ?? 0) + signed;
    cash -= signed * price + commission;
  }
  const positions = await broker.positions();
  expect(await ledger.positions(name)).toEqual(
    Object.fromEntries(Object.entries(held).filter(([, count]) => count !== 0)),
  );
  expect(await ledger.cash(name)).toBe(cash);
  const book = await broker.account();
  expect(book.cash).toBe(cash);
  expect(book.equity).toBe(
    cash + positions.reduce((sum, { quantity, marketPrice }) => sum + quantity * marketPrice, 0),
  );
}

describe('orders under crashes, retries, late acceptances and halts', () => {
  test('stand at most once at the broker, none is lost, and positions, cash and equity are exact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 45 }), async (happenings) => {
        runs += 1;
        const course = new Course(await world.open(`model-${runs}`));
        for (const what of happenings) await course.happens(what);
        await course.drain();
        await expectExact(course);
      }),
      { numRuns: 25, interruptAfterTimeLimit: 90_000 },
    );
    expect(runs).toBeGreaterThan(0);
  });
});
