import { connect, type Socket } from 'node:net';
import { TwsCodec, twsVersions, type TwsEvent, type TwsWrite } from './twsCodec.ts';
import { fieldsOf, frameOfFields, greetingOf, TwsFrames } from './twsFrames.ts';
import { SendQueue } from './sendQueue.ts';

/** Where TWS or the IB Gateway listens, and as whom we speak: each connection needs a client id of its own. */
export interface TwsAddress {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

/** Limits of one connection. */
export interface TwsLimits {
  readonly connectTimeoutMs: number;
  /** From the open socket to the first order id and the accounts. */
  readonly readyTimeoutMs: number;
  /** The time is asked for this often, so that a silent wire is told from a silent market. */
  readonly pingIntervalMs: number;
  /** Without a byte for so long, the other end is gone. */
  readonly silenceMaxMs: number;
  /** TWS ends a connection that sends more than 50. */
  readonly messagesPerSecond: number;
}

/** Limits where nobody sets others. */
export const twsLimits: TwsLimits = {
  connectTimeoutMs: 10_000,
  readyTimeoutMs: 15_000,
  pingIntervalMs: 5_000,
  silenceMaxMs: 15_000,
  messagesPerSecond: 40,
};

/** Why a connection ended. */
export interface TwsEnd {
  readonly kind: 'lost' | 'clientIdTaken' | 'versionUnsupported';
  readonly reason: string;
}

/** What a connection tells. */
export interface TwsListener {
  /** Requests are answered from now on. */
  readonly ready: () => void;
  /** Everything that is no part of the greeting, as it came in together. */
  readonly heard: (events: readonly TwsEvent[]) => void;
  /** Once, and the last. */
  readonly ended: (end: TwsEnd) => void;
}

/** A connection to TWS or the IB Gateway. */
export interface TwsConnection {
  /** The first order id that is free; null until ready. */
  readonly nextOrderId: number | null;
  /** Accounts of the login; none until ready. */
  readonly accounts: readonly string[];
  /** Writes requests, paced. After the end nothing is sent. */
  send(write: TwsWrite): void;
  /** Calls back when TWS has read everything that was sent before. */
  fence(passed: () => void): void;
  /** A number for a request that no other request and no order has. */
  nextRequestId(): number;
  /** Ends it at once, whatever the other end does. */
  end(reason: string): void;
}

const clientIdTakenCode = 326;
// Order ids begin at 1 and errors name both kinds: requests are counted from far above.
const firstRequestId = 1_000_000_000;

/** Opens a connection: greeting, server version, start, then requests and answers. */
export function connectTws(address: TwsAddress, limits: TwsLimits, listener: TwsListener): TwsConnection {
  return new Connection(address, limits, listener);
}

class Connection implements TwsConnection {
  readonly #clientId: number;
  readonly #limits: TwsLimits;
  readonly #listener: TwsListener;
  readonly #socket: Socket;
  readonly #frames = new TwsFrames();
  readonly #outgoing: SendQueue<Buffer>;
  readonly #fences: (() => void)[] = [];
  #codec: TwsCodec | undefined;
  #timer: NodeJS.Timeout;
  #pinging: NodeJS.Timeout | undefined;
  #isOver = false;
  #isReady = false;
  #requestId = firstRequestId;
  nextOrderId: number | null = null;
  accounts: readonly string[] = [];

