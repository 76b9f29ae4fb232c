import type { DailyBars } from '#domain/bars.ts';
import type { IntradayBars } from '#domain/intradayBars.ts';
import type { HistoricalBars, PriceScale, SymbolsRequest, Timeframe } from '#activities/ports/marketDataProvider.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';

/** A bar as a vendor gave it; a figure it did not give is NaN. */
export interface VendorBar {
  /** Its beginning, milliseconds since 1970 UTC; of a session, any instant of its day in New York. */
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares. */
  readonly volume: number;
  /** The vendor's own, where it has one. */
  readonly adjustedClose?: number;
  /** What took effect on the session of a raw bar, where the vendor tells it along with every bar. */
  readonly actions?: { readonly dividend: number; readonly splitRatio: number };
}

const minuteMs = 60_000;

/** Lengths of bars within a session, milliseconds; null for a session. */
export const timeframeMs: Readonly<Record<Timeframe, number | null>> = {
  '1Min': minuteMs,
  '5Min': 5 * minuteMs,
  '15Min': 15 * minuteMs,
  '30Min': 30 * minuteMs,
  '1Hour': 60 * minuteMs,
  '1Day': null,
};

/** What a vendor gave, by symbol, as the port wants it: in the order asked for, without rows outside the range. */
export function historicalBars(
  request: SymbolsRequest & { readonly timeframe: Timeframe },
  scale: PriceScale,
  given: ReadonlyMap<string, readonly VendorBar[]>,
): HistoricalBars {
  const { from, to } = request.range;
  const within = request.symbols.map((symbol) => ({
    symbol,
    rows: (given.get(symbol) ?? []).filter(({ startMs }) => {
      const session = newYorkDate(startMs);
      return session >= from && session <= to;
    }),
  }));
  const withoutBars = within.filter(({ rows }) => rows.length === 0).map(({ symbol }) => symbol);
  const present = within.filter(({ rows }) => rows.length > 0);
  const lengthMs = timeframeMs[request.timeframe];
  return lengthMs === null
    ? { kind: 'daily', scale, withoutBars, bars: present.map(({ symbol, rows }) => daily(symbol, rows)) }
    : { kind: 'intraday', scale, withoutBars, bars: present.map((one) => intraday(one, lengthMs)) };
}

function daily(symbol: string, rows: readonly VendorBar[]): DailyBars {
  return {
    symbol,
    sessions: rows.map(({ startMs }) => newYorkDate(startMs)),
    ...figures(rows),
    adjustedClose: Float64Array.from(rows, ({ adjustedClose }) => adjustedClose ?? Number.NaN),
    ...(rows.every(({ actions }) => actions) && {
      actions: {
        dividend: Float64Array.from(rows, ({ actions }) => actions!.dividend),
        splitRatio: Float64Array.from(rows, ({ actions }) => actions!.splitRatio),
      },
    }),
  };
}

function intraday(
  { symbol, rows }: { readonly symbol: string; readonly rows: readonly VendorBar[] },
  lengthMs: number,
): IntradayBars {
  return { symbol, lengthMs, startMs: Float64Array.from(rows, ({ startMs }) => startMs), ...figures(rows) };
}

function figures(rows: readonly VendorBar[]) {
  return {
    open: Float64Array.from(rows, ({ open }) => open),
    high: Float64Array.from(rows, ({ high }) => high),
    low: Float64Array.from(rows, ({ low }) => low),
    close: Float64Array.from(rows, ({ close }) => close),
    volume: Float64Array.from(rows, ({ volume }) => volume),
  };
}
