import type { OpenOrder } from '#domain/checkedAccount.ts';
import { ExposureBook } from '#domain/exposureBook.ts';
import { checkTrade } from '#domain/limits.ts';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import type { PreTradeLimits } from '#domain/preTradeLimits.ts';
import type { Trade } from '#domain/rebalance.ts';
import { RandomSource } from '#models/randomSource.ts';

const [positions, openOrders] = [500, 200];
const price = moneyFromDollars(50);
const symbolOf = (index: number): string => `S${index}`;
const sectorOf = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, index) => [symbolOf(index), `sector ${index % 11}`]),
);

/** Every limit is set, and leaves room for some of what is asked. */
const limits: PreTradeLimits = {
  orderNotionalMax: moneyFromDollars(1_000_000),
  tradeRisk: { fractionMax: 0.02, stopLossFraction: 0.1 },
  positionFractionMax: 0.01,
  sectors: { fractionMax: 0.3, bySymbol: sectorOf },
  grossNotionalMax: moneyFromDollars(10_000_000),
  netFractionMax: 1,
  leverageMax: 1,
  turnoverFractionMax: 100,
  ordersPerSessionMax: 10_000_000,
  ordersPerMinuteMax: 10_000_000,
  dailyLossFractionMax: 0.05,
  drawdownFractionMax: 0.1,
  priceCollarFraction: 0.2,
  restricted: ['GME'],
};

/** What checks took. */
export interface PreTradePass {
  /** Shape [checks], microseconds, ascending. */
  readonly microseconds: Float64Array;
  readonly answers: Readonly<Record<'allowed' | 'reduced' | 'denied', number>>;
}

/** Checks random purchases on 500 positions and 200 open orders; each that is accepted is opened, and the oldest ends. */
export function checkPurchases(checks: number, seed: number): PreTradePass {
  const random = new RandomSource(seed, 1);
  const book = startingBook();
  const open = Array.from({ length: openOrders }, (_, index) => ({ symbol: symbolOf(index), id: `start${index}` }));
  const microseconds = new Float64Array(checks);
  const answers = { allowed: 0, reduced: 0, denied: 0 };
  for (let check = 0; check < checks; check += 1) {
    const trade: Trade = {
      symbol: symbolOf(random.integer(1_000)),
      side: 'buy',
      quantity: shares(1 + random.integer(2_500)),
      reduceOnly: false,
      referencePrice: price,
    };
    const order = { clientOrderId: `${check}`, symbol: trade.symbol, side: trade.side };
    const began = process.hrtime.bigint();
    const answer = checkTrade(trade, book, limits);
    if (answer.kind !== 'denied') {
      book.open({ ...order, quantity: answer.kind === 'reduced' ? answer.quantity : trade.quantity });
    }
    microseconds[check] = Number(process.hrtime.bigint() - began) / 1_000;
    answers[answer.kind] += 1;
    if (answer.kind === 'denied') continue;
    open.push({ symbol: trade.symbol, id: order.clientOrderId });
    const oldest = open.shift()!;
    book.end(oldest.symbol, oldest.id);
  }
  return { microseconds: microseconds.sort(), answers };
}

function startingBook(): ExposureBook {
  const held = Array.from({ length: positions }, (_, index) => [symbolOf(index), shares(200)] as const);
  const working = Array.from({ length: openOrders }, (_, index): OpenOrder => ({
    clientOrderId: `start${index}`,
    symbol: symbolOf(index),
    side: 'buy',
    quantity: shares(100),
  }));
  return new ExposureBook(
    {
      equity: moneyFromDollars(10_000_000),
      buyingPower: moneyFromDollars(5_000_000),
      state: 'active',
      positions: Object.fromEntries(held),
      grossExposure: moneyFromDollars(5_000_000),
      dayOpenEquity: moneyFromDollars(10_000_000),
      highWaterMark: moneyFromDollars(10_000_000),
      ordersToday: openOrders,
      ordersLastMinute: 0,
      turnoverToday: money(0),
      working,
      lastPrices: Object.fromEntries(Object.keys(sectorOf).map((symbol) => [symbol, price])),
      phase: 'open',
    },
    sectorOf,
  );
}
