import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { snapshotDigest, type Snapshot } from '#pipelines/snapshot.ts';
import { joinParts, partTables } from '#pipelines/snapshotParts.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from './randomBars.ts';

// 2020-01-01 to 2022-04-19.
const sessions = weekdays(600);
const raw = withActions(randomBars('AAA', sessions, 1));
const short = firstRows(randomBars('BBB', sessions, 2), 100);
const snapshot: Snapshot = { bars: [raw, short], benchmark: randomBenchmark(sessions, 3) };

function withActions(bars: DailyBars): DailyBars {
  const rows = bars.sessions.length;
  return { ...bars, actions: { dividend: new Float64Array(rows), splitRatio: new Float64Array(rows).fill(1) } };
}

function identities(of: Snapshot): readonly string[] {
  return partTables(of).map(({ kind, year, digest }) => `${kind} ${year} ${digest}`);
}

/** What of the parts of the second is not among those of the first. */
function newParts(before: Snapshot, now: Snapshot): readonly string[] {
  const known = new Set(identities(before));
  return identities(now)
    .filter((part) => !known.has(part))
    .map((part) => part.split(' ').slice(0, 2).join(' '));
}

describe('the parts of a snapshot', () => {
  it('are its rows by year, and give it back whatever their order', () => {
    const parts = partTables(snapshot);
    expect(parts.map(({ kind, year, rows }) => [kind, year, rows])).toEqual([
      ['bars', '2020', 362],
      ['adjusted', '2020', 362],
      ['benchmark', '2020', 262],
      ['bars', '2021', 261],
      ['adjusted', '2021', 261],
      ['benchmark', '2021', 261],
      ['bars', '2022', 77],
      ['adjusted', '2022', 77],
      ['benchmark', '2022', 77],
    ]);
    const joined = joinParts(parts.toReversed());
    expect(joined).toEqual(snapshot);
    expect(snapshotDigest(joined)).toBe(snapshotDigest(snapshot));
  });

  it('of a next session are new in its year alone', () => {
    const before: Snapshot = {
      bars: [firstRawRows(raw, 599), short],
      benchmark: firstLevels(snapshot, 599),
    };
    expect(newParts(before, snapshot)).toEqual(['bars 2022', 'adjusted 2022', 'benchmark 2022']);
  });

  it('of a dividend, which moves every adjusted close before it, are new in the adjusted closes alone', () => {
    const moved = { ...raw, adjustedClose: raw.adjustedClose.map((close) => close * 0.99) };
    expect(newParts(snapshot, { ...snapshot, bars: [moved, short] })).toEqual([
      'adjusted 2020',
      'adjusted 2021',
      'adjusted 2022',
    ]);
  });

  it('are refused when adjusted closes are of other rows', () => {
    const parts = partTables(snapshot).filter(({ kind, year }) => kind !== 'adjusted' || year !== '2021');
    expect(() => joinParts(parts)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_INVALID' }));
  });
});

function firstRawRows(bars: DailyBars, count: number): DailyBars {
  return withActions(firstRows(bars, count));
}

function firstLevels({ benchmark }: Snapshot, count: number): Snapshot['benchmark'] {
  return {
    sessions: benchmark.sessions.slice(0, count),
    close: benchmark.close.slice(0, count),
    source: benchmark.source.slice(0, count),
  };
}
