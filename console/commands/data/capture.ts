import { setTimeout as delay } from 'node:timers/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Registry } from 'prom-client';
import type { FeedKind } from '#activities/ports/marketFeed.ts';
import { Failure } from '#domain/failure.ts';
import type { FeedNotice } from '#domain/feedNotices.ts';
import type { TradingStatus } from '#domain/marketEvents.ts';
import { captureFeed, type CaptureCounts } from '#infra/capture/captureFeed.ts';
import { CaptureWriter } from '#infra/capture/captureWriter.ts';
import { uploadSegments, type StoredSegment } from '#infra/capture/uploadSegments.ts';
import { createFeedMetrics } from '#infra/feeds/feedMetrics.ts';
import { feedNames, type FeedName } from '#infra/feeds/feedStreams.ts';
import { openFeed } from '#infra/feeds/openFeed.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { Database } from '#infra/postgres/database.ts';
import { createTradingStatuses } from '#infra/postgres/tradingStatuses.ts';
import { readAddresses } from '#infra/stack/addresses.ts';
import { serveMetrics, type MetricsEndpoint } from '#infra/telemetry/metrics.ts';
import type { CommandContext } from '../../context.ts';
import { stackPlace } from '../../stackPlace.ts';

const uploadIntervalMs = 10_000;
const kindsKnown: readonly FeedKind[] = ['trades', 'quotes', 'bars', 'depth'];

interface CaptureOptions {
  readonly provider: FeedName;
  readonly symbols: readonly string[];
  readonly kinds?: readonly FeedKind[];
  readonly folder: string;
  readonly seconds?: number;
  readonly url?: string;
  readonly upload?: true;
  readonly metricsPort?: number;
  readonly publish?: true;
}

/** `data capture`: a live feed to disk, then to the object store. */
export function registerDataCapture(data: Command, context: CommandContext): void {
  data
    .command('capture')
    .description('write a live feed to disk until stopped; `data replay` reads it')
    .addOption(new Option('--provider <name>', 'whose stream').choices(feedNames).makeOptionMandatory())
    .requiredOption('--symbols <list>', 'symbols, comma between', listOf)
    .option('--kinds <list>', 'of trades, quotes, bars and depth; all that the feed carries when not given', kindsOf)
    .requiredOption('--folder <path>', 'folder of the segments; made when there is none, continued when there is')
    .option('--seconds <n>', 'stop by itself after so long', secondsOf)
    .option('--url <address>', "the stream's address, where it is not the vendor's own")
    .option('--metrics-port <port>', "serve the feed's figures to Prometheus; 0 takes a free port", portOf)
    .option('--upload', "put complete segments into the stack's object store, and remove them from the disk")
    .option('--publish', "publish halts and pauses to the stack's database, where every order is held against them")
    .action(async (options: CaptureOptions) => {
      const { counts, stored } = await capture(options, context);
      const { provider, symbols, folder } = options;
      context.answer({
        value: { provider, symbols, folder, ...counts, stored },
        text: captureText(options, { counts, stored }),
      });
    });
}

interface Captured {
  readonly counts: CaptureCounts & { readonly lost: number };
  readonly stored: readonly StoredSegment[];
}

