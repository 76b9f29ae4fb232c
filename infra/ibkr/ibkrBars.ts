import { z } from 'zod';
import { BarSizeSetting } from '@stoqey/ib/dist/api/historical/bar-size-setting.js';
import type { SessionRange, Timeframe } from '#activities/ports/marketDataProvider.ts';
import { isSession } from '#domain/calendar.ts';
import { addDays } from '#domain/exchangeHolidays.ts';
import { newYorkDate, newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { contractOf, type IbkrStock } from './ibkrContracts.ts';
import type { DeskQuestion } from './ibkrDesk.ts';
import { TwsUnreadable } from './twsRequests.ts';
import { barTimeMs, vendorTime } from './vendorTime.ts';

interface BarKind {
  readonly size: BarSizeSetting;
  /** Days of one question, and the vendor's words for at least as many (TWS API, "Historical bars", step sizes). */
  readonly days: number;
  readonly duration: string;
  readonly hours: 'regular' | 'all';
}

const kinds: Readonly<Record<Timeframe, BarKind>> = {
  '1Min': { size: BarSizeSetting.MINUTES_ONE, days: 1, duration: '1 D', hours: 'all' },
  '5Min': { size: BarSizeSetting.MINUTES_FIVE, days: 7, duration: '1 W', hours: 'all' },
  '15Min': { size: BarSizeSetting.MINUTES_FIFTEEN, days: 7, duration: '1 W', hours: 'all' },
  '30Min': { size: BarSizeSetting.MINUTES_THIRTY, days: 28, duration: '1 M', hours: 'all' },
  '1Hour': { size: BarSizeSetting.HOURS_ONE, days: 28, duration: '1 M', hours: 'all' },
  '1Day': { size: BarSizeSetting.DAYS_ONE, days: 365, duration: '1 Y', hours: 'regular' },
};

/** Lengths of bars that can be asked for. */
export const ibkrTimeframes = Object.keys(kinds) as readonly Timeframe[];

const figure = z.number();
/** Request, time, open, high, low, close, volume, trades, average price, gaps; shares may be left out. */
const barSchema = z.tuple([figure, z.string(), figure, figure, figure, figure, figure.optional()], z.unknown());

/** Stretches of a range that one question covers each, oldest first; those without a session are left out. */
export function barWindows(range: SessionRange, timeframe: Timeframe): readonly SessionRange[] {
  const windows: SessionRange[] = [];
  for (let from = range.from; from <= range.to;) {
    const last = sessionDate(addDays(from, kinds[timeframe].days - 1));
    const to = last < range.to ? last : range.to;
    if (hasSession({ from, to })) windows.push({ from, to });
    from = sessionDate(addDays(to, 1));
  }
  return windows;
}

/** Asks for the bars of one window. The vendor answers at least the window, and what lies before it is left out. */
export function barsQuestion(
  stock: IbkrStock,
  { window, timeframe }: { readonly window: SessionRange; readonly timeframe: Timeframe },
): DeskQuestion<readonly VendorBar[]> {
  const { size, duration, hours } = kinds[timeframe];
  const endsAt = vendorTime(newYorkTimeMs(window.to, '23:59:59'));
  let bars: VendorBar[] = [];
  return {
    asked: `bars of ${stock.symbol}`,
    pacing: {
      key: `${stock.contractId} ${size} ${endsAt} ${duration}`,
      series: `${stock.contractId} TRADES`,
      weight: 1,
    },
    empty: [],
    write: (requestId) => (encoder) => {
      bars = [];
      const useRegularHours = hours === 'regular';
      encoder.reqHistoricalData(
        requestId,
        contractOf(stock),
        endsAt,
        duration,
        size,
        'TRADES',
        useRegularHours,
        2,
        false,
      );
    },
    cancel: (requestId) => (encoder) => encoder.cancelHistoricalData(requestId),
    take: ({ name, args }) => {
      if (name !== 'historicalData') throw new TwsUnreadable(`${name} in place of bars`);
      if (typeof args[1] === 'string' && args[1].startsWith('finished')) return bars.filter(inside(window));
      bars.push(barOf(args));
      return undefined;
    },
  };
}

function barOf(args: readonly unknown[]): VendorBar {
  const read = barSchema.safeParse(args);
  if (!read.success) throw new TwsUnreadable(`a bar: ${z.prettifyError(read.error)}`);
  const [, time, open, high, low, close, volume = Number.NaN] = read.data;
  try {
    return { startMs: barTimeMs(time), open, high, low, close, volume };
  } catch (error) {
    throw new TwsUnreadable((error as Error).message, { cause: error });
  }
}

function inside({ from, to }: SessionRange): (bar: VendorBar) => boolean {
  return ({ startMs }) => {
    const day = newYorkDate(startMs);
    return day >= from && day <= to;
  };
}

function hasSession({ from, to }: SessionRange): boolean {
  for (let day: SessionDate = from; day <= to; day = sessionDate(addDays(day, 1))) if (isSession(day)) return true;
  return false;
}
