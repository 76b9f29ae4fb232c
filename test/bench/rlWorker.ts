import { prepareCase, type RlCase } from './rlCases.ts';

// A process of `npm run bench -- rl CASE RETURNS`: a pass for each message, which is the seed, answered with its seconds,
// processor seconds and what it found. It says `ready` once everything is loaded and compiled.
const [, , kind = '', returnsFile = ''] = process.argv;
const pass = await prepareCase(kind as RlCase, returnsFile);

async function answer(seed: number): Promise<void> {
  const [beganMs, used] = [performance.now(), process.cpuUsage()];
  const check = await pass(seed);
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - beganMs) / 1_000;
  process.send?.({ seconds, processorSeconds: (user + system) / 1e6, check });
}

process.on('message', (seed: number) => void answer(seed));
process.on('disconnect', () => process.exit());
process.send?.('ready');
