import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isFailure } from '#domain/failure.ts';
import { cacheFolder, type Progress } from './cache.ts';
import { endWithParent } from './endWithParent.ts';
import { provideMinio } from './minio.ts';
import { chooseObjectServer } from './objectServer.ts';
import { guarded } from './processGroup.ts';
import { providePythonServers } from './pythonServers.ts';
import { provideSample } from './sampleData.ts';
import { provideSeaweedfs } from './seaweedfs.ts';
import { provideTensorflow } from './tensorflow.ts';
import { testCounts, type TestReport } from './testCounts.ts';

// Provides what the tests need, runs them, and prints their count alone on the last line.
const startedMs = Date.now();
const progress: Progress = (name, text) =>
  console.error(`${Math.round((Date.now() - startedMs) / 1000)} s  ${name}: ${text}`);

async function provideObjectServer(cache: string): Promise<string> {
  const server = await chooseObjectServer({ cache });
  return server === 'minio' ? provideMinio(cache, progress) : provideSeaweedfs(cache, progress);
}

async function provideAll(cache: string): Promise<void> {
  await Promise.all([
    provideObjectServer(cache),
    providePythonServers(cache, progress),
    provideTensorflow(cache, progress),
    provideSample(cache, progress),
  ]);
  progress('tests', 'everything they need is there');
}

async function runVitest(args: readonly string[]): Promise<number> {
  const report = path.join(tmpdir(), `plimsoll-tests-${process.pid}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { command, args: guardedArgs } = guarded({
    command: process.execPath,
    args: ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args],
    stopSignal: 'SIGTERM',
  });
  const child = spawn(command, guardedArgs, { stdio: 'inherit' });
  // vitest stops its servers when it is asked to end: we wait for it instead of ending first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 130)));
  const text = await readFile(report, 'utf8').catch(() => undefined);
  await rm(report, { force: true });
  if (text === undefined) {
    console.error('vitest ended without a report, see above');
    return status === 0 ? 1 : status;
  }
  const { passed, failed, skipped } = testCounts(JSON.parse(text) as TestReport);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  // A run in which nothing passed proves nothing.
  return passed === 0 && status === 0 ? 1 : status;
}

endWithParent();
try {
  await provideAll(cacheFolder());
  process.exitCode = await runVitest(process.argv.slice(2));
} catch (error) {
  console.error(isFailure(error) ? `${error.code}: ${error.message}` : error);
  // What else is being provided is given up too.
  process.exit(1);
}
