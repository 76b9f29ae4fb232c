import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * One scripted answer: a status with a body, a cut connection, or silence; `halfClosed` ends its side in the middle of a
 * body, `drip` sends a body that never ends byte by byte, `flood` one without end as fast as it can.
 */
export type ScriptedAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'silence'
  | 'halfClosed'
  | 'drip'
  | 'flood';

/** An HTTP server that answers by a script, the last line of it again and again, and remembers what it was asked. */
export interface ScriptedVenue {
  readonly url: string;
  /** `METHOD path` of each request, oldest first. */
  readonly requests: readonly string[];
  /** When each request came, milliseconds of the process's own monotonic clock. */
  readonly arrivedAtMs: readonly number[];
  stop(): Promise<void>;
}

/** Starts a scripted venue on a free loopback port: for answers that a well-behaved server never gives. */
export async function startScriptedVenue(script: readonly ScriptedAnswer[]): Promise<ScriptedVenue> {
  const requests: string[] = [];
  const arrivedAtMs: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const answer = script[Math.min(requests.length, script.length - 1)];
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    arrivedAtMs.push(performance.now());
    request.resume();
    if (answer === undefined || answer === 'silence') return;
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (answer === 'halfClosed') {
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"bars":');
      return;
    }
    if (answer === 'drip' || answer === 'flood') {
      const isSlow = answer === 'drip';
      const sending = setInterval(() => response.write(isSlow ? ' ' : ' '.repeat(65_536)), isSlow ? 50 : 1);
      response.on('close', () => clearInterval(sending));
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arrivedAtMs,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
