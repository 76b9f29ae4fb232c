import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { createLogger } from '#infra/telemetry/logger.ts';
import { logProgram } from '#infra/telemetry/programLines.ts';

function loggedFrom(printed: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'trace',
    destination: { write: (line: string) => void lines.push(line) },
  });
  logProgram(logger, 'model process', Readable.from([printed]));
  const expected = printed.split('\n').filter((line) => line.trim() !== '').length;
  return vi.waitFor(() => {
    expect(lines).toHaveLength(expected);
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  });
}

test.each([
  ['2026-11-21 09:44:39.123456: I tensorflow/core/platform/cpu_feature_guard.cc:210] This binary uses AVX2', 'debug'],
  ['2026-11-21 09:44:39.123456: W tensorflow/core/common_runtime/bfc_allocator.cc:482] Allocator ran out', 'warn'],
  ['E0000 00:00:1732182279.000000 123 cuda_dnn.cc:8310] Unable to register cuDNN factory', 'error'],
  ['F tensorflow/core/platform/status.cc:12] Check failed', 'fatal'],
  ['something a library says without any form', 'warn'],
])('the line %j of a library is one of ours at its own level', async (line, level) => {
  const [logged] = await loggedFrom(`${line}\n`);
  expect(logged).toMatchObject({ 'log.level': level, 'process.name': 'model process', 'service.name': 'test' });
  expect(line.endsWith(String(logged?.message))).toBe(true);
});

test('empty lines are dropped, several at once are several', async () => {
  expect(await loggedFrom('one\n\n  \ntwo')).toMatchObject([{ message: 'one' }, { message: 'two' }]);
});

test('warnings and the error that ends a program are lines of its log, and it ends with 1', () => {
  const file = fileURLToPath(new URL('../../../../infra/telemetry/programLines.ts', import.meta.url));
  const program = `
    import { logOwnEnd } from ${JSON.stringify(file)};
    logOwnEnd('ending');
    process.emitWarning('beware');
    setTimeout(() => { throw new Error('no way on') }, 50);`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(
    stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { 'log.level': 'warn', message: 'beware' },
    { 'log.level': 'fatal', message: 'ended by an error: no way on', error: { message: 'no way on' } },
  ]);
});
