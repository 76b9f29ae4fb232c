import { expect, it } from 'vitest';
import { breakerProfiles } from '#domain/breaker.ts';
import { moneyFromDollars } from '#domain/money.ts';
import { barsOfRows, order, playScript, rowsOf } from './scripted.ts';

it('the order rate counts one moment of a session: before the open and after it are more than a minute apart', () => {
  const bars = ['A', 'B', 'C'].map((symbol) => barsOfRows(rowsOf(3, [10, 10, 10, 10]), { symbol }));
  const { orders } = playScript(
    bars,
    {
      beforeOpen: (desk) => void desk.submit([order(1), order(1, 'market', { symbol: 1 })]),
      afterOpen: (desk) => void desk.submit([order(1, 'market', { symbol: 2 })]),
    },
    {
      risk: {
        limits: {
          orderNotionalMax: moneyFromDollars(1_000),
          positionFractionMax: 1,
          leverageMax: 1,
          ordersPerSessionMax: 10,
          ordersPerMinuteMax: 1,
          priceCollarFraction: 0.2,
          restricted: [],
        },
        breaker: breakerProfiles.standard,
        restartAfterSessions: null,
      },
    },
  );
  const ofSecondSession = orders.slice(3, 6).map(({ symbol, state, denial }) => `${symbol} ${denial ?? state}`);
  expect(ofSecondSession).toEqual(['0 filled', '1 ORDER_RATE_OVER_LIMIT', '2 filled']);
});
