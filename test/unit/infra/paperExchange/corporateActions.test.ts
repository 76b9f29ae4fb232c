import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { closeMs } from '#domain/calendar.ts';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { activitiesOf } from '#infra/paperExchange/activityBodies.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { marketTimeMs } from '#infra/paperExchange/marketTime.ts';
import { parseRecordedBars } from '#infra/paperExchange/recordedBars.ts';
import { equity } from '#infra/paperExchange/valuation.ts';
import { calendarBody, clockBody } from '#infra/paperExchange/wire.ts';
import { terms } from './exchangeHarness.ts';

const wednesday = sessionDate('2019-11-27');
const halfDay = sessionDate('2019-11-29');
const monday = sessionDate('2019-12-02');

// Wednesday, the half day after Thanksgiving, Monday. TT splits 3 for 2 on the half day and pays 1.5 percent of its
// close, 30 cents a new share, on Monday; PAY pays a dollar on the half day. BOTH splits 2 for 1 and pays 30 cents a new
// share on the half day.
const rows = [
  'PAY,2019-11-26,100,100,100,100,1000000,99,',
  'PAY,2019-11-27,100,100,100,100,1000000,99,',
  'PAY,2019-11-29,99,99,99,99,1000000,99,',
  'PAY,2019-12-02,99,99,99,99,1000000,99,',
  'TT,2019-11-26,30,30,30,30,1000000,19.7,',
  'TT,2019-11-27,30,30,30,30,1000000,19.7,',
  'TT,2019-11-29,20,20,20,20,1000000,19.7,3/2',
  'TT,2019-12-02,20,20,20,20,1000000,20,',
  'BOTH,2019-11-26,30,30,30,30,1000000,14.7,',
  'BOTH,2019-11-27,30,30,30,30,1000000,14.7,',
  'BOTH,2019-11-29,14.7,14.7,14.7,14.7,1000000,14.7,2/1',
  'BOTH,2019-12-02,14.7,14.7,14.7,14.7,1000000,14.7,',
];
const bars = parseRecordedBars(['symbol,date,open,high,low,close,volume,adjusted,split', ...rows].join('\n'));

function withExchange(work: (exchange: PaperExchange, reopened: () => PaperExchange) => void): void {
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-actions-'));
  const open = (): PaperExchange =>
    new PaperExchange({
      journalPath: path.join(home, 'journal.jsonl'),
      bars,
      rules: { participationFraction: 0.1, rates: { halfSpreadBasisPoints: 0, commissionBasisPoints: 5 } },
      buyingPowerMultiple: 1,
    });
  const exchange = open();
  exchange.openAccount({ account: 'book', cash: money(1_000_000_000), firstSession: wednesday });
  const opened = [exchange];
  const reopened = (): PaperExchange => {
    opened.push(open());
    return opened.at(-1) ?? exchange;
  };
  work(exchange, reopened);
  for (const one of opened) one.close();
  rmSync(home, { recursive: true, force: true });
}

const held = (exchange: PaperExchange) => exchange.account('book');

