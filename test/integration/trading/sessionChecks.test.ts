import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { planOrders } from '#activities/planOrders.ts';
import { createSessionActivities } from '#activities/sessionActivities.ts';
import { tellBreaches } from '#activities/tellBreaches.ts';
import type { DecisionReference, SessionActivities, SessionWorld } from '#activities/sessionActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import { digestOf } from '#domain/sha256.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';
import { friday, monday } from '../paperExchange/recording.ts';
import { startTradingWorld, type TradingAccount, type TradingWorld } from './tradingWorld.ts';

let world: TradingWorld;
beforeAll(async () => {
  world = await startTradingWorld(inject('stack').postgres.url);
});
afterAll(() => world.stop());

function planOf(account: string, session: string, environment: Readonly<Record<string, string>> = {}): SessionPlan {
  const limits = tradingTermsOf(resolveSettings({ environment }).trading).limits;
  const targets = { kind: 'equalWeight', symbols: ['AAPL'] } as const;
  return { account, session, strategy: 'rule', targets, limits, waits: standardWaits.session };
}

/** The opening checks over the real ledger, which is all that they ask. */
const openings = ({ ledger }: TradingAccount): Pick<SessionActivities, 'openTradingSession'> =>
  createSessionActivities({ ledger } as SessionWorld);

describe('a session is not opened', () => {
  test('ACCOUNT_UNKNOWN: for an account that nobody opened', async () => {
    const account = await world.open('known');
    expect(await openings(account).openTradingSession(planOf('nobody', friday))).toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
  });

  test('ACCOUNT_HALTED: while its account is halted', async () => {
    const account = await world.open('halted');
    await account.ledger.tighten({ account: 'halted', state: 'halted', reason: 'too wild', by: 'ada' });
    expect(await openings(account).openTradingSession(planOf('halted', friday))).toEqual({
      kind: 'refused',
      code: 'ACCOUNT_HALTED',
      reason: 'too wild (ada)',
    });
  });

  test('SESSION_CLOSED: once it was traded and closed', async () => {
    const account = await world.open('closed');
    expect(await openings(account).openTradingSession(planOf('closed', friday))).toMatchObject({ kind: 'open' });
    await account.ledger.closeSession('closed', friday, { orders: 0 });
    expect(await openings(account).openTradingSession(planOf('closed', friday))).toMatchObject({
      code: 'SESSION_CLOSED',
    });
  });

  test('SESSION_PAST: once a later one of its account was opened', async () => {
    const account = await world.open('past');
    await account.ledger.openSession('past', monday);
    expect(await openings(account).openTradingSession(planOf('past', friday))).toMatchObject({
      code: 'SESSION_PAST',
      reason: expect.stringContaining(monday),
    });
  });
});

