import { once } from 'node:events';
import { writeFileSync, utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clockFinding, newestFile, serverTime } from '#infra/stack/doctor/clock.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const nowMs = Date.UTC(2026, 0, 5, 12);

describe('the doctor on the clock', () => {
  it.each([
    [61_000, 'behind'],
    [-61_000, 'ahead of'],
  ])('finds CLOCK_OFF when a server is %d ms away', (offMs, word) => {
    const finding = clockFinding(nowMs, [{ name: 's3', timeMs: nowMs + offMs, kind: 'present' }]);
    expect(finding).toMatchObject({ code: 'CLOCK_OFF', message: `the clock is 61 s ${word} s3` });
  });

  it('finds CLOCK_OFF when it is behind a file that was written, but lets a file be old', () => {
    expect(clockFinding(nowMs, [{ name: 'file', timeMs: nowMs + 3_600_000, kind: 'past' }])).toMatchObject({
      code: 'CLOCK_OFF',
    });
    expect(clockFinding(nowMs, [{ name: 'file', timeMs: nowMs - 3_600_000, kind: 'past' }])).toMatchObject({
      state: 'well',
    });
  });

  it('says that it could not look when nothing tells the time', () => {
    expect(clockFinding(nowMs, [])).toMatchObject({ state: 'skipped' });
  });

  it('hears the time from the answer of a server', async () => {
    const server = createServer((_, response) => {
      response.setHeader('date', new Date(nowMs).toUTCString()).end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await serverTime(`http://${host}`)).toEqual({ name: host, timeMs: nowMs, kind: 'present' });
    expect(await serverTime('http://127.0.0.1:1')).toBeUndefined();
  });

  it('takes the newest file of the home as a witness', async () => {
    const home = temporaryFolder();
    expect(await newestFile(home)).toBeUndefined();
    for (const [name, timeMs] of [
      ['old', nowMs - 1000],
      ['new', nowMs],
    ] as const) {
      writeFileSync(path.join(home, name), '');
      utimesSync(path.join(home, name), timeMs / 1000, timeMs / 1000);
    }
    expect(await newestFile(home)).toMatchObject({ timeMs: nowMs, kind: 'past' });
  });
});
