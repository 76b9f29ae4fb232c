import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isNotice } from '#domain/feedNotices.ts';
import { marketEventText } from '#domain/marketEventText.ts';
import { openRecording } from '#infra/feeds/openRecording.ts';
import { createReplayFeed } from '#infra/feeds/replayFeed.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median } from './figures.ts';

// Events a second of a recorded depth stream through the interface of live feeds, with the digest of every event and
// without, and how much memory the same stream takes when it is several times as long:
// `npm run bench -- replay [--data FOLDER] [--rounds 5] [--json]`.
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const files = ['btcusdt_20240808.gz', 'btcusdt_20240809.gz'].map((name) =>
  path.join(values.data, 'order_book_l2/binance_spot_btcusdt', name),
);
const longerTimes = 4;
const eventsBetweenLooks = 1_000;
const bytesPerMebibyte = 2 ** 20;

interface Pass {
  readonly events: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly residentMaxMebibytes: number;
  readonly digest: string;
}

async function replay(paths: readonly string[], digests: 'digested' | 'handed on'): Promise<Pass> {
  const [beganMs, beganProcessor] = [performance.now(), process.cpuUsage()];
  const { events: recorded } = await openRecording(paths);
  const feed = createReplayFeed({ name: 'bench', events: recorded, speed: 'max' });
  const stream = feed.subscribe({
    consumer: 'bench',
    symbols: ['*'],
    kinds: ['quotes', 'trades', 'bars', 'depth'],
    quotes: 'every',
    queueEventsMax: 1_024,
  });
  await feed.start();
  const hash = createHash('sha256');
  let [events, residentMax] = [0, 0];
  for await (const event of stream) {
    if (digests === 'digested' && !isNotice(event)) hash.update(`${marketEventText(event)}\n`);
    events += 1;
    if (events % eventsBetweenLooks === 0) residentMax = Math.max(residentMax, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(beganProcessor);
  return {
    events,
    seconds: (performance.now() - beganMs) / 1_000,
    processorSeconds: (user + system) / 1e6,
    residentMaxMebibytes: Math.round(residentMax / bytesPerMebibyte),
    digest: hash.digest('hex'),
  };
}

endWithParent();
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`not a whole number from 1: ${values.rounds}`);
for (const file of files) if (!existsSync(file)) throw new Error(`there is no ${file}: give --data`);
// Untimed: compiled code and the files' pages are warm afterwards.
await replay(files, 'digested');
const passes = { handedOn: [] as Pass[], digested: [] as Pass[] };
for (let round = 0; round < rounds; round += 1) {
  passes.handedOn.push(await replay(files, 'handed on'));
  passes.digested.push(await replay(files, 'digested'));
}
const digests = new Set(passes.digested.map(({ digest }) => digest));
if (digests.size !== 1) throw new Error(`replays differ: ${[...digests].join(', ')}`);
const longer = await replay(Array.from({ length: longerTimes }, () => files).flat(), 'handed on');
const speed = (of: readonly Pass[]): number => Math.round(median(of.map(({ events, seconds }) => events / seconds)));
const line = {
  name: 'replay.depth',
  ours: speed(passes.handedOn),
  unit: 'events/s',
  // The peers of this project's benchmarks replay no recorded depth.
  peer: null,
  digested: speed(passes.digested),
  digest: passes.digested[0]!.digest,
  events: passes.handedOn[0]!.events,
  processorSeconds: median(passes.handedOn.map(({ processorSeconds }) => processorSeconds)),
  residentMaxMebibytes: Math.max(...passes.handedOn.map(({ residentMaxMebibytes }) => residentMaxMebibytes)),
  longerTimes,
  longerEvents: longer.events,
  longerResidentMaxMebibytes: longer.residentMaxMebibytes,
};
console.log(lineText(line, values.json ? 'json' : 'text'));
