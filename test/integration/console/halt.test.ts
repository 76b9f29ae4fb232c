import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { planLiquidation } from '#activities/planLiquidation.ts';
import { openLocalDesk } from '#console/desk/localDesk.ts';
import { runCommandLine } from '#console/program.ts';
import { money, shares } from '#domain/money.ts';
import { resolveWithOrigins } from '#infra/configuration/resolveSettings.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { addressesFile, type StackAddresses } from '#infra/stack/addresses.ts';
import { readHomeState, writeHomeState, writePrivate } from '#infra/stack/homeState.ts';
import { endVenue, intent, openBook, startVenue, type Venue } from '../paperExchange/venue.ts';
import { friday } from '../paperExchange/recording.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../postgres/temporaryDatabase.ts';

const password = 'correct horse battery';
const operator = { PLIMSOLL_REVIEWER: 'ada', PLIMSOLL_PASSWORD: password };
// Nothing listens here: Temporal and the workers are down in every test of this file.
const nowhere = '127.0.0.1:9';

let temporary: TemporaryDatabase;
let venue: Venue;
const homes: string[] = [];
beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  venue = await startVenue();
  const people = createPeople(temporary.database);
  await people.register({ name: 'ada', password, roles: ['operator'] });
  await people.register({ name: 'linus', password, roles: ['engineer', 'reviewer'] });
});
afterAll(async () => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
  await endVenue(venue);
  await temporary.drop();
});

/** How an account of a test is reached. */
type Reached = 'as its own paper exchange' | 'as Alpaca by address and keys';

/** A home whose Temporal is gone; it knows the venue as its paper exchange or, by settings alone, as Alpaca. */
async function homeOf(account: string, reached: Reached, postgresUrl = temporary.url) {
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-halt-'));
  homes.push(home);
  const addresses: StackAddresses = {
    ...inject('stack'),
    temporal: { address: nowhere, namespace: 'none', uiUrl: `http://${nowhere}` },
    postgres: { url: postgresUrl },
  };
  const state = await readHomeState(home);
  await writePrivate(addressesFile(home), addresses);
  const { keyId, secretKey } = venue.exchange.credentialsFor(account);
  const broker = { kind: 'alpaca', tradingUrl: venue.exchange.url, keyId, secretKey };
  if (reached === 'as its own paper exchange') {
    const paperExchange = Number(new URL(venue.exchange.url).port);
    await writeHomeState(home, { ...state, ports: { ...state.ports, paperExchange } });
    // Accounts' keys are derived from the exchange's own: give this home's exchange the venue's folder.
    mkdirSync(path.join(home, 'paperExchange'));
    cpSync(path.join(venue.home, 'control.key'), path.join(home, 'paperExchange', 'control.key'));
  }
  const trading = { account, ...(reached === 'as Alpaca by address and keys' && { broker }) };
  const text = JSON.stringify({ stack: { homeDirectory: home }, trading });
  return resolveWithOrigins({ file: { name: 'plimsoll.yaml', text }, environment: {} });
}

async function plimsoll(
  words: readonly string[],
  resolved: Awaited<ReturnType<typeof homeOf>>,
  environment: Record<string, string> = operator,
) {
  const said = { out: '', error: '' };
  const exitCode = await runCommandLine([...words, '--json'], {
    environment,
    checkout: '/nowhere',
    settings: () => resolved,
    openDesk: () => openLocalDesk('/nowhere', resolved.settings),
    askSecret: async () => undefined,
    readInput: async () => '',
    untilStopped: async () => 'SIGTERM',
    writeOut: (text) => {
      said.out += text;
    },
    writeError: (text) => {
      said.error += text;
    },
  });
  return { exitCode, ...said };
}

const halt = (account: string, ...more: readonly string[]): readonly string[] => [
  'halt',
  account,
  '--reason',
  'strange fills',
  ...more,
];

/** An account that holds 100 AAPL at the open market and has an order that will not fill. */
async function openHolding(account: string) {
  const ledger = createLedger(temporary.database);
  await ledger.openAccount({ account, broker: 'test', equity: money(10_000_000_000) });
  const broker = await openBook(venue, account);
  await broker.submit(intent(`${account}-held`, { account }));
  await venue.control.advance(account, { session: friday, phase: 'open' });
  const resting = { kind: { kind: 'limit', limitPrice: money(10_000) }, timeInForce: 'day' } as const;
  await broker.submit(intent(`${account}-rests`, { account, ...resting }));
  expect(await broker.positions()).toMatchObject([{ symbol: 'AAPL', quantity: 100 }]);
  expect(await broker.openOrders()).toHaveLength(1);
  return { ledger, broker };
}

