import { describe, expect, it } from 'vitest';
import { barsBetween, type DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { dropRows } from '#pipelines/barRows.ts';
import { snapshotDigest, type Snapshot } from '#pipelines/snapshot.ts';
import { spliceSnapshot } from '#pipelines/spliceSnapshot.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from './randomBars.ts';

const sessions = weekdays(40);
const bars = randomBars('AAA', sessions, 1);
const benchmark = randomBenchmark(sessions, 3);

function whole(one: DailyBars): Snapshot {
  return { bars: [one], benchmark };
}

function fetched(from: number, to: number, one = bars): Snapshot {
  return { bars: [barsBetween(one, sessions[from]!, sessions[to]!)], benchmark };
}

const span = (from: number, to: number): { readonly from: SessionDate; readonly to: SessionDate } => ({
  from: sessions[from]!,
  to: sessions[to]!,
});

describe('a range told anew', () => {
  it('fills a hole and gives what the whole history gives', () => {
    const present = whole(dropRows(bars, [9, 10]));
    const filled = spliceSnapshot(present, { span: span(8, 12), fetched: fetched(8, 12) });
    expect(snapshotDigest(filled)).toBe(snapshotDigest(whole(bars)));
  });

  it('adds the last session', () => {
    const filled = spliceSnapshot(whole(firstRows(bars, 39)), { span: span(35, 39), fetched: fetched(35, 39) });
    expect(snapshotDigest(filled)).toBe(snapshotDigest(whole(bars)));
  });

  it('takes nothing from outside of it, and leaves a symbol alone that was not answered for', () => {
    const other = { ...bars, volume: bars.volume.map((shares) => shares + 1) };
    const taken = spliceSnapshot(whole(bars), { span: span(5, 6), fetched: fetched(0, 39, other) });
    expect(taken.bars[0]!.volume).toEqual(bars.volume.with(5, other.volume[5]!).with(6, other.volume[6]!));
    const silent = spliceSnapshot(whole(bars), { span: span(5, 6), fetched: { bars: [], benchmark } });
    expect(silent.bars).toEqual([bars]);
  });

  it('of raw prices leaves the adjusted closes to be made anew', () => {
    const actions = { dividend: new Float64Array(40), splitRatio: new Float64Array(40).fill(1) };
    const raw = { ...bars, actions };
    const { bars: spliced } = spliceSnapshot(whole(raw), { span: span(5, 6), fetched: fetched(5, 6, raw) });
    expect(spliced[0]!.actions).toEqual(actions);
    expect(spliced[0]!.adjustedClose.every(Number.isNaN)).toBe(true);
  });

  it.each([
    { when: 'prices are on another scale', present: whole(bars), news: fetched(5, 9, rescaled()), message: 'scale' },
    { when: 'no session is told by both', present: whole(firstRows(bars, 5)), news: fetched(5, 9), message: 'both' },
    { when: 'some prices are raw', present: whole(bars), news: fetched(5, 9, withActions()), message: 'raw prices' },
  ])('is refused when $when', ({ present, news, message }) => {
    const splice = (): Snapshot => spliceSnapshot(present, { span: span(5, 9), fetched: news });
    expect(splice).toThrow(expect.objectContaining({ code: 'BACKFILL_REFUSED' }));
    expect(splice).toThrow(message);
  });
});

function rescaled(): DailyBars {
  return { ...bars, close: bars.close.map((price) => price / 2) };
}

function withActions(): DailyBars {
  return { ...bars, actions: { dividend: new Float64Array(40), splitRatio: new Float64Array(40).fill(1) } };
}
