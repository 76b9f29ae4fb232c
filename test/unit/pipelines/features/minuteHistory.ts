import { sessionDate } from '#domain/sessionDate.ts';
import { tradingHours } from '#domain/tradingHours.ts';
import { joinRules, type BarRow, type BarTable, type FeatureField } from '#pipelines/features/barFields.ts';
import { rowOf, tableOfRows } from '#pipelines/features/barJoin.ts';
import type { FeatureHistory } from '#pipelines/features/computeFeaturePlan.ts';
import type { Observation } from '#domain/observation.ts';
import type { FeatureStream } from '#pipelines/features/featureStream.ts';
import type { Timeframe } from '#pipelines/features/timeframe.ts';
import { randomNumbers } from '../randomBars.ts';

const minuteMs = 60_000;

/** Figures of bars, every one. */
export const allFields = Object.keys(joinRules) as readonly FeatureField[];

/** Sessions about the changes of clocks and an early close. */
export const oddSessions = [
  '2024-03-08',
  '2024-03-11',
  '2024-11-01',
  '2024-11-04',
  '2024-11-27',
  '2024-11-29',
] as const;

/**
 * Random minutes of sessions, of which a part is missing and some figures too, with observations that arrive in between.
 * @param everyMinutes only about one minute in so many has a bar
 */
export function minuteHistory(
  seed: number,
  everyMinutes = 3,
  sessions: readonly string[] = oddSessions,
): FeatureHistory {
  const next = randomNumbers(seed);
  let close = 50 + 50 * next();
  const rows: BarRow[] = [];
  const observations: Observation[] = [];
  for (const session of sessions) {
    const { openMs, closeMs } = tradingHours(sessionDate(session));
    for (let startMs = openMs; startMs < closeMs; startMs += minuteMs) {
      // The last minute of a bar of five is missing often: then nothing ends with it.
      if (next() * everyMinutes > 1) continue;
      const open = close;
      close = Math.max(1, open + Math.round(8 * (next() - 0.5)) / 4);
      rows.push({ startMs, endMs: startMs + minuteMs, figures: figuresOf(open, close, next) });
      if (next() < 0.05) {
        const arrivedMs = startMs + Math.floor(2 * minuteMs * next());
        observations.push({ arrivedMs, eventMs: arrivedMs + Math.floor(9e6 * (next() - 0.5)), value: next() });
      }
    }
  }
  const arrived = observations.toSorted((a, b) => a.arrivedMs - b.arrivedMs);
  return { bars: tableOfRows(rows, allFields), observations: { news: arrived } };
}

function figuresOf(open: number, close: number, next: () => number): BarRow['figures'] {
  const flow = Math.round(40 * (next() - 0.5));
  const whole = (most: number): number => Math.floor(most * next());
  return {
    open,
    high: Math.max(open, close) + whole(3) / 4,
    low: Math.min(open, close) - whole(3) / 4,
    close,
    volume: 100 * whole(9),
    benchmark: next() < 0.1 ? Number.NaN : 400 + whole(20),
    midChange: close - open,
    spread: 1 / (1 + whole(50)),
    bidDepth: next() < 0.05 ? Number.NaN : whole(500),
    askDepth: whole(500),
    orderFlow: flow,
    orderFlowTotal: Math.abs(flow) + whole(40),
    buyVolume: whole(400),
    sellVolume: whole(400),
  };
}

/** Daily bars as a vendor delivers them: known a moment after the close, with the closing auction's volume. */
export function deliveredDays(sessions: readonly string[] = oddSessions): BarTable {
  const rows = sessions.map((session, day): BarRow => {
    const { openMs, closeMs } = tradingHours(sessionDate(session));
    const figures = Object.fromEntries(allFields.map((field, index) => [field, 100 + 10 * day + index]));
    return { startMs: openMs, endMs: closeMs + 1, figures };
  });
  return tableOfRows(rows, allFields);
}

/** Feeds a stream everything a history holds as it would have come. @returns a row of features for each bar */
export function fed(
  stream: FeatureStream,
  { bars, longer = {}, observations = {} }: FeatureHistory,
): readonly Float64Array[] {
  for (const [set, arrived] of Object.entries(observations)) for (const one of arrived) stream.observe(set, one);
  const rows: Float64Array[] = [];
  const given = Object.entries(longer).map(([timeframe, table]) => ({
    timeframe: timeframe as Timeframe,
    table,
    next: 0,
  }));
  for (let row = 0; row < bars.endMs.length; row += 1) {
    for (const one of given) {
      for (; one.next < one.table.endMs.length && one.table.endMs[one.next]! <= bars.endMs[row]!; one.next += 1) {
        stream.deliver(one.timeframe, rowOf(one.table, one.next));
      }
    }
    rows.push(stream.push(rowOf(bars, row)));
  }
  return rows;
}