async function capture(options: CaptureOptions, context: CommandContext): Promise<Captured> {
  const { provider, symbols, folder, url, metricsPort } = options;
  const { data, telemetry } = context.settings().settings;
  const registry = new Registry();
  const opened = openFeed(provider, {
    settings: data,
    environment: context.environment,
    ...(url !== undefined && { url }),
    metrics: createFeedMetrics(registry),
  });
  const { feed } = opened;
  const stream = feed.subscribe({
    consumer: 'capture',
    symbols,
    kinds: options.kinds ?? opened.kinds,
    quotes: 'every',
    queueEventsMax: data.feed.queueEventsMax,
  });
  const objects = options.upload
    ? await openObjectStore((await readAddresses(stackPlace(context).home)).objects)
    : null;
  const writer = await CaptureWriter.open(folder);
  const stored: StoredSegment[] = [];
  const upload = async (): Promise<void> => {
    if (!objects) return;
    const segments = await writer.finished();
    stored.push(...(await uploadSegments({ segments, feed: feed.name, objects, tables: parquetTables })));
  };
  const noticed = (notice: FeedNotice): void => context.note(JSON.stringify(notice));
  const ended = new AbortController();
  let figures: MetricsEndpoint | undefined;
  const publishing = options.publish ? await publishHalts(options, context) : undefined;
  try {
    if (metricsPort !== undefined) {
      figures = await serveFigures(registry, { host: telemetry.metricsHost, port: metricsPort });
      context.note(`figures at ${figures.url}`);
    }
    const uploading = uploadUntil(ended.signal, { upload, note: context.note });
    const capturing = captureFeed({ stream, writer, folder, noticed, ...publishing });
    // A feed that cannot begin ends its stream with the reason, which capturing then tells.
    const live = feed.start().then(
      () => stopAsked(options, context),
      () => undefined,
    );
    await Promise.race([live, capturing]);
    await feed.close();
    const counts = { ...(await capturing), lost: stream.counts.lost };
    ended.abort();
    await uploading;
    await writer.close(objects ? 'finish' : 'continue later');
    await upload();
    return { counts, stored };
  } finally {
    ended.abort();
    await opened.close();
    await figures?.close();
    await writer.close('continue later').catch(() => undefined);
    await publishing?.close();
  }
}

async function serveFigures(
  registry: Registry,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsEndpoint> {
  try {
    return await serveMetrics({ registry, host, port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Failure('PORT_TAKEN', `${host}:${port} is taken by another program`, { port }, { cause: error });
  }
}

/** Halts and pauses on their way to everybody who trades; one that cannot be published is told, and stays on the disk. */
async function publishHalts({ provider }: CaptureOptions, context: CommandContext) {
  const { postgres } = await readAddresses(stackPlace(context).home);
  const database = new Database({ url: postgres.url, applicationName: 'plimsoll-capture', connectionsMax: 1 });
  const statuses = createTradingStatuses(database);
  return {
    halted: async ({ symbol, status, reason, venueMs, receivedMs }: TradingStatus): Promise<void> => {
      const word = { symbol, status, reason, saidMs: venueMs ?? receivedMs, saidBy: provider };
      await statuses
        .publish(word)
        .catch((error: unknown) => context.note(`not published: ${symbol} ${status}: ${String(error)}`));
    },
    close: () => database.close(),
  };
}

/** Uploads now and then. What the store does not take stays on the disk and is tried again. */
async function uploadUntil(
  signal: AbortSignal,
  { upload, note }: { readonly upload: () => Promise<void>; readonly note: (text: string) => void },
): Promise<void> {
  while (!signal.aborted) {
    await delay(uploadIntervalMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await upload().catch((error: unknown) => note(`not uploaded: ${String(error)}`));
  }
}

async function stopAsked({ seconds }: CaptureOptions, context: CommandContext): Promise<void> {
  const stopped = context.untilStopped();
  if (seconds === undefined) await stopped;
  else await Promise.race([stopped, delay(seconds * 1_000, undefined, { ref: false })]);
}

function captureText({ provider, folder }: CaptureOptions, { counts, stored }: Captured): string {
  const kinds = Object.entries(counts.byKind).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    `${counts.events} events of ${provider} in ${folder}: ${kinds.join(', ') || 'none'}`,
    `${counts.late} came late, ${counts.lost} were lost, ${counts.notices} notices`,
  ];
  return [...lines, ...stored.map(({ key, events }) => `${events} events stored as ${key}`)].join('\n');
}

function listOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase());
  if (names.some((name) => !/^[A-Z][A-Z0-9.-]{0,14}$/.test(name))) throw new InvalidArgumentError('write AAPL,MSFT.');
  return [...new Set(names)];
}

function kindsOf(text: string): readonly FeedKind[] {
  const kinds = text.split(',').map((name) => kindsKnown.find((kind) => kind === name.trim()));
  if (kinds.includes(undefined)) throw new InvalidArgumentError(`write some of ${kindsKnown.join(',')}.`);
  return kinds as FeedKind[];
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  // A timer takes no more than 2^31 ms.
  if (!(seconds > 0) || seconds > 2_000_000) throw new InvalidArgumentError('write a number over 0.');
  return seconds;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('write a port, 0 to 65535.');
  return port;
}