describe.each<Reached>(['as its own paper exchange', 'as Alpaca by address and keys'])(
  'a halt with Temporal and the workers down, of an account reached %s',
  (reached) => {
    const suffix = reached === 'as its own paper exchange' ? 'paper' : 'alpaca';

    test('stops claims, cancels orders, closes every position once, and is in the audit chain', async () => {
      const account = `whole-${suffix}`;
      const { ledger, broker } = await openHolding(account);
      const home = await homeOf(account, reached);
      const { exitCode, out, error } = await plimsoll(halt(account, '--liquidate'), home);
      expect([exitCode, error]).toEqual([0, '']);
      const report = JSON.parse(out) as { readonly closing: readonly { readonly clientOrderId: string }[] };
      expect(report).toMatchObject({ ledger: 'halted', cancelled: 1, broker: 'clear' });
      expect(report.closing).toMatchObject([{ symbol: 'AAPL', side: 'sell', quantity: 100 }]);
      expect(await broker.openOrders()).toEqual([]);
      expect(await broker.positions()).toEqual([]);
      expect(await ledger.account(account)).toMatchObject({ state: 'halted', changedBy: 'ada' });
      // Written before it was sent, claimed like every order, and only able to reduce.
      const id = report.closing[0]?.clientOrderId ?? '';
      expect(await ledger.order(id)).toMatchObject({ reduceOnly: true, strategy: 'liquidation' });
      expect(await ledger.claim(intent(`${account}-more`, { account }))).toMatchObject({ kind: 'denied' });

      const again = await plimsoll(halt(account, '--liquidate'), home);
      expect(JSON.parse(again.out)).toMatchObject({ ledger: 'halted', cancelled: 0, closing: [] });
      const records = await createAuditLog(temporary.database).records({ subject: `account:${account}` });
      expect(records.map(({ action, actor }) => [action, actor])).toEqual([
        ['account.halted', 'ada'],
        ['halt.ordered', 'ada'],
        ['halt.ordered', 'ada'],
      ]);
    });

    test('leaves positions to the guard unless told to close them', async () => {
      const account = `kept-${suffix}`;
      const { broker } = await openHolding(account);
      const { exitCode } = await plimsoll(halt(account), await homeOf(account, reached));
      expect(exitCode).toBe(0);
      expect(await broker.openOrders()).toEqual([]);
      expect(await broker.positions()).toHaveLength(1);
    });
  },
);

describe('a halt', () => {
  test('MARKET_CLOSED: halts and cancels, and says that positions stay while nobody can close them', async () => {
    const account = 'closed-market';
    const { ledger, broker } = await openHolding(account);
    await venue.control.advance(account, { session: friday, phase: 'closed' });
    const asked = await plimsoll(halt(account, '--liquidate'), await homeOf(account, 'as Alpaca by address and keys'));
    expect(asked.exitCode).toBe(1);
    expect(JSON.parse(asked.error)).toMatchObject({
      error: { code: 'MARKET_CLOSED', details: { ledger: 'halted', broker: 'clear' } },
    });
    expect(await ledger.account(account)).toMatchObject({ state: 'halted' });
    expect(await broker.positions()).toHaveLength(1);
    expect(await ledger.orders(account, friday)).toEqual([]);
  });

  test('and the escalation after it close a position by the same order, which is sent once', async () => {
    const account = 'both-close';
    const { ledger, broker } = await openHolding(account);
    await ledger.tighten({ account, state: 'halted', reason: 'breaker', by: 'breaker' });
    const world = { ledger, brokerOf: () => broker };
    const planned = await planLiquidation(world, account);
    const home = await homeOf(account, 'as Alpaca by address and keys');
    const { out } = await plimsoll(halt(account, '--liquidate'), home);
    const { closing } = JSON.parse(out) as { readonly closing: readonly { readonly clientOrderId: string }[] };
    expect(closing.map(({ clientOrderId }) => clientOrderId)).toEqual(
      planned.map(({ clientOrderId }) => clientOrderId),
    );
    expect(await ledger.claim(planned[0]!)).toMatchObject({ kind: 'alreadyClaimed' });
    expect(await planLiquidation(world, account)).toEqual([]);
  });

  test('closes what a cancelled closing order left, under the next id, and follows one that still works', async () => {
    const account = 'close-again';
    const { ledger, broker } = await openHolding(account);
    await ledger.tighten({ account, state: 'halted', reason: 'breaker', by: 'breaker' });
    const world = { ledger, brokerOf: () => broker };
    const [first] = await planLiquidation(world, account);
    // A limit that nobody meets stands for a closing order that the venue keeps working.
    const works = { ...first!, kind: { kind: 'limit', limitPrice: money(9_000_000) } } as const;
    const claim = await ledger.claim(works);
    expect(claim.kind).toBe('claimed');
    const answer = await broker.submit(works);
    expect(answer.kind).toBe('accepted');
    expect(await planLiquidation(world, account)).toEqual([works]);
    const [open] = await broker.openOrders().then((orders) => orders.filter(({ side }) => side === 'sell'));
    await broker.cancel(open!.brokerOrderId);
    const [second] = await planLiquidation(world, account);
    expect(second).toEqual({ ...first, clientOrderId: first!.clientOrderId.replace(/-0$/, '-1') });
    expect(second?.quantity).toBe(shares(100));
  });

  test('CREDENTIALS_REFUSED: is not taken from whoever is no operator', async () => {
    const account = 'not-for-all';
    const { ledger } = await openHolding(account);
    const home = await homeOf(account, 'as Alpaca by address and keys');
    for (const environment of [
      { PLIMSOLL_REVIEWER: 'linus', PLIMSOLL_PASSWORD: password },
      { ...operator, PLIMSOLL_PASSWORD: 'guess' },
    ]) {
      const { exitCode, error } = await plimsoll(halt(account), home, environment);
      expect([exitCode, error]).toEqual([3, expect.stringContaining('CREDENTIALS_REFUSED')]);
    }
    expect(await ledger.account(account)).toMatchObject({ state: 'active' });
  });

  test('HALT_INCOMPLETE with PostgreSQL gone as well: orders are cancelled by whoever has the broker keys', async () => {
    const account = 'all-is-down';
    const { broker } = await openHolding(account);
    const gone = `postgresql://plimsoll@${nowhere}/plimsoll`;
    const home = await homeOf(account, 'as Alpaca by address and keys', gone);
    const { exitCode, error } = await plimsoll(halt(account, '--liquidate'), home);
    expect(exitCode).toBe(1);
    expect(error).toContain('ada is not checked, orders are cancelled at the broker');
    expect(error).toContain('HALT_INCOMPLETE');
    expect(await broker.openOrders()).toEqual([]);
    // No order is sent that was not written first.
    expect(await broker.positions()).toHaveLength(1);
  });
});
