import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const bootstrap = ['infra/stack/bootstrap.mjs', 'chaos', 'lifecycle', '--json'];
const roundTimeoutMs = 900_000;

// The whole is `npm run chaos -- lifecycle`; here is one round of it.
test(
  'a start whose worker is killed is completed by the next, and nothing is doubled, lost or left behind',
  async () => {
    const round = ['--rounds', '1', '--windows', '2', '--seed', '1', '--victim', 'worker-validation'];
    const { stdout } = await promisify(execFile)(process.execPath, [...bootstrap, ...round], { cwd: checkout });
    const lines = stdout.trim().split('\n');
    expect(JSON.parse(lines.at(-2)!)).toMatchObject({ round: 1, violations: [] });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ rounds: 1, missed: 0, wrong: 0 });
  },
  roundTimeoutMs,
);
