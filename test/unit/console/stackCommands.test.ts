import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHomeState } from '#infra/stack/homeState.ts';
import { plimsoll, type Outcome } from './commandLine.ts';

describe('the stack', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'plimsoll-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const at = (line: string): Promise<Outcome> => plimsoll(line, { environment: { PLIMSOLL_HOME: home } });

  test('status of a home in which nothing runs says so and ends 1', async () => {
    expect(await at('status')).toEqual({ exitCode: 1, out: `nothing runs in ${home}`, error: '' });
    expect(JSON.parse((await at('status --json')).out)).toEqual({ home, servers: [] });
  });

  test('doctor names a fault with what to do about it and ends 1, and with --json tells each finding', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const { port } = taken.address() as AddressInfo;
    const environment = { ...process.env, PLIMSOLL_HOME: home, PLIMSOLL_STACK__PORTS__MLFLOW: String(port) };
    const { exitCode, out } = await plimsoll('doctor', { environment });
    const asJson = await plimsoll('doctor --json', { environment });
    taken.close();
    expect(exitCode).toBe(1);
    expect(out).toMatch(/PORT_TAKEN: .* \/ Stop what listens there/);
    expect(JSON.parse(asJson.out)).toContainEqual(
      expect.objectContaining({ state: 'fault', code: 'PORT_TAKEN', action: expect.stringContaining('Stop what') }),
    );
  });

  test('down where nothing runs is no error', async () => {
    expect(await at('down')).toEqual({ exitCode: 0, out: `nothing ran in ${home}`, error: '' });
  });

  test('logs prints the last lines of each server, and refuses a count that is none', async () => {
    mkdirSync(path.join(home, 'logs'));
    writeFileSync(path.join(home, 'logs/postgres.log'), 'one\ntwo\nthree\n');
    expect((await at('logs --lines 2')).out).toBe('twothree');
    expect((await at('logs postgres --lines none')).exitCode).toBe(2);
    expect((await at('logs mongodb')).error).toContain('there are: postgres');
  });

  test('reset deletes only a home of ours, and only when told so', async () => {
    writeFileSync(path.join(home, 'thesis.tex'), 'years of work');
    expect(await at('reset --yes')).toMatchObject({
      exitCode: 3,
      error: expect.stringMatching(/^HOME_UNRECOGNISED: /),
    });
    expect(existsSync(path.join(home, 'thesis.tex'))).toBe(true);
    await readHomeState(home);
    expect(await at('reset')).toMatchObject({ exitCode: 3, error: expect.stringMatching(/^RESET_UNCONFIRMED: /) });
    expect(existsSync(home)).toBe(true);
    expect((await at('reset --yes')).exitCode).toBe(0);
    expect(existsSync(home)).toBe(false);
  });
});