  constructor({ host, port, clientId }: TwsAddress, limits: TwsLimits, listener: TwsListener) {
    this.#clientId = clientId;
    this.#limits = limits;
    this.#listener = listener;
    this.#socket = connect({ host, port, noDelay: true });
    this.#outgoing = new SendQueue({
      perSecond: limits.messagesPerSecond,
      send: (frame) => this.#socket.write(frame),
    });
    this.#timer = setTimeout(() => this.end('the connection was not opened in time'), limits.connectTimeoutMs);
    this.#socket.once('connect', () => this.#opened());
    this.#socket.on('data', (chunk) => this.#read(chunk));
    // A half-closed connection brings no data any more.
    this.#socket.once('end', () => this.end('TWS closed the connection'));
    this.#socket.on('error', (error) => this.end(error.message));
    this.#socket.once('close', () => this.end('the connection was closed'));
  }

  send(write: TwsWrite): void {
    if (this.#isOver || !this.#codec) return;
    for (const fields of this.#codec.encode(write)) this.#outgoing.push(frameOfFields(fields));
  }

  fence(passed: () => void): void {
    this.#fences.push(passed);
    this.send((encoder) => encoder.reqCurrentTime());
  }

  nextRequestId(): number {
    this.#requestId += 1;
    return this.#requestId;
  }

  end(reason: string): void {
    this.#finish({ kind: 'lost', reason });
  }

  #finish(end: TwsEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    this.#outgoing.stop();
    this.#socket.destroy();
    this.#listener.ended(end);
  }

  #opened(): void {
    const { readyTimeoutMs, pingIntervalMs } = this.#limits;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end('TWS did not become ready in time'), readyTimeoutMs);
    this.#socket.write(greetingOf(twsVersions));
    this.#pinging = setInterval(this.#pings(), pingIntervalMs);
  }

  #pings(): () => void {
    let [bytesRead, silentMs] = [0, 0];
    return () => {
      const bytes = this.#socket.bytesRead;
      silentMs = bytes === bytesRead ? silentMs + this.#limits.pingIntervalMs : 0;
      bytesRead = bytes;
      if (silentMs >= this.#limits.silenceMaxMs) this.end(`the wire was silent for ${silentMs} ms`);
      else if (this.#isReady) this.fence(() => undefined);
    };
  }

  #read(chunk: Buffer): void {
    const heard: TwsEvent[] = [];
    let broken: string | undefined;
    try {
      for (const frame of this.#frames.take(chunk)) heard.push(...this.#meaning(frame));
    } catch (error) {
      broken = (error as Error).message;
    }
    this.#tell(heard);
    if (broken !== undefined) this.end(broken);
  }

  #meaning(frame: Buffer): readonly TwsEvent[] {
    let fields: readonly string[];
    try {
      fields = fieldsOf(frame);
    } catch (error) {
      return [{ kind: 'unreadable', problem: (error as Error).message }];
    }
    if (this.#codec) return this.#codec.decode(fields);
    this.#settle(Number(fields[0]));
    return [];
  }

  #settle(version: number): void {
    const { min, max } = twsVersions;
    if (!Number.isInteger(version) || version < min || version > max) {
      this.#finish({ kind: 'versionUnsupported', reason: `server version ${version}, not from ${min} to ${max}` });
      return;
    }
    this.#codec = new TwsCodec(version);
    // The library's encoder has no request for it: START_API, version 2, our id, no optional capabilities.
    this.#outgoing.push(frameOfFields(['71', '2', String(this.#clientId), '']));
  }

  /** Hands events on in their order; what concerns the connection itself is taken where it stands among them. */
  #tell(events: readonly TwsEvent[]): void {
    let told: TwsEvent[] = [];
    const flush = (): void => {
      if (told.length > 0 && !this.#isOver) this.#listener.heard(told);
      told = [];
    };
    for (const event of events) {
      const own = this.#ownMeaning(event);
      if (!own) told.push(event);
      else {
        flush();
        own();
      }
    }
    flush();
  }

  #ownMeaning(event: TwsEvent): (() => void) | undefined {
    if (event.kind === 'notice' && event.code === clientIdTakenCode) {
      return () => this.#finish({ kind: 'clientIdTaken', reason: `${event.code} ${event.text}` });
    }
    if (event.kind !== 'answer') return undefined;
    const [first] = event.args;
    if (event.name === 'currentTime') return () => this.#fences.shift()?.();
    if (event.name === 'nextValidId' && Number.isSafeInteger(first)) {
      return () => {
        this.nextOrderId = first as number;
        this.#becomeReady();
      };
    }
    if (event.name !== 'managedAccounts' || typeof first !== 'string') return undefined;
    return () => {
      this.accounts = first.split(',').filter(Boolean);
      this.#becomeReady();
    };
  }

  #becomeReady(): void {
    if (this.#isReady || this.#isOver || this.nextOrderId === null || this.accounts.length === 0) return;
    this.#isReady = true;
    clearTimeout(this.#timer);
    this.#listener.ready();
  }
}
