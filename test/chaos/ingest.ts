import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '#infra/stack/cache.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { startStack } from '#infra/stack/stack.ts';
import { printLine, wholeNumber } from './chaosLines.ts';
import { openIngestHouse } from './ingestHouse.ts';
import { playIngestRounds } from './ingestRounds.ts';

// Kills the worker with SIGKILL in the middle of one ingest after the other, at moments drawn from a seed, and looks all
// the while at what readers of the catalogue see:
// `npm run chaos -- ingest [--rounds 100] [--seed N] [--json]`.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
});

async function play(): Promise<number> {
  const [rounds, seed] = [wholeNumber(values.rounds), wholeNumber(values.seed)];
  const startedMs = Date.now();
  const print = (line: object): void => printLine(line, values.json);
  const home = await mkdtemp(path.join(tmpdir(), 'plimsoll-chaos-ingest-'));
  // PostgreSQL refuses root and then runs as another user, who must reach its folder.
  await chmod(home, 0o755);
  const stack = await startStack({
    home,
    cache: cacheFolder(),
    progress: () => undefined,
    services: ['temporal', 'postgres', 'minio'],
  });
  try {
    const house = await openIngestHouse(stack.addresses);
    try {
      const outcome = await playIngestRounds({ ...house, rounds, seed, onRound: print });
      print({ seed, rounds, ...outcome, seconds: Math.round((Date.now() - startedMs) / 1_000) });
      return outcome.violations.length === 0 ? 0 : 1;
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
