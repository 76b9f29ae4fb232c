import { z } from 'zod';
import { sessionDate } from '#domain/sessionDate.ts';

const day = z.iso.date().transform((text) => sessionDate(text));
const price = z.number().nonnegative();
const size = z.number().nonnegative();
const ratioPart = z.number().positive();
/**
 * Nanoseconds since 1970 UTC as milliseconds. A JSON number of today holds them to 256 nanoseconds, which is more than a
 * safe integer and less than anything we compare.
 */
const nanoseconds = z
  .number()
  .positive()
  .refine(Number.isInteger, 'no whole number')
  .transform((value) => value / 1_000_000);

const page = { next_url: z.url().optional() };

/** What every page has: the address of the next one, absent at the end. */
export interface MassivePage {
  readonly next_url?: string | undefined;
}

/** A page of aggregates (GET /v2/aggs); without a bar, `results` is absent. Prices must be told to be as they were printed. */
export const massiveBarsSchema = z.object({
  ...page,
  ticker: z.string(),
  adjusted: z.literal(false),
  results: z.array(z.object({ t: z.number().int(), o: price, h: price, l: price, c: price, v: size })).default([]),
});

/** A page of dividends (GET /stocks/v1/dividends): amounts as they were paid. */
export const massiveDividendsSchema = z.object({
  ...page,
  results: z.array(
    z.object({ ticker: z.string(), ex_dividend_date: day, cash_amount: price, currency: z.string().optional() }),
  ),
});

/** A page of splits (GET /stocks/v1/splits): `split_to` new shares for `split_from` old ones. */
export const massiveSplitsSchema = z.object({
  ...page,
  results: z.array(z.object({ ticker: z.string(), execution_date: day, split_from: ratioPart, split_to: ratioPart })),
});

/** A page of quotes (GET /v3/quotes); a side without a quote is absent or 0. */
export const massiveQuotesSchema = z.object({
  ...page,
  results: z
    .array(
      z.object({
        sip_timestamp: nanoseconds,
        bid_price: price.default(0),
        bid_size: size.default(0),
        bid_exchange: z.number().int().optional(),
        ask_price: price.default(0),
        ask_size: size.default(0),
        ask_exchange: z.number().int().optional(),
      }),
    )
    .default([]),
});

/**
 * Indicators of a trade that was corrected (codes of the tapes): 0 and 1 stand, 1 with the figures put right; 7 was marked
 * as an error and 8 cancelled; 10, 11 and 12 are the records that said so.
 */
const correction = z.literal([0, 1, 7, 8, 10, 11, 12]);

/** A page of trades (GET /v3/trades). */
export const massiveTradesSchema = z.object({
  ...page,
  results: z
    .array(
      z.object({
        sip_timestamp: nanoseconds,
        exchange: z.number().int(),
        id: z.string(),
        price: z.number().positive(),
        size,
        conditions: z.array(z.number().int()).default([]),
        correction: correction.default(0),
      }),
    )
    .default([]),
});

/** A page of tickers (GET /v3/reference/tickers). */
export const massiveTickersSchema = z.object({
  ...page,
  results: z
    .array(
      z.object({
        ticker: z.string().min(1),
        name: z.string(),
        primary_exchange: z.string().default(''),
        active: z.boolean(),
      }),
    )
    .default([]),
});

/** What Massive says when it will not answer; some of its refusals come with status 200. */
export const massiveRefusalSchema = z.object({
  status: z.string().refine((status) => status !== 'OK' && status !== 'DELAYED'),
  error: z.string().optional(),
  message: z.string().optional(),
});
