import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMs } from '#domain/calendar.ts';
import { sharesByProfile, volumeProfile, type VolumeBar } from '#domain/costs/volumeProfile.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const minuteMs = 60_000;
const bar = (session: string, minute: number, volume: number): VolumeBar => ({
  startMs: openMs(sessionDate(session)) + minute * minuteMs,
  volume,
});

describe('a volume profile', () => {
  it("is the mean of each session's own parts, with its standard error", () => {
    const profile = volumeProfile(
      [
        bar('2024-01-02', 0, 30),
        bar('2024-01-02', 200, 70),
        bar('2024-01-03', 194, 5_000),
        bar('2024-01-03', 389, 5_000),
      ],
      195,
    );
    // Parts of 0.3 and 0.7, and of 0.5 and 0.5.
    expect(profile.sessions).toBe(2);
    expect(profile.parts.map(({ fromMinute }) => fromMinute)).toEqual([0, 195]);
    expect(profile.parts[0]!.fraction).toBeCloseTo(0.4, 12);
    expect(profile.parts[1]!.fraction).toBeCloseTo(0.6, 12);
    expect(profile.parts[0]!.standardError).toBeCloseTo(0.1, 12);
  });

  it('leaves out what trades outside regular hours, early closes, and days of nothing', () => {
    const bars = [bar('2024-01-02', 0, 1), bar('2024-01-03', 0, 1)];
    const more = [
      bar('2024-01-02', -5, 100),
      bar('2024-01-02', 390, 100),
      bar('2024-11-29', 200, 100),
      { startMs: Date.parse('2024-01-06T16:00:00Z'), volume: 100 },
      bar('2024-01-04', 300, 0),
    ];
    expect(volumeProfile([...bars, ...more], 130)).toEqual(volumeProfile(bars, 130));
  });

  it.each([0, 7, 390, 60.5])('is refused in parts of %d minutes', (minutes) =>
    expect(() => volumeProfile([], minutes)).toThrow(expect.objectContaining({ code: 'COST_INPUT_INVALID' })),
  );

  it('is not told from one session, nor from a volume that is none', () => {
    expect(() => volumeProfile([bar('2024-01-02', 0, 1)], 30)).toThrow(
      expect.objectContaining({ code: 'OBSERVATIONS_TOO_FEW' }),
    );
    expect(() => volumeProfile([bar('2024-01-02', 0, -1)], 30)).toThrow(RangeError);
  });
});

describe('an order cut by a profile', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 40 })
    .filter((given) => given.some((weight) => weight > 0));

  it('has whole shares within one of their parts, and all of them', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), weights, (quantity, given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const parts = given.map((weight) => ({ fromMinute: 0, fraction: weight / total, standardError: 0 }));
        const cut = sharesByProfile(quantity, { parts });
        expect(cut.reduce((sum, count) => sum + count, 0)).toBe(quantity);
        for (const [at, count] of cut.entries()) {
          expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
          expect(Math.abs(count - quantity * parts[at]!.fraction)).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    ));
});
