import { openRecording } from '#infra/feeds/openRecording.ts';
import type { BarRow } from '#pipelines/features/barFields.ts';
import { tableOfRows } from '#pipelines/features/barJoin.ts';
import { EventBars, eventBarFields, type EventBarTerms } from '#pipelines/features/eventBars.ts';
import type { FeaturePlan } from '#pipelines/features/featurePlan.ts';
import type { ClosedBars, SymbolRow } from './closedBars.ts';

/** Where best prices of a recording come from, and how deep its book counts. */
export type RecordingTerms = Pick<EventBarTerms, 'book' | 'depthLevels'>;

interface RecordingOrigin {
  readonly paths: readonly string[];
  readonly terms: RecordingTerms;
}

/**
 * Bars of recorded events, prices and microstructure together, each given as it closes: memory holds no events.
 * @throws Failure FILE_UNREADABLE, RECORDING_UNREADABLE
 */
export function recordedBars({ paths, terms }: RecordingOrigin, plan: FeaturePlan): Promise<ClosedBars> {
  const { market, timeframe } = plan;
  const rows = (): AsyncIterable<SymbolRow> => barsAsTheyClose(paths, { ...terms, market, timeframe });
  return Promise.resolve({
    fields: eventBarFields,
    rows,
    tables: async () => {
      const bySymbol = new Map<string | undefined, BarRow[]>();
      for await (const { symbol, row } of rows()) {
        const known = bySymbol.get(symbol);
        if (known) known.push(row);
        else bySymbol.set(symbol, [row]);
      }
      return [...bySymbol].map(([symbol, of]) => ({ symbol, bars: tableOfRows(of, eventBarFields) }));
    },
  });
}

async function* barsAsTheyClose(paths: readonly string[], terms: EventBarTerms): AsyncGenerator<SymbolRow> {
  const bySymbol = new Map<string, EventBars>();
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const event of (await openRecording(paths)).events) {
    const { symbol } = event;
    let bars = bySymbol.get(symbol);
    if (!bars) bySymbol.set(symbol, (bars = new EventBars(terms)));
    const row = bars.take(event);
    if (row) yield { symbol, row };
    lastMs = Math.max(lastMs, event.receivedMs);
  }
  // A bar that was under way when the recording ended is no bar.
  for (const [symbol, bars] of bySymbol) {
    const row = bars.endBy(lastMs);
    if (row) yield { symbol, row };
  }
}
