import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One client's connection, with the means to mistreat it. */
export interface TwsPeer {
  readonly clientId: number;
  /** Sends a message of fields. */
  send(...fields: readonly (string | number)[]): void;
  /** Sends bytes as they are. */
  sendBytes(bytes: Buffer): void;
  /** Ends the wire without a word. */
  cut(): void;
  /** Sends its own end and reads on. */
  closeHalf(): void;
  /** Neither reads nor answers any more, and keeps the wire open. */
  freeze(): void;
}

/** What a server does with its clients. */
export interface TwsHandler {
  /** After START_API. */
  readonly started: (peer: TwsPeer) => void;
  readonly request: (peer: TwsPeer, fields: readonly string[]) => void;
  readonly closed: (peer: TwsPeer) => void;
}

/** A server of the TWS wire protocol on a free loopback port. */
export interface TwsServer {
  readonly port: number;
  /** Greetings of the clients so far, e.g. `v176..193`. */
  readonly greetings: readonly string[];
  /** When each connection was opened, milliseconds of the process's monotonic clock. */
  readonly connectedAtMs: readonly number[];
  stop(): Promise<void>;
}

const startApi = '71';

/** Starts a server that speaks the given version: handshake, frames of four bytes of length, fields ended by NUL. */
export async function startTwsServer(version: number, handler: TwsHandler): Promise<TwsServer> {
  const sockets = new Set<Socket>();
  const greetings: string[] = [];
  const connectedAtMs: number[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    connectedAtMs.push(performance.now());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, { version, handler, greeted: (versions) => greetings.push(versions) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    greetings,
    connectedAtMs,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Serving {
  readonly version: number;
  readonly handler: TwsHandler;
  readonly greeted: (versions: string) => void;
}

function serve(socket: Socket, { version, handler, greeted }: Serving): void {
  let buffer = Buffer.alloc(0);
  let state: 'silent' | 'greeted' | 'started' = 'silent';
  let isFrozen = false;
  const write = (bytes: Buffer): void => {
    if (!isFrozen && socket.writable) socket.write(bytes);
  };
  let clientId = -1;
  const peer: TwsPeer = {
    get clientId() {
      return clientId;
    },
    send: (...fields) => write(messageOf(fields)),
    sendBytes: write,
    cut: () => socket.destroy(),
    closeHalf: () => socket.end(),
    freeze: () => {
      isFrozen = true;
    },
  };
  const take = (body: string): void => {
    if (state === 'silent') {
      greeted(body);
      state = 'greeted';
      write(messageOf([version, '20260405 12:00:00 UTC']));
      return;
    }
    const fields = body.split('\0').slice(0, -1);
    if (state === 'started') handler.request(peer, fields);
    else if (fields[0] === startApi) {
      clientId = Number(fields[2]);
      state = 'started';
      handler.started(peer);
    }
  };
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('close', () => handler.closed(peer));
  socket.on('data', (chunk: Buffer) => {
    if (isFrozen) return;
    buffer = Buffer.concat([buffer, chunk]);
    if (state === 'silent' && buffer.subarray(0, 4).toString() === 'API\0') buffer = buffer.subarray(4);
    while (buffer.length >= 4 && buffer.length >= 4 + buffer.readInt32BE(0)) {
      const end = 4 + buffer.readInt32BE(0);
      const body = buffer.subarray(4, end).toString();
      buffer = buffer.subarray(end);
      take(body);
    }
  });
}

function messageOf(fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
