import { z } from 'zod';
import { sessionDate } from '#domain/sessionDate.ts';
import { stampOfText } from '../files/stampOfText.ts';

// Every figure is a text.
const figure = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);
const ratio = figure.refine((value) => value > 0, 'not over 0');
const day = z.iso.date();
const timeZone = z.literal('US/Eastern');
const stamp = z.string().refine((text) => stampOfText(text) !== undefined, 'no time of New York');

/** Daily bars as traded, with the adjusted close and what took effect that day (TIME_SERIES_DAILY_ADJUSTED), by date. */
export const dailySchema = z.object({
  'Meta Data': z.object({ '2. Symbol': z.string(), '5. Time Zone': timeZone }),
  'Time Series (Daily)': z.record(
    day,
    z.object({
      '1. open': figure,
      '2. high': figure,
      '3. low': figure,
      '4. close': figure,
      '5. adjusted close': figure,
      '6. volume': figure,
      '7. dividend amount': figure,
      '8. split coefficient': ratio,
    }),
  ),
});

/** Bars within sessions of one length (TIME_SERIES_INTRADAY), by the time of New York at which they begin. */
export function intradaySchema(interval: string) {
  const series = z.record(
    stamp,
    z.object({ '1. open': figure, '2. high': figure, '3. low': figure, '4. close': figure, '5. volume': figure }),
  );
  const about = z.object({ '2. Symbol': z.string(), '4. Interval': z.literal(interval), '6. Time Zone': timeZone });
  return z.looseObject({ 'Meta Data': about }).transform((answer, context) => {
    const name = `Time Series (${interval})`;
    const read = series.safeParse(answer[name]);
    if (read.success) return { symbol: answer['Meta Data']['2. Symbol'], series: read.data };
    for (const { path, message } of read.error.issues)
      context.addIssue({ code: 'custom', path: [name, ...path], message });
    return z.NEVER;
  });
}

/** Splits of a symbol (SPLITS): new shares for each old one. */
export const splitsSchema = z.object({
  symbol: z.string(),
  data: z.array(z.object({ effective_date: day.transform(sessionDate), split_factor: ratio })),
});

/** Dividends of a symbol (DIVIDENDS), declared ones too; what has no ex-date yet says `None`. */
export const dividendsSchema = z.object({
  symbol: z.string(),
  data: z.array(
    z.object({ ex_dividend_date: z.union([z.literal('None'), day.transform(sessionDate)]), amount: figure }),
  ),
});

/** The three ways in which Alpha Vantage speaks in place of data, with status 200. */
export const spokenSchema = z.union([
  z.object({ 'Error Message': z.string() }).transform((spoken) => spoken['Error Message']),
  z.object({ Note: z.string() }).transform((spoken) => spoken.Note),
  z.object({ Information: z.string() }).transform((spoken) => spoken.Information),
]);
