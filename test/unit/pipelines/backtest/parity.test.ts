import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { money, moneyFromDollars } from '#domain/money.ts';
import { openingAuctionRules, rebalance } from '#domain/rebalance.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { parseRecordedBars } from '#infra/paperExchange/recordedBars.ts';
import { backtest } from '#pipelines/backtest.ts';
import { sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { barsAsCsv, randomBars } from '../randomBars.ts';

const dates = sessionsBetween(sessionDate('2020-01-02'), sessionDate('2020-03-06'));
const names = ['A', 'B', 'C'];
const rates = { halfSpreadBasisPoints: 3, commissionBasisPoints: 2 };
const cash = moneyFromDollars(1_000_000);

it('the paper exchange gives the same orders and the same money as the backtest, session by session', () => {
  const bars = names.map((name, index) => randomBars(name, dates, 90 + index));
  const targets = (row: number) =>
    Object.fromEntries(names.map((name, index) => [name, ((row * 7 + index * 5) % 11) / 40]));
  const played = backtest({
    bars,
    sessions: dates.slice(1),
    targetsBefore: (session) => targets(dates.indexOf(session)),
    cash,
    rules: openingAuctionRules,
    rates,
    dividends: 'credited',
  });
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-parity-'));
  const exchange = new PaperExchange({
    journalPath: path.join(home, 'journal.jsonl'),
    bars: parseRecordedBars(barsAsCsv(bars)),
    rules: { participationFraction: 1, rates },
    buyingPowerMultiple: 2,
  });
  try {
    exchange.openAccount({ account: 'book', cash, firstSession: dates[1]! });
    const [orders, equities]: [string[], number[]] = [[], []];
    for (const [row, session] of dates.entries()) {
      if (row === 0) continue;
      exchange.advance('book', { session, phase: 'beforeOpen' });
      const state = exchange.account('book')!;
      const prices = Object.fromEntries(bars.map(({ symbol, close }) => [symbol, moneyFromDollars(close[row - 1]!)]));
      const positions = Object.fromEntries([...state.holdings].map(([symbol, { quantity }]) => [symbol, quantity]));
      const worth = [...state.holdings].reduce((sum, [symbol, { quantity }]) => sum + quantity * prices[symbol]!, 0);
      const holdings = { equity: money(state.cash + worth), cash: state.cash, positions, prices };
      for (const { symbol, side, quantity } of rebalance(targets(row), holdings, openingAuctionRules)) {
        orders.push(`${session} ${side} ${quantity} ${symbol}`);
        const answer = exchange.submit('book', {
          clientOrderId: `${row}-${symbol}`,
          symbol,
          side,
          quantity,
          timeInForce: 'opening',
        });
        expect(answer).toHaveProperty('accepted');
      }
      exchange.advance('book', { session, phase: 'closed' });
      const closed = exchange.account('book')!;
      equities.push(
        [...closed.holdings].reduce((sum, [symbol, { quantity }]) => {
          const one = bars[names.indexOf(symbol)]!;
          return sum + quantity * moneyFromDollars(one.close[row]!);
        }, Number(closed.cash)),
      );
    }
    expect(
      played.orders.map(({ decidedIn, side, quantity, symbol }) => `${decidedIn} ${side} ${quantity} ${names[symbol]}`),
    ).toEqual(orders);
    expect(orders.length).toBeGreaterThan(60);
    expect(played.equity).toEqual(equities);
  } finally {
    exchange.close();
    rmSync(home, { recursive: true });
  }
});
