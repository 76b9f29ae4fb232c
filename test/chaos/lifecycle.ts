import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { printLine, wholeNumber } from './chaosLines.ts';
import { phases } from './phases.ts';
import { playRound, type RoundOutcome, type Struck } from './playRound.ts';
import { planRounds, type RoundPlan } from './roundPlan.ts';
import { victims } from './victims.ts';

// Kills programs of a start with SIGKILL, or interrupts it, at moments drawn from a seed, starts again until the run
// completes, and looks at what then stands in the servers:
// `npm run chaos -- lifecycle [--rounds 30] [--windows 6] [--seed N] [--victim NAME] [--json]`.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    windows: { type: 'string', default: '6' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    victim: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

type PlayedRound = RoundOutcome & { readonly round: number; readonly home: RoundPlan['home'] };

const print = (line: object): void => printLine(line, values.json);

async function playRounds(): Promise<number> {
  const [rounds, windows, seed] = [values.rounds, values.windows, values.seed].map(wholeNumber);
  const startedMs = Date.now();
  const plans = planRounds(seed!, rounds!, onlyVictim());
  print({ seed, rounds, windows, start: 'each round kills by this plan, or as soon after as its victims run' });
  const played: PlayedRound[] = [];
  let folder: string | undefined;
  for (const [index, { home, strikes }] of plans.entries()) {
    const hasFailed = (played.at(-1)?.violations.length ?? 0) > 0;
    // A home in which something was wrong is kept for whoever looks for the cause, and never played in again.
    if (folder !== undefined && home === 'fresh' && !hasFailed) await rm(folder, { recursive: true, force: true });
    if (folder === undefined || home === 'fresh' || hasFailed)
      folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-chaos-'));
    const outcome = await playRound({ home: folder, windows: windows!, strikes });
    played.push({ round: index + 1, home, ...outcome });
    print(roundLine(played.at(-1)!, folder));
  }
  const wrong = played.filter(({ violations }) => violations.length > 0).length;
  if (folder !== undefined && played.at(-1)?.violations.length === 0)
    await rm(folder, { recursive: true, force: true });
  print({ seed, windows, ...summary(played), seconds: Math.round((Date.now() - startedMs) / 1_000) });
  return wrong === 0 ? 0 : 1;
}

function roundLine({ facts, struck, violations, ...round }: PlayedRound, folder: string): object {
  const { orders = null, fills = null, auditRecords = null } = facts ?? {};
  const strikes = struck.map(({ blow, phase, afterSeconds }) => `${blowText(blow)} in ${phase} at ${afterSeconds} s`);
  const kept = violations.length > 0 ? { folder } : {};
  return { ...round, strikes, orders, fills, auditRecords, violations, ...kept };
}

/** What was struck how often, by victim and by phase. */
function summary(played: readonly PlayedRound[]): object {
  const struck = played.flatMap((round) => round.struck);
  const blows: readonly string[] = struck.flatMap(({ blow }) =>
    blow.kind === 'kill' ? [...blow.victims] : [blowText(blow)],
  );
  const kinds = [...victims, 'everything', 'Ctrl-C', 'Ctrl-C twice'];
  return {
    rounds: played.length,
    starts: played.reduce((sum, { starts }) => sum + starts, 0),
    strikes: struck.length,
    missed: played.reduce((sum, { missed }) => sum + missed, 0),
    byVictim: Object.fromEntries(kinds.map((kind) => [kind, blows.filter((blow) => blow === kind).length])),
    byPhase: Object.fromEntries(phases.map((name) => [name, struck.filter(({ phase }) => phase === name).length])),
    wrong: played.filter(({ violations }) => violations.length > 0).length,
  };
}

function blowText(blow: Struck['blow']): string {
  if (blow.kind === 'kill') return blow.victims.join(' and ');
  if (blow.kind === 'killEverything') return 'everything';
  return blow.times === 1 ? 'Ctrl-C' : 'Ctrl-C twice';
}

function onlyVictim(): (typeof victims)[number] | undefined {
  const only = victims.find((name) => name === values.victim);
  if (values.victim !== undefined && only === undefined) {
    throw new RangeError(`--victim is one of ${victims.join(', ')}: ${values.victim}`);
  }
  return only;
}

endWithParent();
process.exitCode = await playRounds();