describe('the limits of the settings', () => {
  /** What became of a plan's only order: nothing where it was allowed, else the code it was denied or cut by. */
  async function answersTo(
    name: string,
    environment: Readonly<Record<string, string>>,
    regime?: DecisionReference['regime'],
  ): Promise<readonly string[]> {
    const { ledger, broker, audit } = await world.open(name);
    const plan = planOf(name, friday, environment);
    const decision = { decisionId: name, source: 'rule', targets: { AAPL: 0.1 }, ...(regime && { regime }) };
    const by = { model: 'rule', modelVersion: '1', artifactDigest: '', inputsDigest: digestOf(decision) } as const;
    await ledger.recordDecision({ decisionId: name, account: name, session: friday, ...by, body: {} });
    const { orders, denied, reduced } = await planOrders({ ledger, audit, brokerOf: () => broker }, plan, decision);
    expect(orders.length + denied).toBe(1);
    const records = await audit.records({ subject: `account:${name}` });
    const reductions = records.filter(({ action }) => action === 'order.reduced').map(({ body }) => body);
    expect(reductions).toHaveLength(reduced);
    for (const body of reductions) {
      expect(body['quantity']).toBe(orders[0]!.quantity);
      expect(body['asked']).toBeGreaterThan(orders[0]!.quantity);
    }
    const denials = (await ledger.orders(name, friday)).flatMap(({ denial }) =>
      denial ? [`denied ${denial.code}`] : [],
    );
    return [...denials, ...reductions.map(({ code }) => `reduced ${String(code)}`)];
  }

  test('let an ordinary order through', async () => {
    const environment = { PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000' };
    expect(await answersTo('ordinary', environment)).toEqual([]);
  });

  test('shrink with the volatility regime that the decision was made in, and stay where it looked at no market', async () => {
    const environment = {
      PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
      PLIMSOLL_TRADING__REGIMES__CRISIS__EXPOSURE_FRACTION: '0.25',
    };
    expect(await answersTo('calm', environment, 'calm')).toEqual([]);
    expect(await answersTo('crisis', environment, 'crisis')).toEqual(['reduced POSITION_OVER_LIMIT']);
    expect(await answersTo('unknown', environment, 'unknown')).toEqual(['reduced POSITION_OVER_LIMIT']);
    expect(await answersTo('no-market', environment)).toEqual([]);
  });

  test.each([
    ['denied RESTRICTED_SYMBOL', 'RESTRICTED_SYMBOLS', '[GME, AAPL]'],
    ['denied ORDER_NOTIONAL_OVER_LIMIT', 'ORDER_NOTIONAL_MAX_DOLLARS', '1000'],
    ['reduced POSITION_OVER_LIMIT', 'POSITION_FRACTION_MAX', '0.05'],
    ['reduced LEVERAGE_OVER_LIMIT', 'LEVERAGE_MAX', '0.05'],
    ['reduced TRADE_RISK_OVER_LIMIT', 'TRADE_RISK_FRACTION_MAX', '0.002'],
    ['reduced GROSS_OVER_LIMIT', 'GROSS_NOTIONAL_MAX_DOLLARS', '20000'],
    ['reduced NET_OVER_LIMIT', 'NET_FRACTION_MAX', '0.05'],
    ['reduced TURNOVER_OVER_LIMIT', 'TURNOVER_FRACTION_MAX', '0.05'],
  ])('answer %s by %s', async (code, setting, value) => {
    const environment = {
      PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
      PLIMSOLL_TRADING__LIMITS__POSITION_FRACTION_MAX: '1',
      [`PLIMSOLL_TRADING__LIMITS__${setting}`]: value,
    };
    const answers = await answersTo(`limit-${setting.slice(0, 5).toLowerCase().replace('_', '-')}`, environment);
    expect(answers).toEqual([code]);
  });

  test('count orders within the last minute, not all of the session', async () => {
    const account = await world.open('rate');
    const { ledger, broker, audit, database } = account;
    await account.activities.submitOrder(account.intent({ symbol: 'NVDA' }));
    const plan = planOf('rate', friday, {
      PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
      PLIMSOLL_TRADING__LIMITS__ORDERS_PER_MINUTE_MAX: '1',
    });
    const plans = async (strategy: string): Promise<number> => {
      const decision = { decisionId: `rate-${strategy}`, source: 'rule', targets: { AAPL: 0.1 } };
      const by = { model: 'rule', modelVersion: '1', artifactDigest: '', inputsDigest: digestOf(decision) } as const;
      const { decisionId } = decision;
      await ledger.recordDecision({ decisionId, account: 'rate', session: friday, ...by, body: {} });
      return (await planOrders({ ledger, audit, brokerOf: () => broker }, { ...plan, strategy }, decision)).orders
        .length;
    };
    expect(await ledger.ordersClaimedWithin('rate', 60_000)).toBe(1);
    expect(await plans('hasty')).toBe(0);
    const denials = (await ledger.orders('rate', friday)).flatMap(({ denial }) => (denial ? [denial.code] : []));
    expect(denials).toEqual(['ORDER_RATE_OVER_LIMIT']);
    await database.query(`UPDATE orders SET claimed_at = claimed_at - interval '61 seconds' WHERE account = 'rate'`);
    expect(await ledger.ordersClaimedWithin('rate', 60_000)).toBe(0);
    expect(await plans('patient')).toBe(1);
  });

  test('are held against the account after its fills too, and a breach is told once', async () => {
    const account = await world.open('breaching');
    await account.activities.submitOrder(account.intent());
    world.exchange().advance('breaching', { session: friday, phase: 'open' });
    const { ledger, broker, audit } = account;
    const plan = planOf('breaching', friday, { PLIMSOLL_TRADING__LIMITS__POSITION_FRACTION_MAX: '0.00001' });
    const told = (seen = plan) => tellBreaches({ ledger, audit, brokerOf: () => broker }, seen);
    expect(await told()).toMatchObject([{ code: 'POSITION_OVER_LIMIT', of: 'AAPL' }]);
    await told();
    // A later look finds other figures: the first one's stand.
    const later = planOf('breaching', friday, { PLIMSOLL_TRADING__LIMITS__POSITION_FRACTION_MAX: '0.00002' });
    expect(await told(later)).toMatchObject([{ code: 'POSITION_OVER_LIMIT', limit: '0.00002' }]);
    const records = await audit.records({ subject: 'account:breaching' });
    expect(records.filter(({ action }) => action === 'limit.breached')).toHaveLength(1);
    expect(await tellBreaches({ ledger, audit, brokerOf: () => broker }, planOf('breaching', friday))).toEqual([]);
  });
});
