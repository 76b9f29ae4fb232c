import { z } from 'zod';
import { sessionDate } from '#domain/sessionDate.ts';
import { stampOfText } from '../files/stampOfText.ts';

/** RFC 3339 with up to nanoseconds, as milliseconds since 1970 UTC. */
const instant = z.string().transform((text, context) => {
  const ms = stampOfText(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `no instant: ${JSON.stringify(text)}` });
  return z.NEVER;
});

const day = z.iso.date().transform((text) => sessionDate(text));
const price = z.number().nonnegative();
const size = z.number().nonnegative();
const nextPageToken = z.string().nullable();
const tape = z.enum(['A', 'B', 'C', 'N', 'O']);

/** A page of bars (stock_bars_resp); a page without any may say null. */
export const alpacaBarsSchema = z.object({
  bars: z
    .record(z.string(), z.array(z.object({ t: instant, o: price, h: price, l: price, c: price, v: size })))
    .nullable(),
  next_page_token: nextPageToken,
});

/** A page of quotes (stock_quotes_resp). */
export const alpacaQuotesSchema = z.object({
  quotes: z
    .record(
      z.string(),
      z.array(z.object({ t: instant, bp: price, bs: size, bx: z.string(), ap: price, as: size, ax: z.string() })),
    )
    .nullable(),
  next_page_token: nextPageToken,
});

/** A page of trades (stock_trades_resp); `u` says what became of a trade that does not stand as it was first printed. */
export const alpacaTradesSchema = z.object({
  trades: z
    .record(
      z.string(),
      z.array(
        z.object({
          t: instant,
          x: z.string(),
          p: z.number().positive(),
          s: size,
          i: z.number().int(),
          c: z.array(z.string()).nullable().default([]),
          z: tape,
          u: z.enum(['canceled', 'incorrect', 'corrected']).optional(),
        }),
      ),
    )
    .nullable(),
  next_page_token: nextPageToken,
});

const rate = z.number().positive();
const split = z.object({ symbol: z.string(), new_rate: rate, old_rate: rate, ex_date: day });
// Kinds that we pass on by name only: who they are about, and when.
const other = z.object({
  symbol: z.string().optional(),
  source_symbol: z.string().optional(),
  acquiree_symbol: z.string().optional(),
  old_symbol: z.string().optional(),
  ex_date: day.optional(),
  effective_date: day.optional(),
  process_date: day,
});
const others = z.array(other).default([]);

/** A page of corporate actions (corporate_actions_resp). */
export const alpacaActionsSchema = z.object({
  corporate_actions: z.object({
    cash_dividends: z
      .array(
        z.object({
          symbol: z.string(),
          rate: z.number().nonnegative(),
          ex_date: day,
          currency: z.string().optional(),
        }),
      )
      .default([]),
    forward_splits: z.array(split).default([]),
    reverse_splits: z.array(split).default([]),
    stock_dividends: z.array(z.object({ symbol: z.string(), rate, ex_date: day })).default([]),
    capital_gains_distributions: z
      .array(
        z.object({
          symbol: z.string(),
          long_term_rate: z.number().nonnegative().optional(),
          short_term_rate: z.number().nonnegative().optional(),
          ex_date: day,
          currency: z.string().optional(),
        }),
      )
      .default([]),
    spin_offs: others,
    cash_mergers: others,
    stock_mergers: others,
    stock_and_cash_mergers: others,
    name_changes: others,
    partial_calls: others,
    redemptions: others,
    reorganizations: others,
    rights_distributions: others,
    unit_splits: others,
    worthless_removals: others,
  }),
  next_page_token: nextPageToken,
});

/** What the schema makes of the actions of a page. */
export type AlpacaActions = z.infer<typeof alpacaActionsSchema>['corporate_actions'];

/** Alpaca's master list of stocks (Assets). */
export const alpacaAssetsSchema = z.array(
  z.object({
    symbol: z.string().min(1),
    name: z.string(),
    exchange: z.string(),
    status: z.enum(['active', 'inactive']),
  }),
);
