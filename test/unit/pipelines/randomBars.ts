import type { Benchmark } from '#domain/benchmark.ts';
import type { DailyBars } from '#domain/bars.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';

/** A seeded stream of numbers in [0, 1): mulberry32, good enough for test data. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Weekdays from 2020-01-01 on. */
export function weekdays(count: number): readonly SessionDate[] {
  const sessions: SessionDate[] = [];
  for (let atMs = Date.UTC(2020, 0, 1); sessions.length < count; atMs += 86_400_000) {
    const day = new Date(atMs).getUTCDay();
    if (day !== 0 && day !== 6) sessions.push(sessionDate(new Date(atMs).toISOString().slice(0, 10)));
  }
  return sessions;
}

/** A random walk of bars whose figures keep every rule; dividends make adjusted and plain closes differ. */
export function randomBars(symbol: string, sessions: readonly SessionDate[], seed: number): DailyBars {
  const next = randomNumbers(seed);
  const column = (): Float64Array => new Float64Array(sessions.length);
  const bars = { symbol, sessions, open: column(), high: column(), low: column(), close: column() };
  const adjustedClose = column();
  const volume = column();
  let close = 50 + 100 * next();
  for (let row = 0; row < sessions.length; row += 1) {
    const open = close * (1 + 0.01 * (next() - 0.5));
    close = open * (1 + 0.04 * (next() - 0.5));
    bars.open[row] = open;
    bars.close[row] = close;
    bars.high[row] = Math.max(open, close) * (1 + 0.01 * next());
    bars.low[row] = Math.min(open, close) * (1 - 0.01 * next());
    // A dividend of half a percent every sixty sessions is taken back from all closes before it.
    adjustedClose[row] = close * 0.995 ** Math.floor((sessions.length - 1 - row) / 60);
    volume[row] = Math.floor(1_000_000 * (0.5 + next()));
  }
  return { ...bars, adjustedClose, volume };
}

/** A random walk of index levels. */
export function randomBenchmark(sessions: readonly SessionDate[], seed: number): Benchmark {
  const { close } = randomBars('INDEX', sessions, seed);
  return { sessions, close, source: sessions.map(() => 'INDEX') };
}

/** The first rows of bars. */
export function firstRows(bars: DailyBars, count: number): DailyBars {
  return {
    symbol: bars.symbol,
    sessions: bars.sessions.slice(0, count),
    open: bars.open.slice(0, count),
    high: bars.high.slice(0, count),
    low: bars.low.slice(0, count),
    close: bars.close.slice(0, count),
    adjustedClose: bars.adjustedClose.slice(0, count),
    volume: bars.volume.slice(0, count),
  };
}

/** Bars as the text of a file that commands and the paper exchange read. */
export function barsAsCsv(bars: readonly DailyBars[]): string {
  const rows = bars.flatMap(({ symbol, sessions, ...columns }) => {
    const { open, high, low, close, volume, adjustedClose } = columns;
    const told = [open, high, low, close, volume, adjustedClose];
    return sessions.map((session, row) => [symbol, session, ...told.map((column) => column[row])].join());
  });
  return ['symbol,date,open,high,low,close,volume,adjusted', ...rows, ''].join('\n');
}