describe('corporate actions at the paper exchange', () => {
  test('a dividend is credited on its ex-date to who held the shares at the close before', () =>
    withExchange((exchange) => {
      exchange.submit('book', terms({ symbol: 'PAY' }));
      exchange.advance('book', { session: wednesday, phase: 'closed' });
      const before = held(exchange)?.cash ?? 0;
      exchange.advance('book', { session: halfDay, phase: 'beforeOpen' });
      expect((held(exchange)?.cash ?? 0) - before).toBe(100 * 10_000);
      // Bought on the ex-date: too late.
      exchange.submit('book', terms({ symbol: 'PAY' }));
      exchange.advance('book', { session: monday, phase: 'closed' });
      const paid = held(exchange)?.corporateActions.filter(({ kind }) => kind === 'dividendPaid');
      expect(paid).toHaveLength(1);
    }));

  test('a split multiplies the shares, pays the fraction out, and leaves equity as it was', () =>
    withExchange((exchange, reopened) => {
      exchange.submit('book', terms({ symbol: 'TT', quantity: shares(101) }));
      exchange.advance('book', { session: wednesday, phase: 'closed' });
      const waiting = exchange.submit('book', terms({ symbol: 'TT', side: 'sell', quantity: shares(1) }));
      const state = held(exchange);
      const before = state && equity(state, bars);
      exchange.advance('book', { session: halfDay, phase: 'beforeOpen' });
      expect(state?.holdings.get('TT')).toEqual({ quantity: 151, cost: moneyFromDollars(101 * 30) });
      // 151.5 new shares: half of one is paid at 20 dollars.
      expect(state?.corporateActions).toMatchObject([{ kind: 'sharesSplit', cashInLieu: 100_000 }]);
      expect(state && equity(state, bars)).toBe(before);
      expect('accepted' in waiting && state?.orders.get(waiting.accepted.orderId)?.ended?.status).toBe('canceled');
      exchange.advance('book', { session: monday, phase: 'beforeOpen' });
      expect(state?.corporateActions[1]).toMatchObject({ kind: 'dividendPaid', cash: 151 * 3_000 });
      // What a crash leaves, the journal, says the same.
      const again = reopened().account('book');
      expect(again?.cash).toBe(state?.cash);
      expect([...(again?.holdings ?? [])]).toEqual([...(state?.holdings ?? [])]);
    }));

  test('activities tell executions, their commissions, splits and dividends, oldest first', () =>
    withExchange((exchange) => {
      exchange.submit('book', terms({ symbol: 'TT', quantity: shares(100) }));
      exchange.advance('book', { session: monday, phase: 'beforeOpen' });
      const state = held(exchange);
      const told = state ? activitiesOf(state) : [];
      expect(told.map(({ activityType }) => activityType)).toEqual(['FILL', 'FEE', 'SPLIT', 'DIV']);
      expect(told[1]?.body).toMatchObject({ net_amount: '-1.5', group_id: told[0]?.id, activity_sub_type: 'COM' });
      expect(told[2]?.body).toMatchObject({ qty: '50', net_amount: '0', activity_sub_type: 'FSPLIT', date: halfDay });
      expect(told[3]?.body).toMatchObject({ qty: '150', net_amount: '45', per_share_amount: '0.3', date: monday });
    }));

  test('a dividend of the day of a split is paid for the new shares', () =>
    withExchange((exchange) => {
      exchange.submit('book', terms({ symbol: 'BOTH', quantity: shares(100) }));
      exchange.advance('book', { session: halfDay, phase: 'beforeOpen' });
      const state = held(exchange);
      const told = state ? activitiesOf(state) : [];
      expect(told.map(({ activityType }) => activityType)).toEqual(['FILL', 'FEE', 'SPLIT', 'DIV']);
      expect(told[3]?.body).toMatchObject({ qty: '200', net_amount: '60', per_share_amount: '0.3' });
    }));

  test('a split that is not two numbers is refused, naming the line', () =>
    expect(() => parseRecordedBars('symbol,date,open,high,low,close,volume,split\nA,2019-11-27,1,1,1,1,1,2:1')).toThrow(
      /line 2 .* 2:1/,
    ));
});

describe('half days at the paper exchange', () => {
  test('close at 13:00 in New York, and the calendar and the clock say so', () => {
    const one = '2019-11-29T18:00:00.000Z';
    expect(new Date(marketTimeMs({ session: halfDay, phase: 'closed' })).toISOString()).toBe(one);
    expect(closeMs(halfDay)).toBe(Date.parse(one));
    const now = { session: halfDay, phase: 'open' } as const;
    expect(clockBody(now, bars)).toMatchObject({ is_open: true, next_close: '2019-11-29T13:00:00-05:00' });
    expect(calendarBody(now, bars, {}).map(({ close, session_close: late }) => [close, late])).toEqual([
      ['16:00', '2000'],
      ['16:00', '2000'],
      ['13:00', '1700'],
      ['16:00', '2000'],
    ]);
  });
});
