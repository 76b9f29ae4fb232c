import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money, notional, shares } from '#domain/money.ts';
import { openOrders } from '#infra/paperExchange/accountState.ts';
import type { AccountState } from '#infra/paperExchange/accountState.ts';
import type { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { compareMarketTimes, marketPhases } from '#infra/paperExchange/marketTime.ts';
import type { MarketTime } from '#infra/paperExchange/marketTime.ts';
import { equity } from '#infra/paperExchange/valuation.ts';
import { openExchange, recording, removeExchange, terms } from './exchangeHarness.ts';

const slippedRates = { halfSpreadBasisPoints: 3, commissionBasisPoints: 2 } as const;

const times: readonly MarketTime[] = recording.sessions
  .slice(1)
  .flatMap((session) => marketPhases.map((phase) => ({ session, phase })));

type Step =
  | { readonly kind: 'advance'; readonly steps: number }
  | { readonly kind: 'cancel'; readonly nth: number }
  | {
      readonly kind: 'submit';
      readonly symbol: string;
      readonly side: 'buy' | 'sell';
      readonly quantity: number;
      readonly limit: number | undefined;
      readonly timeInForce: 'day' | 'opening' | 'closing';
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('advance' as const), steps: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(10) }),
  fc.record({
    kind: fc.constant('submit' as const),
    symbol: fc.constantFrom('AAPL', 'NVDA'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 15_000 }),
    limit: fc.option(fc.integer({ min: 35, max: 110 }), { nil: undefined }),
    timeInForce: fc.constantFrom('day' as const, 'opening' as const, 'closing' as const),
  }),
);

function perform(exchange: PaperExchange, steps: readonly Step[]): void {
  for (const action of steps) {
    const account = exchange.account('book') as AccountState;
    if (action.kind === 'advance') {
      const index = times.findIndex((time) => compareMarketTimes(time, account) === 0);
      exchange.advance('book', times[Math.min(index + action.steps, times.length - 1)] as MarketTime);
    } else if (action.kind === 'cancel') {
      exchange.cancel('book', [...account.orders.keys()][action.nth] ?? 'none');
    } else {
      const { symbol, side, timeInForce, limit } = action;
      const limitPrice = limit === undefined ? {} : { limitPrice: money(limit * 10_000) };
      exchange.submit('book', terms({ symbol, side, timeInForce, quantity: shares(action.quantity), ...limitPrice }));
    }
  }
}

describe('any course of orders, cancellations and market time', () => {
  test('cash and holdings are exactly what the executions say, and nothing is ever short', () => {
    withAnyCourse(({ exchange }) => {
      const account = exchange.account('book') as AccountState;
      let cash = 10_000_000_000;
      const held = new Map<string, number>();
      for (const execution of account.executions) {
        const order = account.orders.get(execution.orderId)?.accepted;
        if (order === undefined) throw new Error('an execution without an order');
        const sign = order.side === 'buy' ? 1 : -1;
        cash -= sign * notional(execution.price, execution.quantity) + execution.commission;
        held.set(order.symbol, (held.get(order.symbol) ?? 0) + sign * execution.quantity);
        expect(held.get(order.symbol)).toBeGreaterThanOrEqual(0);
      }
      expect(account.cash).toBe(cash);
      for (const [symbol, quantity] of held) expect(account.holdings.get(symbol)?.quantity ?? 0).toBe(quantity);
    });
  });

  test('no limit is traded through, no order overfilled, no session over its participation', () => {
    withAnyCourse(({ exchange }) => {
      const account = exchange.account('book') as AccountState;
      for (const { accepted, fills, filledQuantity } of account.orders.values()) {
        expect(filledQuantity).toBeLessThanOrEqual(accepted.quantity);
        for (const { price } of fills) {
          const limit = accepted.limitPrice ?? price;
          expect(accepted.side === 'buy' ? price <= limit : price >= limit).toBe(true);
        }
      }
      for (const session of recording.sessions) {
        for (const symbol of recording.symbols) {
          const traded = account.executions
            .filter((execution) => execution.session === session)
            .filter((execution) => account.orders.get(execution.orderId)?.accepted.symbol === symbol)
            .reduce((sum, { quantity }) => sum + quantity, 0);
          const volumes = [recording.bar(symbol, session)?.volume, recording.barBefore(symbol, session)?.volume];
          expect(traded).toBeLessThanOrEqual(0.1 * Math.max(...volumes.map((volume) => volume ?? 0)));
        }
      }
    });
  });

  test('an order is open only in or before the session it lives in', () => {
    withAnyCourse(({ exchange }) => {
      const account = exchange.account('book') as AccountState;
      const overdue = openOrders(account).filter(
        ({ accepted }) => compareMarketTimes({ session: accepted.session, phase: 'closed' }, account) <= 0,
      );
      expect(overdue).toEqual([]);
    });
  });

  test('an exchange opened again on its journal stands exactly where it stood', () => {
    withAnyCourse(({ exchange, home }) => {
      const before = structuredClone(exchange.account('book'));
      const worth = equity(exchange.account('book') as AccountState, recording);
      exchange.close();
      const again = openExchange({ home, rates: slippedRates, buyingPowerMultiple: 2 });
      expect(structuredClone(again.exchange.account('book'))).toEqual(before);
      expect(equity(again.exchange.account('book') as AccountState, recording)).toBe(worth);
      return again.exchange;
    });
  });
});

function withAnyCourse(
  check: (opened: { readonly exchange: PaperExchange; readonly home: string }) => PaperExchange | void,
): void {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const opened = openExchange({ rates: slippedRates, buyingPowerMultiple: 2 });
      perform(opened.exchange, steps);
      const replacement = check(opened);
      removeExchange({ home: opened.home, exchange: replacement ?? opened.exchange });
    }),
    { numRuns: 40 },
  );
}
