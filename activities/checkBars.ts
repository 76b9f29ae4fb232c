import { barsBetween, type DailyBars } from '#domain/bars.ts';
import { sessionsBetween } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { snapshotKeys, type SnapshotManifest } from '#domain/snapshotManifest.ts';
import { checkContract, publishableBars, type ContractReport } from '#pipelines/contract/checkContract.ts';
import { reportPage } from '#pipelines/contract/reportPage.ts';
import { findRestatements } from '#pipelines/contract/restatements.ts';
import { summariseRules, type RuleSummary } from '#pipelines/contract/summariseRules.ts';
import { rowsOfSpan, type SessionSpan } from '#pipelines/sessionSpan.ts';
import { snapshotDigest, type Snapshot } from '#pipelines/snapshot.ts';
import { spliceSnapshot } from '#pipelines/spliceSnapshot.ts';
import { tableToBars, tableToBenchmark } from '#pipelines/tables.ts';
import type { CheckedBars, FetchedBars, IngestRequest, MarketDataWorld } from './marketDataActivities.ts';
import { readManifest, readSnapshot, writeReports, writeSnapshot } from './snapshotStore.ts';
import type { IngestReports } from './snapshotStore.ts';

/**
 * Checks what was fetched, and writes the snapshot it makes: the body of the activity of that name.
 * @throws Failure DATA_CONTRACT_BROKEN, BACKFILL_REFUSED
 */
export async function checkBars(world: MarketDataWorld, fetched: FetchedBars): Promise<CheckedBars> {
  const { objects, catalogue } = world;
  const { dataset, asOf } = fetched;
  const head = await catalogue.head(dataset);
  // Of a later snapshot only what was known as of the session asked for.
  const previous = head && knownAsOf(await readSnapshot(world, head.digest), sessionDate(asOf));
  const given = await givenSnapshot(world, fetched, previous);
  const { report, firstSession } = heldToContract(world, { given, previous, fetched });
  const rules = summariseRules(report, rowsOf(given.bars));
  const refusedKeys = refusalKeys(fetched);
  if (report.verdict === 'refused') {
    await writeReports(objects, refusedKeys, reportsOf(world, { fetched, report, rules, digest: null }));
  }
  const bars = publishableBars(report, objects.uri(refusedKeys.html));
  const { benchmark } = given;
  const digest = snapshotDigest({ bars, benchmark });
  const symbols = bars.map(({ symbol }) => symbol);
  const rows = rowsOf(bars);
  const { provider, origin, barsKey, benchmarkKey } = fetched;
  const description = {
    digest,
    dataset,
    asOf,
    firstSession,
    symbols,
    rows,
    provider,
    origin,
    raw: { bars: barsKey, benchmark: benchmarkKey },
    codeVersion: world.codeVersion,
    previous: head && head.digest !== digest ? head.digest : null,
    rules: rules.map(({ rule, findings, symbols: among, severities }) => ({
      rule,
      findings,
      symbols: among,
      severities,
    })),
    quarantined: report.quarantined,
  };
  const reports = reportsOf(world, { fetched, report, rules, digest });
  const earlier = head && (await readManifest(world, head.digest));
  await writeSnapshot(world, { bars, benchmark }, { description, reports, earlier });
  const keys = snapshotKeys(digest);
  const written = { manifestKey: keys.manifest, report: objects.uri(keys.reports.html) };
  return { dataset, asOf, digest, symbols, rows, firstSession, findings: report.findings.length, ...written };
}

/** What is to be checked: all that was fetched, or the snapshot that is current with a range of it told anew. */
async function givenSnapshot(
  { objects, tables }: MarketDataWorld,
  { barsKey, benchmarkKey, range, asOf }: FetchedBars,
  previous: Snapshot | undefined,
): Promise<Snapshot> {
  const [bars, benchmark] = await tables.decodeAll([await objects.get(barsKey), await objects.get(benchmarkKey)]);
  const fetched = { bars: tableToBars(bars!), benchmark: tableToBenchmark(benchmark!) };
  if (!range || !previous) return fetched;
  return spliceSnapshot(previous, { span: checkedRange(range, asOf), fetched });
}

/** The contract's answer, with what the provider told otherwise before. */
function heldToContract(
  { contractRules: rules }: MarketDataWorld,
  {
    given,
    previous,
    fetched: { asOf, range },
  }: { readonly given: Snapshot; readonly previous: Snapshot | undefined; readonly fetched: FetchedBars },
): { readonly report: ContractReport; readonly firstSession: string } {
  const firstSession = given.bars.map(({ sessions }) => sessions[0] ?? '').sort()[0] ?? asOf;
  const expectedSessions = sessionsBetween(sessionDate(firstSession), sessionDate(asOf));
  const report = checkContract(given.bars, { rules, expectedSessions });
  if (!previous || report.verdict === 'refused') return { report, firstSession };
  const current = { bars: report.bars, benchmark: given.benchmark };
  const backfill = range && checkedRange(range, asOf);
  const restatements = findRestatements(previous, current, { rules, backfill });
  return { report: { ...report, findings: [...report.findings, ...restatements] }, firstSession };
}

/** Where the reports of bars that were refused lie: beside those bars. */
function refusalKeys({ barsKey }: FetchedBars): SnapshotManifest['reports'] {
  const folder = barsKey.slice(0, barsKey.lastIndexOf('/'));
  return { html: `${folder}/report.html`, json: `${folder}/report.json` };
}

function reportsOf(
  { codeVersion }: MarketDataWorld,
  {
    fetched,
    report,
    rules,
    digest,
  }: {
    readonly fetched: FetchedBars;
    readonly report: ContractReport;
    readonly rules: readonly RuleSummary[];
    readonly digest: Digest | null;
  },
): IngestReports {
  const { dataset, asOf, provider, origin, range } = fetched;
  const { verdict, hardFailures, quarantined, findings } = report;
  return {
    html: reportPage(`${dataset} as of ${asOf}`, report, rules),
    json: {
      dataset,
      asOf,
      range: range ?? null,
      digest,
      provider,
      origin,
      codeVersion,
      verdict,
      hardFailures,
      quarantined,
      rules,
      findings,
    },
  };
}

/**
 * A range as it was asked for.
 * @throws Failure BACKFILL_REFUSED when it is none, or ends after the session asked for
 */
export function checkedRange({ from, to }: NonNullable<IngestRequest['range']>, asOf: string): SessionSpan {
  if (from <= to && to <= asOf) return { from: sessionDate(from), to: sessionDate(to) };
  throw new Failure('BACKFILL_REFUSED', `${from} to ${to} is no range that ends at ${asOf} or before`, { from, to });
}

/** Rows over all symbols. */
export function rowsOf(bars: readonly DailyBars[]): number {
  return bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
}

function knownAsOf({ bars, benchmark }: Snapshot, asOf: SessionDate): Snapshot {
  const from = sessionDate('0001-01-01');
  const { end } = rowsOfSpan(benchmark.sessions, { from, to: asOf });
  return {
    bars: bars.map((one) => barsBetween(one, from, asOf)).filter(({ sessions }) => sessions.length > 0),
    benchmark: {
      sessions: benchmark.sessions.slice(0, end),
      close: benchmark.close.slice(0, end),
      source: benchmark.source.slice(0, end),
    },
  };
}
