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
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines } from './lineProcess.ts';

// The crossing of two moving averages on 5,000 bars of 1, 50 and 500 symbols, beside NautilusTrader, backtrader and
// vectorbt on the same bars, in turns: `npm run bench -- backtest [--returns FILE] [--only nautilus,vectorbt]
// [--symbols 1,50,500] [--rounds 3] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    returns: { type: 'string', default: '../shared/bench/inputs/rets500.bin' },
    only: { type: 'string', default: 'nautilus,backtrader,vectorbt' },
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
    // Untimed: compiled code is warm on both sides. A peer whose pass takes long is measured from its first one.
    for (let warmUp = 0; warmUp < 3; warmUp += 1) ours();
    const first = await theirs.ask<Pass>({});
    const isLong = first.seconds > 10 && peer !== 'vectorbt';
    if (isLong) passes.peer.push(first);
    for (let round = 0; round < rounds; round += 1) {
      passes.ours.push(ours());
      if (round > 0 || !isLong) passes.peer.push(await theirs.ask<Pass>({}));
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
const chosen = values.only.split(',').filter(isPeer);
for (const needed of [file, ...chosen.map((peer) => peerPython(peers[peer].environment))]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --returns, or run test/bench/peers/setup.sh`);
}
for (const symbols of values.symbols.split(',').map(wholeNumber)) {
  for (const peer of chosen) await compare(peer, symbols, { file, rounds: wholeNumber(values.rounds) });
}
