import type { Socket } from 'node:net';
import { Agent, buildConnector, ping, WebSocket } from 'undici';

/** How long a socket may take, and how long it may be silent. */
export interface SocketLimits {
  readonly connectTimeoutMs: number;
  /** A ping goes out this often; it does not matter to the market's silence, only to the wire's. */
  readonly pingIntervalMs: number;
  /** Without a byte for so long, an answer to a ping included, the other end is gone. */
  readonly silenceMaxMs: number;
}

/** What a socket tells. `closed` comes once and is the last. */
export interface SocketListener {
  readonly opened: () => void;
  readonly frame: (text: string) => void;
  readonly closed: (reason: string) => void;
}

/** An open or opening connection. */
export interface VendorSocket {
  send(frame: string): void;
  /** Ends it at once, whatever the other end does. */
  end(reason: string): void;
}

const frameBytesMax = 16 * 2 ** 20;

/**
 * A WebSocket whose other end may vanish without a word: half-closed and stalled connections are found by pings and ended
 * by us, since the closing handshake would wait for whoever does not answer.
 */
export function openVendorSocket(url: string, limits: SocketLimits, listener: SocketListener): VendorSocket {
  const wires: Socket[] = [];
  const connect = buildConnector({ timeout: limits.connectTimeoutMs });
  const agent = new Agent({
    connect: (options, done) =>
      connect(options, (...result) => {
        if (result[1]) wires.push(result[1]);
        done(...result);
      }),
    headersTimeout: limits.connectTimeoutMs,
    webSocket: { maxPayloadSize: frameBytesMax },
  });
  const socket = new WebSocket(url, { dispatcher: agent });
  let isOver = false;
  let [bytesRead, silentMs] = [0, 0];
  const finish = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(opening);
    clearInterval(pinging);
    for (const wire of wires) wire.destroy();
    agent.destroy().catch(() => undefined);
    listener.closed(reason);
  };
  const opening = setTimeout(() => finish('the connection was not opened in time'), limits.connectTimeoutMs);
  const pinging = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const bytes = wires.reduce((sum, wire) => sum + wire.bytesRead, 0);
    silentMs = bytes === bytesRead ? silentMs + limits.pingIntervalMs : 0;
    bytesRead = bytes;
    if (silentMs >= limits.silenceMaxMs) finish(`the wire was silent for ${silentMs} ms`);
    else ping(socket);
  }, limits.pingIntervalMs);
  socket.addEventListener('open', () => {
    clearTimeout(opening);
    if (!isOver) listener.opened();
  });
  socket.addEventListener('message', ({ data }) => {
    if (!isOver) listener.frame(typeof data === 'string' ? data : '');
  });
  socket.addEventListener('error', ({ error }) => finish(reasonOf(error)));
  socket.addEventListener('close', ({ code, reason }) => finish(`closed with ${code}${reason ? `: ${reason}` : ''}`));
  return {
    send: (frame) => socket.send(frame),
    end: finish,
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'the connection was lost';
  const code = 'code' in cause ? String(cause.code) : '';
  return [code, cause.message].filter(Boolean).join(' ') || 'the connection was lost';
}
