import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { planOrders } from '#activities/planOrders.ts';
import { createSessionActivities } from '#activities/sessionActivities.ts';
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
  /** The denials of a plan's only order; empty where it was allowed. */
  async function denialsOf(
    name: string,
    environment: Readonly<Record<string, string>>,
    regime?: DecisionReference['regime'],
  ): Promise<readonly string[]> {
    const { ledger, broker } = await world.open(name);
    const plan = planOf(name, friday, environment);
    const decision = { decisionId: name, source: 'rule', targets: { AAPL: 0.1 }, ...(regime && { regime }) };
    const by = { model: 'rule', modelVersion: '1', artifactDigest: '', inputsDigest: digestOf(decision) } as const;
    await ledger.recordDecision({ decisionId: name, account: name, session: friday, ...by, body: {} });
    const { orders, denied } = await planOrders({ ledger, brokerOf: () => broker }, plan, decision);
    expect(orders.length + denied).toBe(1);
    return (await ledger.orders(name, friday)).flatMap(({ denial }) => (denial ? [denial.code] : []));
  }

  test('let an ordinary order through', async () => {
    const environment = { PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000' };
    expect(await denialsOf('ordinary', environment)).toEqual([]);
  });

  test('shrink with the volatility regime that the decision was made in, and stay where it looked at no market', async () => {
    const environment = {
      PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
      PLIMSOLL_TRADING__REGIMES__CRISIS__EXPOSURE_FRACTION: '0.25',
    };
    expect(await denialsOf('calm', environment, 'calm')).toEqual([]);
    expect(await denialsOf('crisis', environment, 'crisis')).toEqual(['POSITION_OVER_LIMIT']);
    expect(await denialsOf('unknown', environment, 'unknown')).toEqual(['POSITION_OVER_LIMIT']);
    expect(await denialsOf('no-market', environment)).toEqual([]);
  });

  test.each([
    ['RESTRICTED_SYMBOL', 'RESTRICTED_SYMBOLS', '[GME, AAPL]'],
    ['ORDER_NOTIONAL_OVER_LIMIT', 'ORDER_NOTIONAL_MAX_DOLLARS', '1000'],
    ['POSITION_OVER_LIMIT', 'POSITION_FRACTION_MAX', '0.05'],
    ['LEVERAGE_OVER_LIMIT', 'LEVERAGE_MAX', '0.05'],
  ])('deny with %s by %s', async (code, setting, value) => {
    const environment = {
      PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
      PLIMSOLL_TRADING__LIMITS__POSITION_FRACTION_MAX: '1',
      [`PLIMSOLL_TRADING__LIMITS__${setting}`]: value,
    };
    const denials = await denialsOf(`limit-${setting.slice(0, 5).toLowerCase()}`, environment);
    expect(denials).toEqual([code]);
  });
});
