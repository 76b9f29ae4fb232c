import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { demotions, findDemotion } from '#infra/stack/demotion.ts';
import { stackAddresses } from '#infra/stack/ownAddresses.ts';
import { freePort } from '#infra/stack/ports.ts';
import { postgresBinaries } from '#infra/stack/postgresBinaries.ts';
import { postgresData } from '#infra/stack/postgresData.ts';
import { ServerProcess } from '#infra/stack/serverProcess.ts';
import { postgresServer } from '#infra/stack/servers.ts';
import { programIn } from './program.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const isRoot = process.getuid?.() === 0;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a program that refuses root', () => {
  it('needs no other way when we are not root', async () => {
    expect(await findDemotion('/no/such/program', { userId: 1_000 })).toBeUndefined();
  });

  it('takes the second way where the first is forbidden', async () => {
    const folder = programIn(temporaryFolder(), 'unshare', 'echo unshare failed: Operation not permitted >&2; exit 1');
    vi.stubEnv('PATH', programIn(folder, 'setpriv', 'exit 0'));
    expect(await findDemotion('/bin/true', { userId: 0 })).toBe(demotions[1]);
  });

  it('ends with POSTGRES_ROOT_REFUSED, telling what each way said, when none works', async () => {
    vi.stubEnv('PATH', programIn(temporaryFolder(), 'unshare', 'echo Operation not permitted >&2; exit 1'));
    await expect(findDemotion('/bin/true', { userId: 0 })).rejects.toMatchObject({
      code: 'POSTGRES_ROOT_REFUSED',
      message: expect.stringMatching(/user namespace: Operation not permitted; unprivileged user: .*ENOENT/) as string,
    });
  });
});

describe('the data folder of PostgreSQL', () => {
  it('that is another user’s ends a start with POSTGRES_DATA_FOREIGN, and is left as it is', async () => {
    const home = temporaryFolder();
    const data = path.join(home, 'postgres');
    mkdirSync(data);
    writeFileSync(path.join(data, 'initialised'), '');
    const owner = statSync(data).uid;
    vi.spyOn(process, 'getuid').mockReturnValue(owner + 1);
    const request = { bin: '', home, password: '', demotion: undefined };
    await expect(postgresData(request)).rejects.toMatchObject({ code: 'POSTGRES_DATA_FOREIGN', details: { owner } });
    expect(statSync(data).uid).toBe(owner);
  });

  it.skipIf(!isRoot)(
    'begun in one way by root opens in the other, in a home that is closed to others',
    async () => {
      const home = temporaryFolder();
      chmodSync(home, 0o700);
      if (isRoot) chownSync(home, 0, 0);
      const [namespace, user] = demotions;
      for (const [turn, way] of [user, namespace, user].entries()) {
        if (!way) throw new Error('two ways are known');
        const rows = await queried(
          home,
          [way],
          'create table if not exists turns(n int)',
          `insert into turns values (${turn})`,
        );
        expect(rows).toBe(turn + 1);
        expect(statSync(path.join(home, 'postgres')).uid).toBe(way.owner);
      }
    },
    120_000,
  );
});

/** Starts PostgreSQL in one way, runs statements, counts the turns and stops it. */
async function queried(home: string, ways: typeof demotions, ...statements: readonly string[]): Promise<number> {
  const ports = { postgres: await freePort() };
  const credentials = { postgresPassword: 'of-this-test', s3AccessKey: '', s3SecretKey: '' };
  const addresses = stackAddresses({ ports, credentials, given: {}, objectServer: 'minio' });
  const settings = { home, ports, credentials, addresses };
  const server = new ServerProcess(await postgresServer(postgresBinaries(), settings, ways), home);
  onTestFinished(() => server.stop());
  await server.start();
  const url = Object.assign(new URL(addresses.postgres.url), { pathname: '/postgres' }).href;
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ readonly turns: number }>('select count(*)::int as turns from turns');
  await client.end();
  await server.stop();
  return rows[0]?.turns ?? 0;
}
