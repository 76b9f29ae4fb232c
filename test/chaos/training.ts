import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '#infra/stack/cache.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { startStack } from '#infra/stack/stack.ts';
import { playAgentRounds } from './agentRounds.ts';
import { printLine, wholeNumber } from './chaosLines.ts';
import { openTrainingHouse } from './trainingHouse.ts';
import { playTrainingRounds } from './trainingRounds.ts';

// Kills trainings with SIGKILL at moments drawn from a seed and compares what they end in with undisturbed ones, byte for
// byte: `npm run chaos -- training [--rounds 20] [--seed N] [--json]`. A round is a kill of a forecaster's worker or
// model process on real servers, and one or more of a process that trains SAC.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
});

async function play(): Promise<number> {
  const [rounds, seed] = [wholeNumber(values.rounds), wholeNumber(values.seed)];
  const startedMs = Date.now();
  const print = (line: object): void => printLine(line, values.json);
  const home = await mkdtemp(path.join(tmpdir(), 'plimsoll-chaos-training-'));
  // PostgreSQL refuses root and then runs as another user, who must reach its folder.
  await chmod(home, 0o755);
  const stack = await startStack({ home, cache: cacheFolder(), progress: () => undefined });
  try {
    const house = await openTrainingHouse(stack.addresses);
    try {
      const forecasters = await playTrainingRounds({ ...house, rounds, seed, onRound: print });
      const agents = await playAgentRounds({ folder: path.join(home, 'agents'), rounds, seed, onRound: print });
      print({ seed, rounds, forecasters, agents, seconds: Math.round((Date.now() - startedMs) / 1_000) });
      return forecasters.violations.length + agents.violations.length === 0 ? 0 : 1;
    } finally {
      await house.stop();
    }
  } finally {
    await stack.stop();
    await rm(home, { recursive: true, force: true });
  }
}

endWithParent();
process.exitCode = await play();
