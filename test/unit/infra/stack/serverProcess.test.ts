import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Failure } from '#domain/failure.ts';
import { answers, listens } from '#infra/stack/health.ts';
import { freePort } from '#infra/stack/ports.ts';
import { identityOf, isAlive } from '#infra/stack/processIdentity.ts';
import { ServerProcess, type ServerSpec } from '#infra/stack/serverProcess.ts';
import { readServerRecords, stopLeftovers, writeServerRecord } from '#infra/stack/serverRecord.ts';
import { status } from '#infra/stack/verbStatus.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const listening = (port: number): string => `require('net').createServer().listen(${port}, '127.0.0.1');`;

/** A server of a few lines of JavaScript, stopped with the test. */
function serverOf(
  script: string,
  more: Partial<ServerSpec> = {},
  onGivenUp: (failure: Failure) => void = () => undefined,
): { readonly server: ServerProcess; readonly home: string } {
  const home = temporaryFolder();
  const spec: ServerSpec = {
    name: 'example',
    command: process.execPath,
    args: ['-e', script],
    stopSignal: 'SIGTERM',
    startTimeoutMs: 10_000,
    isHealthy: () => Promise.resolve(true),
    ...more,
  };
  const server = new ServerProcess(spec, home, onGivenUp);
  onTestFinished(() => server.stop());
  return { server, home };
}

const untilHealthyAgain = (server: ServerProcess, restarts: number): Promise<void> =>
  vi.waitFor(() => expect(server.status()).toMatchObject({ state: 'healthy', restarts }), { timeout: 15_000 });

