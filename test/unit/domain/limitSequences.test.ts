import { describe, expect, it } from 'vitest';
import type { CheckedAccount, OpenOrder } from '#domain/checkedAccount.ts';
import { ExposureBook } from '#domain/exposureBook.ts';
import { breachesOf, checkTrade, type TradeAnswer } from '#domain/limits.ts';
import { money, shares, type Money } from '#domain/money.ts';
import type { PreTradeLimits } from '#domain/preTradeLimits.ts';
import type { Trade } from '#domain/rebalance.ts';
import { RandomSource } from '#models/randomSource.ts';

const symbols = ['A', 'B', 'C', 'D'] as const;
const sectorOf = { A: 'x', B: 'x', C: 'y' } as const;
const sequences = 100_000;
const stepsMax = 10;

interface Start {
  readonly account: CheckedAccount;
  readonly limits: PreTradeLimits;
  readonly prices: Readonly<Record<string, Money>>;
}

function startOf(random: RandomSource): Start {
  const prices = Object.fromEntries(symbols.map((symbol) => [symbol, money(1 + random.integer(2_000_000))]));
  const equity = money(1 + random.integer(2_000_000_000));
  const part = (): number => random.integer(1_001) / 1_000;
  const limits: PreTradeLimits = {
    orderNotionalMax: money(random.integer(2_000_000_000)),
    tradeRisk: { fractionMax: part() / 10, stopLossFraction: 0.05 + part() / 2 },
    positionFractionMax: part(),
    sectors: { fractionMax: part(), bySymbol: sectorOf },
    grossNotionalMax: money(random.integer(2_000_000_000)),
    netFractionMax: part(),
    leverageMax: 2 * part(),
    turnoverFractionMax: 2 * part(),
    ordersPerSessionMax: random.integer(stepsMax + 1),
    ordersPerMinuteMax: random.integer(stepsMax + 1),
    priceCollarFraction: 0.1,
    restricted: [],
  };
  const account: CheckedAccount = {
    equity,
    buyingPower: equity,
    state: 'active',
    positions: {},
    grossExposure: money(0),
    dayOpenEquity: equity,
    highWaterMark: equity,
    ordersToday: 0,
    ordersLastMinute: 0,
    turnoverToday: money(0),
    working: [],
    lastPrices: prices,
    phase: 'open',
  };
  return { account, limits, prices };
}

/** The account counted anew from what happened, without any sum that is kept. */
class Ledger {
  readonly held: Record<string, number> = {};
  readonly open = new Map<string, OpenOrder & { left: number }>();
  cash: number;
  turnover = 0;
  orders = 0;
  private readonly start: Start;

  constructor(start: Start) {
    this.start = start;
    this.cash = start.account.equity;
  }

  fill(id: string, quantity: number): void {
    const order = this.open.get(id)!;
    const sign = order.side === 'buy' ? 1 : -1;
    const amount = quantity * this.start.prices[order.symbol]!;
    this.held[order.symbol] = (this.held[order.symbol] ?? 0) + sign * quantity;
    this.cash -= sign * amount;
    this.turnover += amount;
    order.left -= quantity;
    if (order.left === 0) this.open.delete(id);
  }

  /** The limits that this account is over; the test's own arithmetic. */
  overs(): readonly string[] {
    const { account, limits, prices } = this.start;
    const { equity } = account;
    const value = (symbol: string): number => (this.held[symbol] ?? 0) * prices[symbol]!;
    const gross = symbols.reduce((sum, symbol) => sum + value(symbol), 0);
    const inSector = (sector: string): number =>
      symbols.reduce((sum, one) => sum + ((sectorOf as Record<string, string>)[one] === sector ? value(one) : 0), 0);
    const found: readonly (readonly [string, boolean])[] = [
      ['short', symbols.some((symbol) => (this.held[symbol] ?? 0) < 0)],
      ['position', symbols.some((symbol) => value(symbol) / equity > limits.positionFractionMax)],
      ['sector', ['x', 'y'].some((sector) => inSector(sector) / equity > limits.sectors!.fractionMax)],
      ['gross', gross > limits.grossNotionalMax!],
      ['net', gross / equity > limits.netFractionMax!],
      ['leverage', gross / equity > limits.leverageMax],
      ['turnover', this.turnover / equity > limits.turnoverFractionMax!],
      ['cash', this.cash < 0],
      ['orders', this.orders > Math.min(limits.ordersPerSessionMax, limits.ordersPerMinuteMax!)],
    ];
    return found.flatMap(([name, over]) => (over ? [name] : []));
  }
}

function tradeOf(random: RandomSource, { prices, account }: Start, ledger: Ledger): Trade {
  const symbol = symbols[random.integer(symbols.length)]!;
  const held = ledger.held[symbol] ?? 0;
  const sells = held > 0 && random.uniform() < 0.4;
  const affordable = Math.ceil((account.equity / prices[symbol]!) * 1.5);
  return {
    symbol,
    side: sells ? 'sell' : 'buy',
    quantity: shares(1 + random.integer(sells ? held : Math.max(1, affordable))),
    reduceOnly: sells,
    referencePrice: prices[symbol]!,
  };
}

