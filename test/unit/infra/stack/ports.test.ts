import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { choosePorts, freePort, isFree } from '#infra/stack/ports.ts';
import { portFindings } from '#infra/stack/doctor/ports.ts';

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('ports', () => {
  it('are those of last time while they are free, else fresh and different ones', async () => {
    const [free, taken] = [await freePort(), await takenPort()];
    const chosen = await choosePorts(['a', 'b', 'c'], { configured: {}, last: { a: free, b: taken, c: free } });
    expect(chosen.a).toBe(free);
    expect(chosen.b).not.toBe(taken);
    expect(chosen.c).not.toBe(free);
    for (const port of Object.values(chosen)) expect(await isFree(port)).toBe(true);
  });

  it('are the configured ones, before those of last time', async () => {
    const [configured, last] = [await freePort(), await freePort()];
    expect(await choosePorts(['a'], { configured: { a: configured }, last: { a: last } })).toEqual({ a: configured });
  });

  it('end the start with PORT_TAKEN when a configured one is in use', async () => {
    const port = await takenPort();
    await expect(choosePorts(['a'], { configured: { a: port }, last: {} })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      details: { name: 'a', port },
    });
  });
});

describe('the doctor on ports', () => {
  it('finds PORT_TAKEN and names the program that listens', async () => {
    const port = await takenPort();
    const [finding] = await portFindings({ mlflow: port, temporal: 0 });
    expect(finding).toMatchObject({ check: 'port of mlflow', state: 'fault', code: 'PORT_TAKEN' });
    expect(finding?.message).toMatch(new RegExp(`^${port} is taken by .+ \\(${process.pid}\\)$`));
  });

  it('finds nothing to look at when every port is a free one', async () => {
    expect(await portFindings({ mlflow: 0 })).toMatchObject([{ state: 'well' }]);
  });
});
