import { barsBetween, type DailyBars } from '#domain/bars.ts';
import { sessionsBetween } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import type { SnapshotManifest } from '#domain/snapshotManifest.ts';
import { checkContract, contractBroken, type ContractReport } from '#pipelines/contract/checkContract.ts';
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
  const report = heldToContract(world, { given, previous, fetched });
  const rules = summariseRules(report, rowsOf(given.bars));
  const { benchmark } = given;
  const reported = (digest: Digest | null): Promise<SnapshotManifest['reports']> =>
    writeReports(objects, fetched, reportsOf(world, { fetched, report, rules, digest }));
  if (report.verdict === 'refused') throw contractBroken(report, objects.uri((await reported(null)).html));
  const { bars } = report;
  const digest = snapshotDigest({ bars, benchmark });
  const reports = await reported(digest);
  const description = {
    ...describeSnapshot(world, { fetched, bars, rules }),
    digest,
    previous: head && head.digest !== digest ? head.digest : null,
    quarantined: report.quarantined,
    reports,
  };
  const earlier = head && (await readManifest(world, head));
  const manifestKey = await writeSnapshot(world, { bars, benchmark }, { description, earlier });
  const { symbols, rows, firstSession } = description;
  const written = { manifestKey, report: objects.uri(reports.html) };
  return { dataset, asOf, digest, symbols, rows, firstSession, findings: report.findings.length, ...written };
}

/** What the manifest tells of the rows and where they are from. */
function describeSnapshot(
  { codeVersion }: MarketDataWorld,
  {
    fetched: { dataset, asOf, provider, origin, barsKey, benchmarkKey },
    bars,
    rules,
  }: {
    readonly fetched: FetchedBars;
    readonly bars: readonly DailyBars[];
    readonly rules: readonly RuleSummary[];
  },
) {
  return {
    dataset,
    asOf,
    firstSession: firstSessionOf(bars) ?? asOf,
    symbols: bars.map(({ symbol }) => symbol),
    rows: rowsOf(bars),
    provider,
    origin,
    raw: { bars: barsKey, benchmark: benchmarkKey },
    codeVersion,
    rules: rules.map(({ rule, findings, symbols, severities }) => ({ rule, findings, symbols, severities })),
  };
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
): ContractReport {
  const expectedSessions = sessionsBetween(sessionDate(firstSessionOf(given.bars) ?? asOf), sessionDate(asOf));
  const report = checkContract(given.bars, { rules, expectedSessions });
  if (!previous || report.verdict === 'refused') return report;
  const current = { bars: report.bars, benchmark: given.benchmark };
  const backfill = range && checkedRange(range, asOf);
  const restatements = findRestatements(previous, current, { rules, backfill });
  return { ...report, findings: [...report.findings, ...restatements] };
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

function firstSessionOf(bars: readonly DailyBars[]): string | undefined {
  return bars.flatMap(({ sessions }) => sessions.slice(0, 1)).sort()[0];
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
