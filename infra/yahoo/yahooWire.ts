import { z } from 'zod';

const column = z.array(z.number().nullable());

/** Columns of a chart without a row are absent altogether. */
const quote = z.object({
  open: column.optional(),
  high: column.optional(),
  low: column.optional(),
  close: column.optional(),
  volume: column.optional(),
});

/** An answer of Yahoo's chart, version 8, as recorded: there is no specification. */
export const yahooChartSchema = z.object({
  chart: z.object({
    result: z
      .array(
        z.object({
          meta: z.object({ currency: z.string().nullable(), symbol: z.string(), dataGranularity: z.string() }),
          timestamp: z.array(z.number().int()).optional(),
          events: z
            .object({
              dividends: z.record(z.string(), z.object({ amount: z.number(), date: z.number().int() })).optional(),
              splits: z
                .record(
                  z.string(),
                  z.object({
                    date: z.number().int(),
                    numerator: z.number().positive(),
                    denominator: z.number().positive(),
                  }),
                )
                .optional(),
            })
            .optional(),
          indicators: z.object({
            quote: z.array(quote).length(1),
            adjclose: z.array(z.object({ adjclose: column.optional() })).optional(),
          }),
        }),
      )
      .nullable(),
    error: z.object({ code: z.string(), description: z.string() }).nullable(),
  }),
});

/** One symbol's chart. */
export type YahooChart = NonNullable<z.infer<typeof yahooChartSchema>['chart']['result']>[number];

const side = z.number().nonnegative().default(0);

/** An answer of Yahoo's quotes, version 7, as recorded; a side without a quote is absent or 0, sizes are round lots. */
export const yahooQuotesSchema = z.object({
  quoteResponse: z.object({
    result: z
      .array(
        z.object({
          symbol: z.string(),
          currency: z.literal('USD'),
          /** Minutes; what is late is no live quote. */
          exchangeDataDelayedBy: z.literal(0),
          bid: side,
          bidSize: side,
          ask: side,
          askSize: side,
        }),
      )
      .nullable(),
    error: z.object({ code: z.string(), description: z.string() }).nullable(),
  }),
});
