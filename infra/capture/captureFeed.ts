import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { FeedSubscription } from '#activities/ports/marketFeed.ts';
import { isNotice, type FeedNotice } from '#domain/feedNotices.ts';
import type { MarketEvent, TradingStatus } from '#domain/marketEvents.ts';
import type { CaptureWriter } from './captureWriter.ts';

/** What was captured so far. */
export interface CaptureCounts {
  readonly events: number;
  readonly late: number;
  readonly notices: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** What a capture is made of. */
export interface CaptureRequest {
  readonly stream: FeedSubscription;
  readonly writer: CaptureWriter;
  readonly folder: string;
  /** Told as things happen: connections, gaps, losses. */
  readonly noticed: (notice: FeedNotice) => void;
  /** Told of every halt, pause and resumption, after it was written. */
  readonly halted?: (status: TradingStatus) => Promise<void>;
}

/**
 * Writes a stream to disk until it ends. Events that came too late for their place are written where they came: a capture
 * is what was learnt, in that order. What the feed told of itself (gaps, losses, stale symbols) stands in `notices.jsonl`
 * beside the segments, so that a hole is never taken for a quiet market.
 * @throws what ended the stream, or what the disk said; events before it are flushed
 */
export async function captureFeed({ stream, writer, folder, noticed, halted }: CaptureRequest): Promise<CaptureCounts> {
  const byKind = new Map<string, number>();
  let [events, late, notices] = [0, 0, 0];
  const write = async (event: MarketEvent): Promise<void> => {
    writer.append(event);
    events += 1;
    byKind.set(event.kind, (byKind.get(event.kind) ?? 0) + 1);
    if (event.kind === 'tradingStatus') await halted?.(event);
  };
  try {
    for await (const event of stream) {
      if (!isNotice(event)) {
        await write(event);
      } else if (event.kind === 'late') {
        late += 1;
        await write(event.event);
      } else {
        notices += 1;
        await appendFile(path.join(folder, 'notices.jsonl'), `${JSON.stringify(event)}\n`);
        noticed(event);
      }
    }
  } finally {
    await writer.flush();
  }
  return { events, late, notices, byKind: Object.fromEntries([...byKind].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
