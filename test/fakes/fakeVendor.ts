import { startWebSocketServer, type WebSocketPeer } from './webSocketServer.ts';

/** A message as a vendor sends it. */
export type VendorMessage = Readonly<Record<string, unknown>>;

/** How a vendor's protocol answers; one for each vendor that is faked. */
export interface VendorDialect {
  /** What the vendor says first. */
  readonly hello: readonly VendorMessage[];
  /** Answers to a client's message, and the state it leads to. */
  readonly answer: (asked: VendorMessage, mood: VendorMood) => DialectAnswer;
}

/** What a dialect answers. */
export interface DialectAnswer {
  readonly messages: readonly VendorMessage[];
  /** The subscription stands now. */
  readonly subscribed?: boolean;
  /** The vendor hangs up after its words. */
  readonly hangsUp?: boolean;
}

/** How a vendor treats its next clients. */
export type VendorMood = 'wellBehaved' | 'refusesAuth' | 'connectionLimit' | 'ignoresSubscriptions';

/** A vendor that does what it is told, good or bad. */
export interface FakeVendor {
  readonly url: string;
  /** What clients said, oldest first. */
  readonly asked: readonly VendorMessage[];
  /** When each connection was opened, milliseconds of the process's monotonic clock. */
  readonly connectedAtMs: readonly number[];
  /** Clients whose subscription stands. */
  readonly subscribers: number;
  mood: VendorMood;
  /** Sends one frame of messages to whoever is subscribed. */
  publish(...messages: readonly VendorMessage[]): void;
  /** Sends text as it is. */
  publishText(text: string): void;
  cut(): void;
  freeze(): void;
  stop(): Promise<void>;
}

/** Starts a vendor on a free loopback port. */
export async function startFakeVendor(dialect: VendorDialect): Promise<FakeVendor> {
  const asked: VendorMessage[] = [];
  const connectedAtMs: number[] = [];
  const peers = new Set<WebSocketPeer>();
  const subscribers = new Set<WebSocketPeer>();
  let mood: VendorMood = 'wellBehaved';
  const say = (peer: WebSocketPeer, messages: readonly VendorMessage[]): void => {
    if (messages.length > 0) peer.send(JSON.stringify(messages));
  };
  const server = await startWebSocketServer({
    opened: (peer) => {
      peers.add(peer);
      connectedAtMs.push(performance.now());
      say(peer, dialect.hello);
    },
    frame: (peer, text) => {
      const message = JSON.parse(text) as VendorMessage;
      asked.push(message);
      const { messages, subscribed, hangsUp } = dialect.answer(message, mood);
      if (subscribed) subscribers.add(peer);
      say(peer, messages);
      // What was said must still arrive.
      if (hangsUp) setTimeout(() => peer.cut(), 20);
    },
    closed: (peer) => {
      peers.delete(peer);
      subscribers.delete(peer);
    },
  });
  return {
    url: server.url,
    asked,
    connectedAtMs,
    get subscribers() {
      return subscribers.size;
    },
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
    },
    publish: (...messages) => {
      for (const peer of subscribers) say(peer, messages);
    },
    publishText: (text) => {
      for (const peer of subscribers) peer.send(text);
    },
    cut: () => {
      for (const peer of peers) peer.cut();
    },
    freeze: () => {
      for (const peer of peers) peer.freeze();
      subscribers.clear();
    },
    stop: () => server.stop(),
  };
}
