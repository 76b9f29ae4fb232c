import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { Client as ObjectClient } from 'minio';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { diagnose } from '#infra/stack/doctor/diagnose.ts';
import { answers, postgresResponds } from '#infra/stack/health.ts';
import { identityOf, isAlive, type ProcessIdentity } from '#infra/stack/processIdentity.ts';
import { processTree } from '#infra/stack/processTree.ts';
import { searchAttributes } from '#infra/stack/servers.ts';
import { startStack } from '#infra/stack/stack.ts';
import { down, stackKeeper, up } from '#infra/stack/verbsUpDown.ts';
import { status, type StackStatus } from '#infra/stack/verbStatus.ts';

const cache = cacheFolder();
const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-stack-'));
const quiet = (): void => undefined;
const names = ['minio', 'mlflow', 'postgres', 'temporal'];
const memoryMaxBytes = 3 * 1024 ** 3;

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Readonly<Record<string, unknown>>>(text)).rows;
  } finally {
    await client.end();
  }
}

function objectClient({ objects }: StackAddresses): ObjectClient {
  const { hostname, port } = new URL(objects.endpoint);
  const { accessKey, secretKey, region } = objects;
  return new ObjectClient({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
}

/** Every process of a stack: its keeper, the servers and what they started. */
function processesOf({ keeperPid, servers }: StackStatus): readonly ProcessIdentity[] {
  const roots = [...servers.map(({ pid }) => pid), ...(keeperPid === undefined ? [] : [keeperPid])];
  return roots.flatMap((pid) => processTree(pid) ?? []).map(identityOf);
}

describe('a stack with PostgreSQL alone', () => {
  it('starts as any user, keeps its data over a restart, and leaves no process behind', async () => {
    const alone = mkdtempSync(path.join(tmpdir(), 'plimsoll-postgres-'));
    const start = (): ReturnType<typeof startStack> =>
      startStack({ home: alone, cache, progress: quiet, services: ['postgres'] });
    try {
      const first = await start();
      await query(first.addresses.postgres.url, 'create table kept as select 42 as answer');
      const [server] = first.status();
      const identity = identityOf(server?.pid ?? 0);
      expect(isAlive(identity)).toBe(true);
      await first.stop();
      expect(isAlive(identity)).toBe(false);
      const second = await start();
      expect(second.addresses).toEqual(first.addresses);
      expect(await query(second.addresses.postgres.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
      await second.stop();
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  });

  it('gives a start up when it is told to, with nothing left running', async () => {
    const abandoned = mkdtempSync(path.join(tmpdir(), 'plimsoll-abandoned-'));
    const abort = new AbortController();
    const progress = (name: string, text: string): void => {
      if (name === 'minio' && text === 'starting') abort.abort(new Error('interrupted'));
    };
    try {
      const start = startStack({ home: abandoned, cache, progress, signal: abort.signal });
      await expect(start).rejects.toThrow('interrupted');
      expect((await status(abandoned)).servers).toEqual([]);
      expect(await stackKeeper(abandoned)).toBeUndefined();
    } finally {
      rmSync(abandoned, { recursive: true, force: true });
    }
  });
});

describe('a stack in the background', () => {
  let addresses: StackAddresses;

  beforeAll(async () => {
    addresses = await up({ home, cache, progress: quiet });
  });

  afterAll(async () => {
    await down(home);
    rmSync(home, { recursive: true, force: true });
  });

  it('has all four servers answering within their memory, and the doctor finds them well', async () => {
    const { servers, keeperPid } = await status(home);
    expect(servers.map(({ name, state }) => [name, state])).toEqual(names.map((name) => [name, 'healthy']));
    expect(keeperPid).toBeGreaterThan(0);
    const memoryBytes = servers.reduce((sum, server) => sum + (server.memoryBytes ?? 0), 0);
    expect(memoryBytes).toBeGreaterThan(100 * 1024 ** 2);
    expect(memoryBytes).toBeLessThan(memoryMaxBytes);
    const findings = await diagnose({ home, cache, ports: {}, given: {}, environment: process.env });
    expect(findings.filter(({ check }) => names.includes(check)).map(({ state }) => state)).toEqual(
      names.map(() => 'well'),
    );
  });

  it('has the namespace with the search attributes, the databases and the buckets', async () => {
    const connection = await Connection.connect({ address: addresses.temporal.address });
    const { namespace } = addresses.temporal;
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    await connection.close();
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([...searchAttributes]) as string[]);
    const databases = await query(addresses.postgres.url, 'select datname from pg_database');
    expect(databases.map(({ datname }) => datname)).toEqual(expect.arrayContaining(['plimsoll', 'mlflow']) as string[]);
    for (const bucket of ['plimsoll', 'mlflow']) expect(await objectClient(addresses).bucketExists(bucket)).toBe(true);
    for (const url of [
      addresses.temporal.metricsUrl ?? '',
      addresses.temporal.uiUrl,
      `${addresses.mlflow.url}/health`,
    ]) {
      expect(await answers(url)).toBe(true);
    }
  });

  it('is left as it is by a second up', async () => {
    const before = await status(home);
    expect(await up({ home, cache, progress: quiet })).toEqual(addresses);
    const after = await status(home);
    expect(after.servers.map(({ pid }) => pid)).toEqual(before.servers.map(({ pid }) => pid));
  });

  it.each(names)('starts %s again at the same address when it was killed', async (name) => {
    const pidOf = async (): Promise<number> => (await status(home)).servers.find((it) => it.name === name)?.pid ?? 0;
    const killed = await pidOf();
    process.kill(killed, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const server = (await status(home)).servers.find((it) => it.name === name);
        expect(server).toMatchObject({ state: 'healthy', restarts: 1 });
        expect(server?.pid).not.toBe(killed);
      },
      { timeout: 90_000, interval: 500 },
    );
  });

  it('starts again, at the same addresses, all servers that hang', async () => {
    const before = (await status(home)).servers;
    for (const { pid } of before) process.kill(pid, 'SIGSTOP');
    await vi.waitFor(
      async () => {
        const { servers } = await status(home);
        const expected = before.map(({ name, address, restarts }) => ({
          name,
          address,
          state: 'healthy',
          restarts: restarts + 1,
        }));
        expect(servers).toMatchObject(expected);
      },
      { timeout: 240_000, interval: 1_000 },
    );
    expect(before.map(({ pid, name }) => [name, identityOf(pid).startedAt])).toEqual(names.map((name) => [name, '']));
    expect(await query(addresses.postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 300_000);

  it('is not taken to hang when PostgreSQL has no connection to spare', async () => {
    const { url } = addresses.postgres;
    const [{ allowed } = {}] = await query(url, "select current_setting('max_connections')::int as allowed");
    const clients = Array.from({ length: Number(allowed) + 1 }, () => new Client({ connectionString: url }));
    for (const client of clients) client.on('error', () => undefined);
    try {
      const connected = await Promise.allSettled(clients.map((client) => client.connect()));
      expect(connected.some((it) => it.status === 'rejected')).toBe(true);
      expect(await postgresResponds(url)).toBe(true);
    } finally {
      await Promise.allSettled(clients.map((client) => client.end()));
    }
  });

  it('goes when its keeper was killed, and comes back with its data at the same addresses', async () => {
    await query(addresses.postgres.url, 'create table survivor as select 7 as lives');
    await objectClient(addresses).putObject('plimsoll', 'survivor', 'alive');
    const processes = processesOf(await status(home));
    process.kill((await stackKeeper(home))?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(async () => expect(await stackKeeper(home)).toBeUndefined());
    expect(await up({ home, cache, progress: quiet })).toEqual(addresses);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await query(addresses.postgres.url, 'select lives from survivor')).toEqual([{ lives: 7 }]);
    expect((await objectClient(addresses).statObject('plimsoll', 'survivor')).size).toBe(5);
  });

  it('stops with no process left', async () => {
    const processes = processesOf(await status(home));
    expect(processes.length).toBeGreaterThan(names.length);
    expect(await down(home)).toBe(true);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await status(home)).toEqual({ home, servers: [] });
  });
});
