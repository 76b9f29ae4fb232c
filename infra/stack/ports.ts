import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Failure } from '#domain/failure.ts';

/** Ports below those the system gives to outgoing connections: one of them could otherwise take a port just chosen. */
const portMin = 20_000;
const portMax = 32_000;
const triesMax = 200;

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < triesMax; tried += 1) {
    const port = randomInt(portMin, portMax);
    if (await isFree(port)) return port;
  }
  const message = `no port between ${portMin} and ${portMax} is free: stop what listens there, or configure ports`;
  throw new Failure('PORT_TAKEN', message);
}

/** Whether a loopback port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Ports by name: a configured one as it is, else the one used last time while it is free, else a free one.
 * @throws Failure PORT_TAKEN when a configured port is in use
 */
export async function choosePorts(
  names: readonly string[],
  from: { readonly configured: Readonly<Record<string, number>>; readonly last: Readonly<Record<string, number>> },
): Promise<Readonly<Record<string, number>>> {
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const configured = from.configured[name] ?? 0;
    const last = from.last[name];
    if (configured > 0 && !(await isFree(configured))) {
      const message = `port ${configured} of ${name} is taken: stop what listens there, or configure another (0: a free one)`;
      throw new Failure('PORT_TAKEN', message, { name, port: configured });
    }
    if (configured > 0) chosen[name] = configured;
    else if (last !== undefined && !Object.values(chosen).includes(last) && (await isFree(last))) chosen[name] = last;
    else chosen[name] = await freePort();
  }
  return chosen;
}
