import { describe, expect, test } from 'vitest';
import { SilenceWatch } from '#domain/feedSilence.ts';

const watchOf = (expects: (atMs: number) => boolean = () => true): SilenceWatch => {
  const watch = new SilenceWatch({ silenceMaxMs: 100, expects });
  watch.watch(['A', 'B'], 0);
  watch.check(0);
  return watch;
};

describe('silence', () => {
  test('is told once, for the silent symbol only, and taken back when it speaks', () => {
    const watch = watchOf();
    watch.heard('B', 60);
    expect(watch.check(100)).toEqual([]);
    expect(watch.check(120)).toEqual([{ kind: 'feedStale', symbol: 'A', silentMs: 120, atMs: 120 }]);
    expect(watch.check(130)).toEqual([]);
    expect(watch.staleCount).toBe(1);
    expect(watch.heard('A', 140)).toEqual({ kind: 'feedFresh', symbol: 'A', atMs: 140 });
    expect(watch.heard('A', 150)).toBeUndefined();
  });

  test('counts from the opening, not from the evening before', () => {
    const watch = watchOf((atMs) => atMs >= 1_000);
    expect(watch.check(990)).toEqual([]);
    expect(watch.check(1_050)).toEqual([]);
    expect(watch.check(1_151)).toMatchObject([{ symbol: 'A' }, { symbol: 'B', silentMs: 101 }]);
  });

  test('of a halted symbol is expected', () => {
    const watch = watchOf();
    watch.halted('A', 'halted');
    expect(watch.check(200)).toMatchObject([{ symbol: 'B' }]);
    watch.halted('A', 'trading');
    expect(watch.check(200)).toMatchObject([{ symbol: 'A' }]);
  });

  test('of a symbol that nobody wants any more is none', () => {
    const watch = watchOf();
    watch.watch(['B', 'C'], 50);
    expect(watch.heard('A', 60)).toBeUndefined();
    expect(watch.check(120)).toMatchObject([{ symbol: 'B' }]);
    expect(watch.check(151)).toMatchObject([{ symbol: 'C' }]);
  });
});
