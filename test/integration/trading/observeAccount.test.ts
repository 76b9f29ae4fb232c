import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { observeAccount } from '#activities/observeAccount.ts';
import type { Broker } from '#activities/ports/broker.ts';
import type { AccountObservation } from '#activities/ports/guardDesk.ts';
import { breakerProfiles, weighBreaker } from '#domain/breaker.ts';
import { openMs } from '#domain/calendar.ts';
import { money, shares } from '#domain/money.ts';
import { friday } from '../paperExchange/recording.ts';
import { startTradingWorld, type TradingAccount, type TradingWorld } from './tradingWorld.ts';

let world: TradingWorld;
beforeAll(async () => {
  world = await startTradingWorld(inject('stack').postgres.url);
});
afterAll(() => world.stop());

/** What an observation told the guard, and the rules of the breaker that it trips. */
async function observed(account: TradingAccount, broker: Broker = account.broker) {
  const seen: AccountObservation[] = [];
  const plan = { account: account.account, session: friday };
  const guard = {
    observe: (_: string, observation: AccountObservation) => {
      seen.push(observation);
      return Promise.resolve('active' as const);
    },
  };
  await observeAccount({ ledger: account.ledger, brokerOf: () => broker, guard }, plan);
  const [observation] = seen;
  if (!observation) throw new Error('the guard was told nothing');
  const { triggers } = weighBreaker({ state: 'active', ...observation }, breakerProfiles.standard);
  return { observation, rules: triggers.map(({ rule }) => rule) };
}

/** An account that holds 10 AAPL in the open market. */
async function holding(name: string): Promise<TradingAccount> {
  const account = await world.open(name);
  await account.activities.submitOrder(account.intent());
  world.exchange().advance(name, { session: friday, phase: 'open' });
  return account;
}

describe('what the guard is told of an account', () => {
  test('is calm while books agree and prices are fresh', async () => {
    const { observation, rules } = await observed(await holding('calm'));
    expect(observation).toMatchObject({ dataAgeMs: 0, differences: 0, errors: 0 });
    expect(rules).toEqual([]);
  });

  test('trips the breaker when the newest price of what is held is too old', async () => {
    const account = await holding('stale');
    const printedMs = openMs(friday) - breakerProfiles.standard.dataAgeHaltMs - 1;
    const lastTrades = () => Promise.resolve({ AAPL: { price: money(1_000_000), marketTimeMs: printedMs } });
    const stale = Object.assign(Object.create(account.broker) as Broker, { lastTrades });
    expect((await observed(account, stale)).rules).toEqual(['staleData']);
  });

  test('asks for no age before the open, nor of an account that holds nothing', async () => {
    const account = await world.open('early');
    expect((await observed(account)).observation).not.toHaveProperty('dataAgeMs');
    world.exchange().advance('early', { session: friday, phase: 'open' });
    expect((await observed(account)).observation).not.toHaveProperty('dataAgeMs');
  });

  test('trips the breaker when the broker holds an order that is not ours', async () => {
    const account = await holding('differs');
    const limit = { kind: 'limit', limitPrice: money(10_000) } as const;
    await account.broker.submit({ ...account.intent(), clientOrderId: 'by-hand', quantity: shares(1), kind: limit });
    const { observation, rules } = await observed(account);
    expect(observation.differences).toBe(1);
    expect(rules).toEqual(['brokerDisagrees']);
  });

  test('trips the breaker when somebody trades behind our back, though both books hold it', async () => {
    const account = await holding('behind');
    await account.broker.submit({ ...account.intent(), clientOrderId: 'by-hand', quantity: shares(5) });
    expect(await account.broker.positions()).toMatchObject([{ symbol: 'AAPL', quantity: 15 }]);
    const { observation, rules } = await observed(account);
    expect(observation).toMatchObject({ differences: 1, errors: 0 });
    expect(rules).toEqual(['brokerDisagrees']);
    expect(await account.ledger.positions('behind')).toEqual({ AAPL: 15 });
    const [foreign] = await account.ledger.foreignFills('behind');
    await account.ledger.acknowledgeForeignFill({ account: 'behind', key: foreign!.key, by: 'ada' });
    expect((await observed(account)).rules).toEqual([]);
  });

  test('takes what a halt closes for ours', async () => {
    const account = await holding('liquidated');
    await account.ledger.tighten({ account: 'liquidated', state: 'halted', reason: 'test', by: 'ada' });
    const closing = account.intent({ sequence: 1, side: 'sell', strategy: 'liquidation', reduceOnly: true });
    expect(await account.activities.submitOrder(closing)).toMatchObject({ state: 'filled' });
    expect((await observed(account)).observation.differences).toBe(0);
    expect(await account.ledger.foreignFills('liquidated')).toEqual([]);
  });

  test('counts every lost answer of the session as a system error', async () => {
    const account = await world.open('errors');
    account.broker.passage = 'requestLost';
    for (let sequence = 0; sequence < 5; sequence += 1) {
      const intent = account.intent({ sequence });
      await account.activities.submitOrder(intent);
      await account.activities.giveUpAbsentOrder(intent);
    }
    const { observation, rules } = await observed(account);
    expect(observation.errors).toBe(5);
    expect(rules).toEqual(['systemErrors']);
  });
});
