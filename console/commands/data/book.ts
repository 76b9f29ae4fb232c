import type { Command } from 'commander';
import { readBinanceRecording } from '#infra/binance/streamRecording.ts';
import { rebuildBooks, type BookState, type RebuildCounts } from '#pipelines/depth/rebuildBooks.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** The last states that a person is shown; --json gives all. */
const shownMax = 10;

/** `data book`: best bid and ask after every update of a recorded depth stream. */
export function registerDataBook(data: Command, context: CommandContext): void {
  data
    .command('book')
    .description('rebuild order books from recorded depth, and hold them against the recorded quotes')
    .argument('<files...>', 'recorded streams in the order of time, plain or gzip')
    .action(async (files: readonly string[]) => {
      const { states, counts } = await collect(files);
      const rows = states
        .slice(-shownMax)
        .map(({ symbol, updateId, bid, ask }) => [
          symbol,
          updateId,
          ...[bid, ask].flatMap((level) => [level?.[0] ?? '', level?.[1] ?? '']),
        ]);
      context.answer({
        value: { files, ...counts, updates: states.map(stateValue) },
        text: [
          tableText(
            ['symbol', 'update id', 'bid', 'bid size', 'ask', 'ask size'],
            rows.map((row) => row.map(String)),
          ),
          countsText(counts),
        ].join('\n'),
      });
    });
}

async function collect(
  files: readonly string[],
): Promise<{ readonly states: readonly BookState[]; readonly counts: RebuildCounts }> {
  const rebuilt = rebuildBooks(readBinanceRecording(files));
  const states: BookState[] = [];
  let next = await rebuilt.next();
  while (next.done !== true) {
    states.push(next.value);
    next = await rebuilt.next();
  }
  return { states, counts: next.value };
}

function stateValue({ symbol, updateId, bid, ask }: BookState): object {
  return {
    symbol,
    updateId,
    bid: bid?.[0] ?? null,
    bidSize: bid?.[1] ?? null,
    ask: ask?.[0] ?? null,
    askSize: ask?.[1] ?? null,
  };
}

function countsText(counts: RebuildCounts): string {
  const { events, snapshots, updatesApplied, updatesStale, gaps, quotesCompared, quotesAgreeing } = counts;
  return [
    `${events} events: ${snapshots} snapshots, ${updatesApplied} updates applied, ${updatesStale} stale, ${gaps} gaps`,
    `${quotesAgreeing} of ${quotesCompared} quotes with an update id in common say the same`,
  ].join('\n');
}
