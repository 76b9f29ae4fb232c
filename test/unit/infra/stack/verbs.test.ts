import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readAddresses } from '#infra/stack/addresses.ts';
import { diagnose } from '#infra/stack/doctor/diagnose.ts';
import { checkGivenServers } from '#infra/stack/givenServers.ts';
import { readHomeState } from '#infra/stack/homeState.ts';
import { identityOf } from '#infra/stack/processIdentity.ts';
import { writeServerRecord } from '#infra/stack/serverRecord.ts';
import { stackLock, startStack } from '#infra/stack/stack.ts';
import { logs } from '#infra/stack/verbLogs.ts';
import { reset } from '#infra/stack/verbReset.ts';
import { status } from '#infra/stack/verbStatus.ts';
import { down } from '#infra/stack/verbsUpDown.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const nowhere = '127.0.0.1:1';
const objects = { endpoint: `http://${nowhere}`, region: 'r', bucket: 'plimsoll', accessKey: 'a', secretKey: 's' };
const quiet = (): void => undefined;

describe('a home in which nothing runs', () => {
  it('has no servers, nothing to stop and no addresses: STACK_NOT_RUNNING', async () => {
    const home = temporaryFolder();
    expect(await status(home)).toEqual({ home, servers: [] });
    expect(await down(home)).toBe(false);
    await expect(readAddresses(home)).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
    await expect(logs({ home, lines: 10, write: quiet })).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
  });

  it('tells of a server whose process is gone', async () => {
    const home = temporaryFolder();
    const record = { name: 'mlflow', state: 'healthy', stopSignal: 'SIGTERM', restarts: 0, sinceMs: 1 } as const;
    writeServerRecord(home, { ...record, pid: process.pid, startedAt: '1' });
    expect((await status(home)).servers).toEqual([
      { name: 'mlflow', state: 'gone', pid: process.pid, restarts: 0, sinceMs: 1 },
    ]);
  });
});

describe('a start', () => {
  it('is refused with STACK_IN_USE while another process keeps the home', async () => {
    const home = temporaryFolder();
    // Our parent lives as long as we do.
    writeFileSync(stackLock(home), JSON.stringify(identityOf(process.ppid)));
    const start = startStack({ home, cache: temporaryFolder(), progress: quiet, services: [] });
    await expect(start).rejects.toMatchObject({ code: 'STACK_IN_USE' });
  });

  it.each([
    ['temporal', { temporal: { address: nowhere, namespace: 'plimsoll' } }],
    ['PostgreSQL', { postgresUrl: `postgresql://someone:hidden@${nowhere}/plimsoll` }],
    ['S3', { objects }],
    ['MLflow', { mlflowUrl: `http://${nowhere}` }],
  ])('ends with SERVER_UNREACHABLE when the given %s does not answer, and lets the home go', async (name, given) => {
    const home = temporaryFolder();
    const error: unknown = await startStack({
      home,
      cache: temporaryFolder(),
      progress: quiet,
      given,
      services: [],
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(String(error).toLowerCase()).toContain(`${name.toLowerCase()} does not answer at the given address`);
    expect(String(error)).not.toContain('hidden');
    expect(existsSync(stackLock(home))).toBe(false);
  });

  it('is content when nothing is given', async () => {
    await expect(checkGivenServers({})).resolves.toBeUndefined();
  });
});

describe('logs', () => {
  function homeWithLogs(): string {
    const home = temporaryFolder();
    mkdirSync(path.join(home, 'logs'));
    writeFileSync(path.join(home, 'logs/minio.log'), 'one\ntwo\nthree\n');
    writeFileSync(path.join(home, 'logs/postgres.log'), 'ready\n');
    return home;
  }

  it('are the last lines of each server, by its name', async () => {
    const lines: string[] = [];
    await logs({ home: homeWithLogs(), lines: 2, write: (line) => lines.push(line) });
    expect(lines.toSorted()).toEqual(['minio     three', 'minio     two', 'postgres  ready']);
  });

  it('of one server are its lines as they are, and go on while followed', async () => {
    const home = homeWithLogs();
    const lines: string[] = [];
    const stop = new AbortController();
    const followed = logs({ home, server: 'minio', lines: 1, write: (line) => lines.push(line), follow: stop.signal });
    await vi.waitFor(() => expect(lines).toEqual(['three']));
    appendFileSync(path.join(home, 'logs/minio.log'), 'fo');
    appendFileSync(path.join(home, 'logs/minio.log'), 'ur\n');
    await vi.waitFor(() => expect(lines).toEqual(['three', 'four']));
    stop.abort();
    await followed;
  });
});

describe('a reset', () => {
  it('deletes nothing unless confirmed: RESET_UNCONFIRMED', async () => {
    const home = path.join(temporaryFolder(), 'home');
    await readHomeState(home);
    await expect(reset({ home, confirmed: false })).rejects.toMatchObject({ code: 'RESET_UNCONFIRMED' });
    expect(existsSync(home)).toBe(true);
    await reset({ home, confirmed: true });
    expect(existsSync(home)).toBe(false);
  });

  it('deletes no folder that is not a home, confirmed or not: HOME_UNRECOGNISED', async () => {
    const home = temporaryFolder();
    writeFileSync(path.join(home, 'thesis.txt'), 'three years of work');
    await expect(reset({ home, confirmed: true })).rejects.toMatchObject({ code: 'HOME_UNRECOGNISED' });
    expect(existsSync(path.join(home, 'thesis.txt'))).toBe(true);
  });
});

const faultsOf = (findings: Awaited<ReturnType<typeof diagnose>>): readonly string[] =>
  findings.flatMap((finding) => (finding.state === 'fault' ? [finding.code] : []));

describe('a diagnosis', () => {
  it('names every fault of a machine that has nothing', async () => {
    const bare = {
      home: temporaryFolder(),
      cache: path.join(temporaryFolder(), 'none'),
      ports: {},
      given: { mlflowUrl: `http://${nowhere}` },
      environment: { PATH: temporaryFolder() },
    };
    const findings = await diagnose(bare);
    expect(faultsOf(findings)).toEqual(
      expect.arrayContaining(['PYTHON_MISSING', 'COMPILER_MISSING', 'SERVER_UNREACHABLE']) as string[],
    );
    // Objects that MinIO wrote are read by no other server.
    mkdirSync(path.join(bare.home, 'objects'));
    expect(faultsOf(await diagnose(bare))).toContain('GO_MISSING');
  });

  it('finds SERVER_SILENT for a server of a kept stack that is gone', async () => {
    const home = temporaryFolder();
    writeFileSync(stackLock(home), JSON.stringify(identityOf(process.pid)));
    const record = { name: 'mlflow', state: 'healthy', stopSignal: 'SIGTERM', restarts: 2, sinceMs: 1 } as const;
    writeServerRecord(home, { ...record, pid: process.pid, startedAt: '1' });
    const request = { home, cache: path.join(home, 'none'), ports: {}, given: {}, environment: process.env };
    expect(await diagnose(request)).toContainEqual({
      check: 'mlflow',
      state: 'fault',
      code: 'SERVER_SILENT',
      message: 'mlflow is gone, restarted 2 times',
    });
  });
});
