import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DailyBars } from '#domain/bars.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import {
  crossByColumns,
  crossByEvents,
  crossingBars,
  crossingMarket,
  roundingOf,
  sessionsOfFile,
  type CrossingOutcome,
} from './backtestCases.ts';
import { measureCost } from './backtestCost.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines } from './lineProcess.ts';

// What a bar costs the event core, whatever the number of symbols and bars; and the crossing of two moving averages on
// 5,000 bars of 1, 50 and 500 symbols, beside NautilusTrader, backtrader and vectorbt on the same bars, in turns:
// `npm run bench -- backtest [--returns FILE] [--only cost,nautilus,vectorbt] [--symbols 1,50,500] [--rounds 3] [--json]`
// after `test/bench/peers/setup.sh`, which `--only cost` does not need.
const { values } = parseArgs({
  options: {
    returns: { type: 'string', default: '../shared/bench/inputs/rets500.bin' },
    only: { type: 'string', default: 'cost,nautilus,backtrader,vectorbt' },
    symbols: { type: 'string', default: '1,50,500' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

/** Environments of the peers, and how far their own money is rounded: NautilusTrader charges whole cents. */
const peers = {
  nautilus: { environment: 'nt', centsAFill: 0.5 },
  backtrader: { environment: 'bt', centsAFill: 0 },
  vectorbt: { environment: 'bt', centsAFill: 0 },
} as const;
type Peer = keyof typeof peers;

interface Pass extends CrossingOutcome {
  readonly seconds: number;
  readonly processorSeconds: number;
  /** Of a peer that tells its engine apart from the loading of data. */
  readonly engineSeconds?: number;
}

function ourPass(peer: Peer, bars: readonly DailyBars[]): () => Pass {
  // Columns are laid out beforehand where the peer's are: it begins with data frames of closes.
  const market = peer === 'vectorbt' ? crossingMarket(bars) : undefined;
  return () => {
    const [beganMs, used] = [performance.now(), process.cpuUsage()];
    const outcome = market ? crossByColumns(market) : crossByEvents(bars);
    const seconds = (performance.now() - beganMs) / 1_000;
    const { user, system } = process.cpuUsage(used);
    return { ...outcome, seconds, processorSeconds: (user + system) / 1e6 };
  };
}

// A peer's pass that takes over ten seconds is counted from the first one: nothing of it is left to warm up. One that
// takes over a minute is not repeated: on 500 symbols NautilusTrader takes three minutes and a half of processor time and
// backtrader seven, each more than every round of ours together.
const [longPassSeconds, onePassSeconds] = [10, 60];

/** Untimed passes, until compiled code is warm: at least three, for a second. */
function warmUp(pass: () => Pass): void {
  for (let [passes, seconds] = [0, 0]; passes < 3 || seconds < 1; passes += 1) seconds += pass().processorSeconds;
}

async function compare(peer: Peer, symbols: number, { file, rounds }: { file: string; rounds: number }): Promise<void> {
  const ours = ourPass(peer, crossingBars(file, symbols));
  const theirs = startLines([
    peerPython(peers[peer].environment),
    benchProgram('peers/backtest.py'),
    peer,
    file,
    String(symbols),
  ]);
  const passes = { ours: [] as Pass[], peer: [] as Pass[] };
  try {
    warmUp(ours);
    const first = await theirs.ask<Pass>({});
    const isLong = first.seconds > longPassSeconds && peer !== 'vectorbt';
    const passesOfPeer = isLong && first.seconds > onePassSeconds ? 1 : rounds;
    if (isLong) passes.peer.push(first);
    for (let round = 0; round < rounds; round += 1) {
      passes.ours.push(ours());
      if (passes.peer.length < passesOfPeer) passes.peer.push(await theirs.ask<Pass>({}));
      passes.ours.push(ours());
    }
  } finally {
    theirs.stop();
  }
  report(peer, symbols, passes);
}

function report(
  peer: Peer,
  symbols: number,
  passes: { readonly ours: readonly Pass[]; readonly peer: readonly Pass[] },
): void {
  const bars = symbols * sessionsOfFile;
  const [mine, other] = [passes.ours[0]!, passes.peer[0]!];
  const apart = roundingOf(mine) + (peers[peer].centsAFill / 100) * mine.fills;
  if (mine.fills !== other.fills || !(Math.abs(mine.pnl - other.pnl) <= apart)) {
    throw new Error(
      `${peer}, ${symbols} symbols: ${mine.fills} fills, ${mine.pnl}; the peer's ${other.fills}, ${other.pnl}`,
    );
  }
  const rate = (side: readonly Pass[], seconds: (pass: Pass) => number): number => bars / median(side.map(seconds));
  // The peer's engine alone where it says so, against all of ours from bars to money.
  const theirs = rate(passes.peer, (pass) => pass.engineSeconds ?? pass.seconds);
  const ourRate = rate(passes.ours, (pass) => pass.seconds);
  const line = {
    name: `backtest/${peer}/${symbols}`,
    ours: Math.round(ourRate),
    peer: Math.round(theirs),
    ratio: rounded(ourRate / theirs),
    unit: 'bars/s',
    path: peer === 'vectorbt' ? 'fast' : 'events',
    symbols,
    bars,
    fills: mine.fills,
    pnl: rounded(mine.pnl),
    oursSeconds: passes.ours.map(({ seconds }) => rounded(seconds)),
    peerSeconds: passes.peer.map(({ seconds }) => rounded(seconds)),
    byProcessorTime: rounded(
      median(passes.peer.map((pass) => pass.processorSeconds)) /
        median(passes.ours.map((pass) => pass.processorSeconds)),
    ),
  };
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new RangeError(`not a whole number from 1: ${text}`);
  return Number(text);
}

function isPeer(name: string): name is Peer {
  return Object.hasOwn(peers, name);
}

endWithParent();
const file = path.resolve(values.returns);
const named = values.only.split(',');
const chosen = named.filter(isPeer);
const rounds = wholeNumber(values.rounds);
for (const needed of [file, ...chosen.map((peer) => peerPython(peers[peer].environment))]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --returns, or run test/bench/peers/setup.sh`);
}
if (named.includes('cost')) {
  for (const line of measureCost(file, rounds)) console.log(lineText(line, values.json ? 'json' : 'text'));
}
for (const symbols of values.symbols.split(',').map(wholeNumber)) {
  for (const peer of chosen) await compare(peer, symbols, { file, rounds });
}
