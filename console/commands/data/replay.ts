import { createHash } from 'node:crypto';
import { InvalidArgumentError, type Command } from 'commander';
import { isNotice } from '#domain/feedNotices.ts';
import { marketEventText } from '#domain/marketEventText.ts';
import { openRecording } from '#infra/feeds/openRecording.ts';
import { createReplayFeed } from '#infra/feeds/replayFeed.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** Events that wait for the counting at most: a replay waits for it, so that more would gain nothing. */
const queueEventsMax = 1_024;

/** What a replay handed on. */
interface ReplayTally {
  readonly events: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly symbols: readonly string[];
  /** Arrival of the first and last event, milliseconds since 1970 UTC; null where there is none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** SHA-256 of every event's canonical text, each ended by a line feed. */
  readonly digest: string;
}

/** `data replay`: recorded events through the interface of a live feed. */
export function registerDataReplay(data: Command, context: CommandContext): void {
  data
    .command('replay')
    .description('replay recorded events through the interface of a live feed, and tell their digest')
    .argument('<files...>', 'captures or recorded streams in the order of time, or LEAN archives of ticks')
    .option('--speed <times>', 'times the speed at which they came in, or max', speedOf, 'max')
    .action(async (files: readonly string[], { speed }: { readonly speed: number | 'max' }) => {
      const beganMs = performance.now();
      const { format, events } = await openRecording(files);
      const feed = createReplayFeed({ name: format, events, speed });
      const subscription = feed.subscribe({
        consumer: 'replay',
        symbols: ['*'],
        kinds: ['quotes', 'trades', 'bars', 'depth'],
        quotes: 'every',
        queueEventsMax,
      });
      const tallied = tally(subscription);
      await feed.start();
      const told = await tallied;
      const seconds = (performance.now() - beganMs) / 1_000;
      const eventsPerSecond = Math.round(told.events / seconds);
      context.answer({
        value: { files, format, speed, ...told, seconds: Math.round(seconds * 1_000) / 1_000, eventsPerSecond },
        text: tallyText(told, eventsPerSecond),
      });
    });
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return text;
  const times = Number(text);
  if (text.trim() === '' || !Number.isFinite(times) || times <= 0) {
    throw new InvalidArgumentError('write a number over 0, or max.');
  }
  return times;
}

async function tally(stream: ReturnType<ReturnType<typeof createReplayFeed>['subscribe']>): Promise<ReplayTally> {
  const hash = createHash('sha256');
  const byKind = new Map<string, number>();
  const symbols = new Set<string>();
  let [events, firstMs, lastMs]: [number, number | null, number | null] = [0, null, null];
  for await (const event of stream) {
    // A replay tells nothing of a connection, and whatever it is must not change the digest of what was recorded.
    if (isNotice(event)) continue;
    hash.update(`${marketEventText(event)}\n`);
    byKind.set(event.kind, (byKind.get(event.kind) ?? 0) + 1);
    symbols.add(event.symbol);
    events += 1;
    firstMs ??= event.receivedMs;
    lastMs = event.receivedMs;
  }
  return {
    events,
    byKind: Object.fromEntries([...byKind].sort(([a], [b]) => (a < b ? -1 : 1))),
    symbols: [...symbols].sort(),
    firstMs,
    lastMs,
    digest: hash.digest('hex'),
  };
}

function tallyText({ events, byKind, symbols, firstMs, lastMs, digest }: ReplayTally, eventsPerSecond: number): string {
  const instant = (ms: number | null): string => (ms === null ? '-' : new Date(ms).toISOString());
  const rows = Object.entries(byKind).map(([kind, count]) => [kind, String(count)]);
  return [
    tableText(['kind', 'events'], rows),
    `${events} events of ${symbols.join(', ') || 'nothing'}, received ${instant(firstMs)} to ${instant(lastMs)}`,
    `${eventsPerSecond} events a second; digest ${digest}`,
  ].join('\n');
}