describe('a kept server', () => {
  it('is healthy when it answers, not before', async () => {
    const port = await freePort();
    const script = `setTimeout(() => { ${listening(port)} }, 300)`;
    const { server, home } = serverOf(script, { isHealthy: () => listens(`127.0.0.1:${port}`) });
    const started = server.start();
    expect(server.status().state).toBe('starting');
    await started;
    expect(await listens(`127.0.0.1:${port}`)).toBe(true);
    const [record] = readServerRecords(home);
    expect(record).toMatchObject({ name: 'example', state: 'healthy', ...identityOf(server.status().pid ?? 0) });
  });

  it('is started again on the same port when it was killed, once each time', async () => {
    const port = await freePort();
    const { server } = serverOf(listening(port), { isHealthy: () => listens(`127.0.0.1:${port}`) });
    await server.start();
    for (const restarts of [1, 2]) {
      const { pid = 0 } = server.status();
      process.kill(pid, 'SIGKILL');
      await untilHealthyAgain(server, restarts);
      expect(server.status().pid).not.toBe(pid);
    }
  });

  it('is tried again, one at a time, while it fails to come back', async () => {
    const home = temporaryFolder();
    const [attempts, isBroken] = [path.join(home, 'attempts'), path.join(home, 'broken')];
    const script = `
      const fs = require('fs');
      fs.appendFileSync('${attempts}', 'x');
      if (fs.existsSync('${isBroken}')) process.exit(1);
      setInterval(() => {}, 1000);`;
    const isHealthy = (): Promise<boolean> => Promise.resolve(!existsSync(isBroken));
    const { server } = serverOf(script, { isHealthy });
    await server.start();
    writeFileSync(isBroken, '');
    process.kill(server.status().pid ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(server.status().restarts).toBe(3), { timeout: 15_000 });
    writeFileSync(attempts, '');
    rmSync(isBroken);
    await vi.waitFor(() => expect(server.status().state).toBe('healthy'), { timeout: 15_000 });
    expect(readFileSync(attempts, 'utf8').length).toBeLessThanOrEqual(2);
  });

  it('is started again when it hangs, once, and its record says so', async () => {
    const port = await freePort();
    const script = `require('http').createServer((_, answer) => answer.end()).listen(${port}, '127.0.0.1')`;
    const { server, home } = serverOf(script, {
      isHealthy: () => answers(`http://127.0.0.1:${port}`),
      patience: { questionIntervalMs: 100, answerTimeoutMs: 500, silencesMax: 2 },
    });
    await server.start();
    const hanging = identityOf(server.status().pid ?? 0);
    process.kill(hanging.pid, 'SIGSTOP');
    await untilHealthyAgain(server, 1);
    expect(isAlive(hanging)).toBe(false);
    expect(readServerRecords(home)).toMatchObject([{ state: 'healthy', restarts: 1 }]);
    expect(readFileSync(path.join(home, 'logs/stack.log'), 'utf8')).toMatch(/restarting, 0 restarts \(hangs/);
  });

  it('is left alone while it answers late now and then', async () => {
    let asked = 0;
    const { server } = serverOf('setInterval(() => {}, 1000)', {
      isResponsive: () => Promise.resolve((asked += 1) % 2 === 0),
      patience: { questionIntervalMs: 20, silencesMax: 2 },
    });
    await server.start();
    await vi.waitFor(() => expect(asked).toBeGreaterThan(10), { timeout: 15_000 });
    expect(server.status()).toMatchObject({ state: 'healthy', restarts: 0 });
  });

  it('is given up with SERVER_GIVEN_UP when it does not stay however often it is started', async () => {
    const givenUp: Failure[] = [];
    const script = 'setTimeout(() => process.exit(3), 300)';
    const { server, home } = serverOf(script, { patience: { restartsMax: 2 } }, (failure) => givenUp.push(failure));
    await server.start();
    await vi.waitFor(() => expect(server.status()).toMatchObject({ state: 'failed', restarts: 2 }), {
      timeout: 15_000,
    });
    expect(givenUp).toMatchObject([{ code: 'SERVER_GIVEN_UP', details: { server: 'example' } }]);
    expect((await status(home)).servers).toMatchObject([{ name: 'example', state: 'failed' }]);
  });

  it('is forgiven its restarts when it stayed long enough', async () => {
    const script = 'setTimeout(() => process.exit(3), 200)';
    const { server } = serverOf(script, { patience: { restartsMax: 1, forgivenAfterMs: 100 } });
    await server.start();
    await vi.waitFor(() => expect(server.status().restarts).toBeGreaterThan(3), { timeout: 15_000 });
    expect(server.status().state).not.toBe('failed');
  });

  it('stops, with its record, and is not started again', async () => {
    const { server, home } = serverOf('setInterval(() => {}, 1000)');
    await server.start();
    const identity = identityOf(server.status().pid ?? 0);
    await server.stop();
    expect(isAlive(identity)).toBe(false);
    expect(server.status()).toMatchObject({ state: 'stopped', restarts: 0 });
    expect(readServerRecords(home)).toEqual([]);
  });

  it('ends its start with SERVER_NOT_STARTED and the end of its log when it dies', async () => {
    const { server } = serverOf("console.error('no such database'); process.exit(3)", {
      isHealthy: () => Promise.resolve(false),
    });
    await expect(server.start()).rejects.toMatchObject({
      code: 'SERVER_NOT_STARTED',
      message: expect.stringMatching(/ended while starting[^]*no such database/) as string,
    });
  });

  it('ends its start with SERVER_NOT_STARTED when it does not answer in time', async () => {
    const { server } = serverOf('setInterval(() => {}, 1000)', {
      isHealthy: () => Promise.reject(new Error('refused')),
      startTimeoutMs: 500,
    });
    await expect(server.start()).rejects.toMatchObject({
      code: 'SERVER_NOT_STARTED',
      message: expect.stringContaining('did not answer within 0.5 s') as string,
    });
  });
});

describe('leftovers of a killed keeper', () => {
  it('are stopped by their records; a process that was given their number since is not', async () => {
    const { server, home } = serverOf('setInterval(() => {}, 1000)');
    await server.start();
    const [record] = readServerRecords(home);
    if (!record) throw new Error('no record');
    writeServerRecord(home, { ...record, name: 'reused', pid: process.pid, startedAt: '1' });
    expect(await stopLeftovers(home)).toBe(1);
    expect(isAlive(record)).toBe(false);
    expect(readServerRecords(home)).toEqual([]);
  });
});
