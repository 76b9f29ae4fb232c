import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder, type Progress } from './cache.ts';
import { provideMinio } from './minio.ts';
import { providePythonServers } from './pythonServers.ts';
import { provideSample } from './sampleData.ts';
import { provideTensorflow } from './tensorflow.ts';

// Provides what the tests need, runs them, and prints their count alone on the last line.
const startedMs = Date.now();
const progress: Progress = (name, text) =>
  console.error(`${Math.round((Date.now() - startedMs) / 1000)} s  ${name}: ${text}`);
const cache = cacheFolder();
await Promise.all([
  provideMinio(cache, progress),
  providePythonServers(cache, progress),
  provideTensorflow(cache, progress),
  provideSample(cache, progress),
]);
progress('tests', 'everything they need is there');

const report = path.join(tmpdir(), `plimsoll-tests-${process.pid}.json`);
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const child = spawn('node_modules/.bin/vitest', ['run', ...reporters, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));

const counts = await readFile(report, 'utf8').then(
  (text) =>
    JSON.parse(text) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    },
  () => undefined,
);
await rm(report, { force: true });
if (counts) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = counts;
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`);
}
process.exitCode = counts && counts.numPassedTests === 0 ? 1 : status;
