import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { sessionsBetween } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { seededRandom } from '#domain/random.ts';
import { checkContract, publishableBars } from '#pipelines/contract/checkContract.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';
import { fetchDailyBars } from '#activities/fetchDailyBars.ts';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { ingestMarketData } from '#workflows/ingestMarketData.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { countBy } from './counting.ts';
import { startMortalWorker, type MortalWorker } from './mortalWorker.ts';
import { watchSnapshots, type SnapshotSight } from './snapshotWatch.ts';

/** Kills to play. */
export interface IngestRounds {
  readonly rounds: number;
  readonly seed: number;
  /** Folder with the addresses of the servers, for the worker. */
  readonly home: string;
  readonly client: Client;
  readonly sight: SnapshotSight;
  readonly provider: MarketDataProvider;
  /** Told of each kill. */
  readonly onRound: (round: IngestRound) => void;
}

/** One kill. */
export interface IngestRound {
  readonly round: number;
  readonly asOf: SessionDate;
  /** What the worker was at: an activity, `between` two of them, or `done` when the ingest was over before the kill. */
  readonly at: string;
  /** Since the ingest was started. */
  readonly afterMs: number;
}

/** What the kills showed. */
export interface IngestOutcome {
  /** Kills in the middle of an ingest. */
  readonly kills: number;
  /** Kills that came when the ingest was over. */
  readonly missed: number;
  /** How long an ingest takes that nobody disturbs. */
  readonly undisturbedMs: number;
  readonly snapshots: number;
  /** How often head and catalogue were looked at meanwhile. */
  readonly looks: number;
  readonly byActivity: Readonly<Record<string, number>>;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const dataset = 'chaos-daily';
// The packaged sample ends here.
const lastSession = sessionDate('2023-09-21');
const universe = { symbols: [], benchmarkSymbol: 'SPY', firstSession: sessionDate('2013-01-02') };
// A kill that comes too late is made up for by another; a machine on which most come too late is told so.
const triesPerRound = 3;

type Ingest = WorkflowHandle<typeof ingestMarketData>;

/**
 * Ingests session after session and kills the worker once in each, at a moment drawn from the seed, while the ones
 * before are still being repeated; then waits until all are through and compares every snapshot's digest with that of
 * the same input undisturbed.
 */
export async function playIngestRounds(request: IngestRounds): Promise<IngestOutcome> {
  const { rounds, seed, home, sight, provider, onRound } = request;
  const sessions = sessionsBetween(universe.firstSession, lastSession).slice(-(rounds * triesPerRound + 1));
  const random = seededRandom(seed, 0);
  const watch = watchSnapshots(sight, dataset);
  const ingests = new Map<SessionDate, Ingest>();
  const played: IngestRound[] = [];
  let worker: MortalWorker = await startMortalWorker(home, 'marketData');
  try {
    const startedMs = Date.now();
    await (await startIngest(request, sessions[0]!)).result();
    const undisturbedMs = Date.now() - startedMs;
    for (const asOf of sessions.slice(1)) {
      if (struck(played).length === rounds) break;
      const ingest = await startIngest(request, asOf);
      ingests.set(asOf, ingest);
      const afterMs = Math.round(random() * undisturbedMs);
      await sleep(afterMs);
      const at = await activityOf(ingest);
      await worker.kill();
      played.push({ round: played.length + 1, asOf, at, afterMs });
      onRound(played.at(-1)!);
      worker = await startMortalWorker(home, 'marketData');
    }
    const violations = (await Promise.all([...ingests].map((one) => wrongOf(provider, one)))).flat();
    const seen = await watch.end();
    const catalogued = (await sight.catalogue.snapshots(dataset)).map(({ asOf }) => asOf);
    const expected = [sessions[0]!, ...ingests.keys()];
    const head = (await sight.catalogue.head(dataset))?.asOf;
    return {
      kills: struck(played).length,
      missed: played.length - struck(played).length,
      undisturbedMs,
      snapshots: catalogued.length,
      looks: watch.looks(),
      byActivity: Object.fromEntries(countBy(struck(played).map(({ at }) => at))),
      violations: [
        ...violations,
        ...seen,
        ...(struck(played).length === rounds ? [] : [`only ${struck(played).length} of ${rounds} kills met an ingest`]),
        ...(catalogued.join() === expected.join() ? [] : [`the catalogue holds ${catalogued.join()}`]),
        ...(head === expected.at(-1) ? [] : [`the head is as of ${head}`]),
      ],
    };
  } finally {
    await worker.kill();
    await watch.end();
  }
}

function startIngest({ client }: IngestRounds, asOf: SessionDate): Promise<Ingest> {
  return client.workflow.start<typeof ingestMarketData>('ingestMarketData', {
    taskQueue: taskQueues.lifecycle,
    workflowId: workflowIds.ingest(dataset, asOf),
    args: [{ dataset, asOf }],
  });
}

/** What a running ingest is at. */
async function activityOf(ingest: Ingest): Promise<string> {
  const { status, raw } = await ingest.describe();
  if (status.name !== 'RUNNING') return 'done';
  return raw.pendingActivities?.[0]?.activityType?.name ?? 'between';
}

function struck(played: readonly IngestRound[]): readonly IngestRound[] {
  return played.filter(({ at }) => at !== 'done');
}

/** What is wrong with an ingest that was disturbed. */
async function wrongOf(
  provider: MarketDataProvider,
  [asOf, ingest]: readonly [SessionDate, Ingest],
): Promise<readonly string[]> {
  try {
    const { digest } = await ingest.result();
    const wanted = await undisturbedDigest(provider, asOf);
    return digest === wanted ? [] : [`the snapshot as of ${asOf} is ${digest}, undisturbed ${wanted}`];
  } catch (error) {
    return [`the ingest as of ${asOf} failed: ${(error as Error).message}`];
  }
}

/** The digest of the same input by the pure stages alone: no store, no worker, nothing to disturb. */
async function undisturbedDigest(provider: MarketDataProvider, asOf: SessionDate): Promise<Digest> {
  const range = { from: universe.firstSession, to: asOf };
  const { bars, benchmark } = await fetchDailyBars(provider, universe, { range });
  const expectedSessions = sessionsBetween(range.from, asOf);
  const report = checkContract(bars, { rules: defaultContractRules, expectedSessions });
  return snapshotDigest({ bars: publishableBars(report, 'not written'), benchmark });
}