/** Fills, in part or whole, or ends some open orders. */
function venueActs(
  random: RandomSource,
  { prices }: Start,
  { book, ledger }: { readonly book: ExposureBook; readonly ledger: Ledger },
): void {
  for (const [id, { symbol, side, left }] of ledger.open) {
    const chance = random.uniform();
    if (chance < 0.4) {
      const quantity = 1 + random.integer(left);
      book.fill(id, { symbol, side, quantity: shares(quantity), price: prices[symbol]! });
      ledger.fill(id, quantity);
    } else if (chance < 0.5) {
      book.end(symbol, id);
      ledger.open.delete(id);
    }
  }
}

function quantityOf(answer: TradeAnswer, trade: Trade): number {
  return answer.kind === 'denied' ? 0 : answer.kind === 'reduced' ? answer.quantity : trade.quantity;
}

describe('sequences of orders', () => {
  it(`of ${sequences} at random, none that was accepted ends over a limit, whatever fills and whatever does not`, () => {
    const random = new RandomSource(7, 1);
    const broken: object[] = [];
    const answers = { allowed: 0, reduced: 0, denied: 0 };
    for (let sequence = 0; sequence < sequences; sequence += 1) {
      const start = startOf(random);
      const book = new ExposureBook(start.account, sectorOf);
      const ledger = new Ledger(start);
      for (let step = random.integer(stepsMax) + 1; step > 0; step -= 1) {
        const trade = tradeOf(random, start, ledger);
        const answer = checkTrade(trade, book, start.limits);
        answers[answer.kind] += 1;
        const quantity = quantityOf(answer, trade);
        if (quantity > 0) {
          const order = { ...trade, clientOrderId: `${step}`, quantity: shares(quantity) };
          book.open(order);
          ledger.open.set(order.clientOrderId, { ...order, left: quantity });
          ledger.orders += 1;
        }
        venueActs(random, start, { book, ledger });
      }
      // The worst end: every purchase fills, and no sale does.
      for (const [id, { side, left }] of ledger.open) if (side === 'buy') ledger.fill(id, left);
      // What reduces is never refused for what it turns over: the next test looks at that limit.
      const overs = ledger.overs().filter((name) => name !== 'turnover');
      if (overs.length > 0) broken.push({ sequence, start, held: ledger.held, overs });
    }
    expect(broken).toEqual([]);
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(sequences / 5);
  }, 300_000);

  it('without sales never turn over more than allowed, and keep sums equal to those counted anew', () => {
    const random = new RandomSource(8, 1);
    for (let sequence = 0; sequence < 5_000; sequence += 1) {
      const start = startOf(random);
      const book = new ExposureBook(start.account, sectorOf);
      const ledger = new Ledger(start);
      for (let step = stepsMax; step > 0; step -= 1) {
        const trade = tradeOf(random, start, ledger);
        if (trade.side === 'sell') continue;
        const quantity = quantityOf(checkTrade(trade, book, start.limits), trade);
        if (quantity === 0) continue;
        const order = { ...trade, clientOrderId: `${step}`, quantity: shares(quantity) };
        book.open(order);
        ledger.open.set(order.clientOrderId, { ...order, left: quantity });
        ledger.orders += 1;
        venueActs(random, start, { book, ledger });
      }
      for (const [id, { symbol, side, left }] of ledger.open) {
        book.fill(id, { symbol, side, quantity: shares(left), price: start.prices[symbol]! });
        ledger.fill(id, left);
      }
      expect(ledger.overs()).toEqual([]);
      expect(breachesOf(book, start.limits)).toEqual([]);
      const gross = symbols.reduce((sum, symbol) => sum + (ledger.held[symbol] ?? 0) * start.prices[symbol]!, 0);
      expect([book.gross, book.net, book.spendable, book.turnover]).toEqual([
        gross,
        gross,
        ledger.cash,
        ledger.turnover,
      ]);
    }
  });
});

describe('an answer', () => {
  it('never leaves more for a larger order, a narrower limit or a fuller account, and is the same when asked again', () => {
    const random = new RandomSource(9, 1);
    for (let round = 0; round < 2_000; round += 1) {
      const start = startOf(random);
      const limits = { ...start.limits, orderNotionalMax: money(Number.MAX_SAFE_INTEGER) };
      const left = (quantity: number, within: PreTradeLimits, already = 0): number => {
        const book = new ExposureBook(start.account, sectorOf);
        const price = start.prices['A']!;
        if (already > 0)
          book.settle({ symbol: 'B', side: 'buy', quantity: shares(already), price: start.prices['B']! });
        const trade = {
          symbol: 'A',
          side: 'buy',
          quantity: shares(quantity),
          reduceOnly: false,
          referencePrice: price,
        } as const;
        const answer = checkTrade(trade, book, within);
        expect(checkTrade(trade, book, within)).toEqual(answer);
        return quantityOf(answer, trade);
      };
      const asked = 1 + random.integer(100_000);
      const most = left(asked, limits);
      const larger = asked + 1 + random.integer(1_000);
      // What a limit leaves does not depend on what was asked for.
      expect(Math.min(asked, left(larger, limits))).toBe(most);
      expect(left(Math.max(1, most), limits)).toBe(most);
      expect(left(asked, { ...limits, leverageMax: limits.leverageMax / 2 })).toBeLessThanOrEqual(most);
      expect(left(asked, { ...limits, positionFractionMax: limits.positionFractionMax / 2 })).toBeLessThanOrEqual(most);
      expect(left(asked, limits, 1 + random.integer(100))).toBeLessThanOrEqual(most);
    }
  }, 120_000);
});
