import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { passOverDailyBars } from './dailyBars.ts';
import { replayDepth, type ReplayPass } from './depthReplay.ts';
import { startPandas, type DataPass } from './pandasPeer.ts';

// Market data on plain files: rows a second of parse, check, adjust and Parquet beside pandas (test/bench/peers/setup.sh
// makes its environment), in turns; and events a second of a recorded depth stream:
// `npm run bench -- data [--data FOLDER] [--rounds 5] [--json]`.
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const daily = path.join(values.data, 'daily_us_sp500');
const depth = ['btcusdt_20240808.gz', 'btcusdt_20240809.gz'].map((name) =>
  path.join(values.data, 'order_book_l2/binance_spot_btcusdt', name),
);
const repeats = 4;

async function benchDailyBars(folder: string): Promise<void> {
  const peer = startPandas(daily, path.join(folder, 'peer.parquet'));
  const ours = () => passOverDailyBars(daily, path.join(folder, 'ours.parquet'));
  try {
    // Untimed: compiled code and the files' pages are warm on both sides afterwards.
    sameWork(await ours(), await peer.pass());
    const passes = { ours: [] as DataPass[], peer: [] as DataPass[] };
    for (let round = 0; round < rounds(); round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      if (round % 2 === 0) passes.ours.push(await ours());
      passes.peer.push(await peer.pass());
      if (round % 2 === 1) passes.ours.push(await ours());
    }
    printDailyBars(passes);
  } finally {
    peer.stop();
  }
}

/** Rules that need no repair before them find the same on both sides, or the times say nothing. */
function sameWork(ours: DataPass, peer: DataPass): void {
  if (ours.rows !== peer.rows) throw new Error(`${ours.rows} rows of ours, ${peer.rows} of the peer`);
  for (const rule of ['volumeZero', 'missingSession', 'spinOffAsDividend', 'actionMismatch', 'mixedAdjustment']) {
    const [found, expected] = [ours.found[rule] ?? 0, peer.found[rule] ?? 0];
    if (found !== expected) throw new Error(`${rule}: ${found} found by ours, ${expected} by the peer`);
  }
}

function printDailyBars(passes: { readonly ours: readonly DataPass[]; readonly peer: readonly DataPass[] }): void {
  const { rows } = passes.ours[0]!;
  const speed = (side: readonly DataPass[]): number => rows / median(side.map(({ seconds }) => seconds));
  const [ours, peer] = [speed(passes.ours), speed(passes.peer)];
  print({
    name: 'data.daily',
    ours: Math.round(ours),
    peer: Math.round(peer),
    ratio: rounded(ours / peer),
    unit: 'rows/s',
    rows,
    oursSeconds: passes.ours.map(({ seconds }) => rounded(seconds)),
    peerSeconds: passes.peer.map(({ seconds }) => rounded(seconds)),
    oursProcessorSeconds: rounded(median(passes.ours.map(({ processorSeconds }) => processorSeconds))),
    peerProcessorSeconds: rounded(median(passes.peer.map(({ processorSeconds }) => processorSeconds))),
  });
}

async function benchReplay(): Promise<void> {
  await replayDepth(depth);
  const once: ReplayPass[] = [];
  for (let round = 0; round < rounds(); round += 1) once.push(await replayDepth(depth));
  // The same stream several times over: memory that grew with the input would show.
  const longer = await replayDepth(Array.from({ length: repeats }, () => depth).flat());
  print({
    name: 'data.replay',
    ours: Math.round(median(once.map(({ events, seconds }) => events / seconds))),
    unit: 'events/s',
    events: once[0]!.events,
    heapMaxMebibytes: Math.max(...once.map(({ heapMaxMebibytes }) => heapMaxMebibytes)),
    longerTimes: repeats,
    longerEvents: longer.events,
    longerHeapMaxMebibytes: longer.heapMaxMebibytes,
  });
}

function print(line: Readonly<Record<string, unknown>>): void {
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

function rounds(): number {
  if (!/^[1-9]\d?$/.test(values.rounds)) throw new RangeError(`not a whole number from 1: ${values.rounds}`);
  return Number(values.rounds);
}

endWithParent();
for (const needed of [daily, ...depth]) if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --data`);
const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-bench-'));
try {
  await benchDailyBars(folder);
  await benchReplay();
} finally {
  await rm(folder, { recursive: true, force: true });
}
