import { z } from 'zod';
import type { Quote, Trade } from '#domain/marketEvents.ts';
import type { TradeCondition } from '#domain/tradeConditions.ts';
import { saleConditionsOfLetters } from '../sip/saleLetters.ts';
import { tapeOf, type IbkrStock } from './ibkrContracts.ts';
import { TwsUnreadable } from './twsRequests.ts';

/** Ticks carry whole seconds, in history and live alike. */
const secondMs = 1_000;
/** Nobody trades stocks before; a smaller stamp is no time. */
const firstSecond = 315_532_800;

const seconds = z.int().min(firstSecond);
const price = z.number().positive();
const shares = z.number().min(0);
// A side without a quote is told as price 0 or -1, its size then means nothing.
const side = z.number().min(-1);

const printSchema = z.object({
  time: seconds,
  price,
  size: shares,
  exchange: z.string(),
  specialConditions: z.string(),
  tickAttribLast: z.object({ pastLimit: z.boolean().optional(), unreported: z.boolean().optional() }),
});
const quoteSchema = z.object({
  time: seconds,
  priceBid: side,
  priceAsk: side,
  sizeBid: shares.default(0),
  sizeAsk: shares.default(0),
});

type Print = z.infer<typeof printSchema>;
type QuoteTick = z.infer<typeof quoteSchema>;

/** Live messages: request, kind, time, price, size, attributes, exchange, conditions. */
const livePrintSchema = z.tuple([
  z.number(),
  z.literal([1, 2]),
  z.string().regex(/^\d+$/),
  price,
  shares,
  printSchema.shape.tickAttribLast,
  z.string(),
  z.string(),
]);
/** Request, time, bid, ask, their sizes. */
const liveQuoteSchema = z.tuple(
  [z.number(), z.string().regex(/^\d+$/), side, side, shares.default(0), shares.default(0)],
  z.unknown(),
);

/** Where ticks belong. */
export interface TickContext {
  readonly stock: IbkrStock;
  /** Our clock when they came in. */
  readonly receivedMs: number;
}

/** Trades of one answer. @throws TwsUnreadable for a surprise */
export function tradesOf(ticks: unknown, context: TickContext): readonly Trade[] {
  return readAll(printSchema, ticks).map((print) => tradeOf(print, context));
}

/** Quotes of one answer. @throws TwsUnreadable for a surprise */
export function quotesOf(ticks: unknown, context: TickContext): readonly Quote[] {
  return readAll(quoteSchema, ticks).map((quote) => quoteOf(quote, context));
}

/** A live trade. @throws TwsUnreadable for a surprise */
export function liveTrade(args: readonly unknown[], context: TickContext): Trade {
  const [, , time, at, size, tickAttribLast, exchange, specialConditions] = read(livePrintSchema, args);
  return tradeOf({ time: stamp(time), price: at, size, tickAttribLast, exchange, specialConditions }, context);
}

/** A live quote. @throws TwsUnreadable for a surprise */
export function liveQuote(args: readonly unknown[], context: TickContext): Quote {
  const [, time, priceBid, priceAsk, sizeBid, sizeAsk] = read(liveQuoteSchema, args);
  return quoteOf({ time: stamp(time), priceBid, priceAsk, sizeBid, sizeAsk }, context);
}

function tradeOf(print: Print, { stock, receivedMs }: TickContext): Trade {
  return {
    kind: 'trade',
    symbol: stock.symbol,
    venueMs: print.time * secondMs,
    receivedMs,
    price: print.price,
    size: print.size,
    exchange: print.exchange,
    conditions: conditionsOf(print, stock),
    tradeId: null,
  };
}

/** The letters of the tapes; what the vendor marks as never reported to a tape sets no price. */
function conditionsOf({ specialConditions, tickAttribLast }: Print, stock: IbkrStock): readonly TradeCondition[] {
  const known = saleConditionsOfLetters(specialConditions.split(''), tapeOf(stock));
  return tickAttribLast.unreported ? [...known, 'unknown'] : known;
}

function quoteOf({ time, priceBid, priceAsk, sizeBid, sizeAsk }: QuoteTick, { stock, receivedMs }: TickContext): Quote {
  return {
    kind: 'quote',
    symbol: stock.symbol,
    venueMs: time * secondMs,
    receivedMs,
    bid: Math.max(0, priceBid),
    bidSize: priceBid > 0 ? sizeBid : 0,
    ask: Math.max(0, priceAsk),
    askSize: priceAsk > 0 ? sizeAsk : 0,
    exchange: '',
    updateId: null,
  };
}

function stamp(text: string): number {
  return read(seconds, Number(text));
}

function readAll<Tick>(schema: z.ZodType<Tick>, ticks: unknown): readonly Tick[] {
  return read(z.array(schema), ticks);
}

function read<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TwsUnreadable(`a tick: ${z.prettifyError(result.error)}`);
}
