import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { AccountState } from '#infra/paperExchange/accountState.ts';
import { accountBody, calendarBody, clockBody, positionBody } from '#infra/paperExchange/wire.ts';
import { openExchange, recording, removeExchange, terms } from './exchangeHarness.ts';

const friday = sessionDate('2020-03-13');
const monday = sessionDate('2020-03-16');
const tuesday = sessionDate('2020-03-17');

describe('what the paper exchange prints', () => {
  let opened: ReturnType<typeof openExchange>;
  let account: AccountState;
  beforeEach(() => {
    opened = openExchange({ buyingPowerMultiple: 2 });
    account = opened.exchange.account('book') as AccountState;
  });
  afterEach(() => removeExchange(opened));

  test('an average entry price is of what was bought, and a sale leaves it alone', () => {
    opened.exchange.submit('book', terms({ timeInForce: 'opening' }));
    opened.exchange.submit('book', terms({ timeInForce: 'closing' }));
    opened.exchange.advance('book', { session: friday, phase: 'closed' });
    // 100 at the open of 102 and 100 at the close of 106, which is also the last price.
    const before = {
      qty: '200',
      avg_entry_price: '104',
      cost_basis: '20800',
      current_price: '106',
      unrealized_pl: '400',
    };
    expect(positionBody(account, 'AAPL', recording)).toMatchObject({
      ...before,
      lastday_price: '100',
      change_today: '0.06',
    });
    opened.exchange.submit('book', terms({ side: 'sell', quantity: shares(50) }));
    expect(positionBody(account, 'AAPL', recording)).toMatchObject({ qty: '200', qty_available: '150' });
    opened.exchange.advance('book', { session: monday, phase: 'open' });
    expect(positionBody(account, 'AAPL', recording)).toMatchObject({
      qty: '150',
      avg_entry_price: '104',
      cost_basis: '15600',
      current_price: '90',
      unrealized_pl: '-2100',
      unrealized_intraday_pl: '-2400',
    });
  });

  test('a sold-out position is gone, and the account is worth its cash', () => {
    opened.exchange.submit('book', terms({ timeInForce: 'opening' }));
    opened.exchange.advance('book', { session: friday, phase: 'open' });
    opened.exchange.submit('book', terms({ side: 'sell', timeInForce: 'closing' }));
    opened.exchange.advance('book', { session: friday, phase: 'closed' });
    expect(account.holdings.size).toBe(0);
    expect(accountBody(account, opened.exchange.market)).toMatchObject({
      cash: '1000400',
      equity: '1000400',
      last_equity: '1000000',
      long_market_value: '0',
      buying_power: '2000800',
    });
  });

  test('the calendar reaches one session beyond the own one and no further', () => {
    const dates = (start?: string, end?: string): unknown =>
      calendarBody(account, recording, { ...(start && { start }), ...(end && { end }) }).map(({ date }) => date);
    expect(dates()).toEqual(['2020-03-12', friday, monday]);
    expect(dates(friday, '2030-01-01')).toEqual([friday, monday]);
    expect(dates('2020-03-14', '2020-03-15')).toEqual([]);
  });

  test("the clock's next open and close are those to come, even after the last recorded session", () => {
    expect(clockBody(account, recording)).toEqual({
      timestamp: '2020-03-13T09:00:00-04:00',
      is_open: false,
      next_open: '2020-03-13T09:30:00-04:00',
      next_close: '2020-03-13T16:00:00-04:00',
    });
    opened.exchange.advance('book', { session: friday, phase: 'open' });
    expect(clockBody(account, recording)).toMatchObject({
      is_open: true,
      next_open: '2020-03-16T09:30:00-04:00',
      next_close: '2020-03-13T16:00:00-04:00',
    });
    opened.exchange.advance('book', { session: tuesday, phase: 'closed' });
    expect(clockBody(account, recording)).toMatchObject({
      timestamp: '2020-03-17T16:00:00-04:00',
      next_open: '2020-03-18T09:30:00-04:00',
    });
  });
});
