import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One client's connection, with the means to mistreat it. */
export interface WebSocketPeer {
  send(text: string): void;
  /** Ends the wire without a word. */
  cut(): void;
  /** Neither reads nor answers any more, pings included, and keeps the wire open. */
  freeze(): void;
}

/** What a server does with its clients. */
export interface WebSocketHandler {
  readonly opened: (peer: WebSocketPeer) => void;
  readonly frame: (peer: WebSocketPeer, text: string) => void;
  readonly closed: (peer: WebSocketPeer) => void;
}

/** A WebSocket server on a free loopback port. */
export interface WebSocketServer {
  readonly url: string;
  stop(): Promise<void>;
}

const [textFrame, closeFrame, pingFrame, pongFrame] = [1, 8, 9, 10];
// RFC 6455, 1.3
const acceptKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Starts a server of RFC 6455 as far as vendors use it: text, ping, pong and close, one frame a message. */
export async function startWebSocketServer(handler: WebSocketHandler): Promise<WebSocketServer> {
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(426).end());
  server.on('upgrade', (request, stream) => {
    const socket = stream as Socket;
    sockets.add(socket);
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${acceptKey}`).digest('base64');
    const answer = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write(`${answer.join('\r\n')}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    serve(socket, handler);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, handler: WebSocketHandler): void {
  let isFrozen = false;
  let buffer = Buffer.alloc(0);
  const peer: WebSocketPeer = {
    send: (text) => {
      if (!isFrozen && socket.writable) socket.write(frameOf(textFrame, Buffer.from(text)));
    },
    cut: () => socket.destroy(),
    freeze: () => {
      isFrozen = true;
    },
  };
  socket.on('error', () => undefined);
  socket.on('close', () => handler.closed(peer));
  socket.on('data', (chunk: Buffer) => {
    if (isFrozen) return;
    buffer = Buffer.concat([buffer, chunk]);
    for (let frame = readFrame(buffer); frame; frame = readFrame(buffer)) {
      buffer = buffer.subarray(frame.length);
      if (frame.kind === textFrame) handler.frame(peer, frame.body.toString());
      if (frame.kind === pingFrame) socket.write(frameOf(pongFrame, frame.body));
      if (frame.kind === closeFrame) socket.end(frameOf(closeFrame, frame.body));
    }
  });
  handler.opened(peer);
}

function readFrame(
  bytes: Buffer,
): { readonly kind: number; readonly body: Buffer; readonly length: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = bytes[1]! & 0x7f;
  const [length, at] = short === 126 ? [bytes.readUInt16BE(2), 4] : [short, 2];
  if (bytes.length < at + 4 + length) return undefined;
  const mask = bytes.subarray(at, at + 4);
  const body = Buffer.from(bytes.subarray(at + 4, at + 4 + length)).map((byte, index) => byte ^ mask[index % 4]!);
  return { kind: bytes[0]! & 0x0f, body: Buffer.from(body), length: at + 4 + length };
}

function frameOf(kind: number, body: Buffer): Buffer {
  const header = Buffer.alloc(body.length < 126 ? 2 : 4);
  header[0] = 0x80 | kind;
  header[1] = body.length < 126 ? body.length : 126;
  if (body.length >= 126) header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}
