import { startTwsServer, type TwsPeer, type TwsServer } from './twsServer.ts';
import { twsMessages, type FakeBar, type FakePrint, type FakeQuote, type FakeStock } from './twsMessages.ts';

/** A request as it came: its kind, number, all fields, and when. */
export interface TwsAsked {
  readonly kind: TwsRequestKind;
  readonly requestId: string;
  readonly fields: readonly string[];
  readonly atMs: number;
  readonly clientId: number;
}

/** Requests that the vendor understands. */
export type TwsRequestKind =
  'contract' | 'bars' | 'ticks' | 'tickByTick' | 'depth' | 'cancelBars' | 'cancelTickByTick' | 'cancelDepth' | 'time';

/** What the vendor does with its next requests in place of answering. `undefined` lets it answer. */
export type TwsTrick = (asked: TwsAsked, peer: TwsPeer) => 'handled' | undefined;

/** A TWS that does what it is told, good or bad. */
export interface TwsVendor {
  readonly server: TwsServer;
  readonly asked: readonly TwsAsked[];
  readonly peers: ReadonlySet<TwsPeer>;
  trick: TwsTrick;
  stocks: readonly FakeStock[];
  bars: readonly FakeBar[];
  prints: readonly FakePrint[];
  quotes: readonly FakeQuote[];
  /** Ticks of one answer at most. */
  ticksMax: number;
  /** Whether an answer has the rest of its last second beyond that. */
  completesSeconds: boolean;
  /** Said to each client after it started. */
  greet: (peer: TwsPeer) => void;
  /** Sends to each standing subscription of a kind. */
  publish(kind: 'AllLast' | 'BidAsk' | 'depth', message: (requestId: string) => readonly (string | number)[]): void;
  /** Says something of no request to everybody. */
  notice(code: number, text: string): void;
  /** Standing subscriptions. */
  readonly subscriptions: readonly { readonly kind: string; readonly requestId: string; readonly clientId: number }[];
}

const kindOfNumber: Readonly<Record<string, TwsRequestKind>> = {
  '9': 'contract',
  '20': 'bars',
  '25': 'cancelBars',
  '96': 'ticks',
  '97': 'tickByTick',
  '98': 'cancelTickByTick',
  '10': 'depth',
  '11': 'cancelDepth',
  '49': 'time',
};
/** Place of the request's number among the fields. */
const numberAt: Readonly<Record<TwsRequestKind, number>> = {
  contract: 2,
  bars: 1,
  cancelBars: 2,
  ticks: 1,
  tickByTick: 1,
  cancelTickByTick: 1,
  depth: 2,
  cancelDepth: 2,
  time: 1,
};

/** Stocks of the fake vendor where a test names no others. */
export const apple: FakeStock = {
  symbol: 'AAPL',
  contractId: 265598,
  name: 'APPLE INC',
  primaryExchange: 'NASDAQ',
};

interface Subscription {
  readonly kind: string;
  readonly requestId: string;
  readonly peer: TwsPeer;
  readonly clientId: number;
}

/** Starts a vendor on a free loopback port. */
export async function startTwsVendor({ version = 193 }: { readonly version?: number } = {}): Promise<TwsVendor> {
  const asked: TwsAsked[] = [];
  const peers = new Set<TwsPeer>();
  const subscriptions: Subscription[] = [];
  const remove = (matches: (one: Subscription) => boolean): void => {
    subscriptions.splice(0, subscriptions.length, ...subscriptions.filter((one) => !matches(one)));
  };
  const server = await startTwsServer(version, {
    started: (peer) => {
      peers.add(peer);
      vendor.greet(peer);
    },
    request: (peer, fields) => {
      const kind = kindOfNumber[fields[0] ?? ''];
      if (!kind) throw new Error(`the fake vendor does not know request ${fields.join('|')}`);
      const requestId = fields[numberAt[kind]] ?? '';
      const one = { kind, requestId, fields, atMs: performance.now(), clientId: peer.clientId };
      asked.push(one);
      if (vendor.trick(one, peer) === 'handled') return;
      if (kind === 'tickByTick')
        subscriptions.push({ kind: fields[14] ?? '', requestId, peer, clientId: peer.clientId });
      else if (kind === 'depth') subscriptions.push({ kind: 'depth', requestId, peer, clientId: peer.clientId });
      else if (kind.startsWith('cancel')) remove((known) => known.requestId === requestId && known.peer === peer);
      else answer(vendor, one, peer);
    },
    closed: (peer) => {
      peers.delete(peer);
      remove((known) => known.peer === peer);
    },
  });
  const vendor: TwsVendor = {
    server,
    asked,
    peers,
    subscriptions,
    trick: () => undefined,
    stocks: [apple],
    bars: [],
    prints: [],
    quotes: [],
    ticksMax: 1_000,
    completesSeconds: false,
    greet: (peer) => {
      peer.send(...twsMessages.managedAccounts('DU9000001'));
      peer.send(...twsMessages.nextValidId(1));
      peer.send(...twsMessages.error(-1, 2104, 'Market data farm connection is OK:usfarm'));
    },
    publish: (kind, message) => {
      for (const { peer, requestId } of subscriptions.filter((one) => one.kind === kind))
        peer.send(...message(requestId));
    },
    notice: (code, text) => {
      for (const peer of peers) peer.send(...twsMessages.error(-1, code, text));
    },
  };
  return vendor;
}

function answer(vendor: TwsVendor, { kind, requestId, fields }: TwsAsked, peer: TwsPeer): void {
  if (kind === 'time') peer.send(...twsMessages.currentTime(Math.floor(Date.now() / 1_000)));
  else if (kind === 'contract') {
    const found = vendor.stocks.filter(({ symbol }) => symbol === fields[4]);
    if (found.length === 0) peer.send(...twsMessages.error(requestId, 200, 'No security definition has been found'));
    for (const stock of found) peer.send(...twsMessages.contract(requestId, stock));
    if (found.length > 0) peer.send(...twsMessages.contractEnd(requestId));
  } else if (kind === 'bars') peer.send(...twsMessages.bars(requestId, vendor.bars));
  else if (kind === 'ticks') answerTicks(vendor, { requestId, fields }, peer);
}

/** From the beginning asked for, as many as fit; trades in two messages. */
function answerTicks(
  { prints, quotes, ticksMax, completesSeconds }: TwsVendor,
  { requestId, fields }: { readonly requestId: string; readonly fields: readonly string[] },
  peer: TwsPeer,
): void {
  const [, year, month, day, time] = /^(\d{4})(\d{2})(\d{2})-(.{8})$/.exec(fields[15] ?? '') ?? [];
  const from = Date.parse(`${year}-${month}-${day}T${time}Z`) / 1_000;
  const wanted = Math.min(ticksMax, Number(fields[17]));
  const page = <Tick extends { readonly time: number }>(ticks: readonly Tick[]): readonly Tick[] => {
    const after = ticks.filter((tick) => tick.time >= from);
    const last = after[wanted - 1];
    return after.filter((tick, index) => index < wanted || (completesSeconds && tick.time === last?.time));
  };
  if (fields[18] === 'TRADES') {
    const found = page(prints);
    const half = Math.floor(found.length / 2);
    peer.send(...twsMessages.historicalTrades(requestId, found.slice(0, half), 0));
    peer.send(...twsMessages.historicalTrades(requestId, found.slice(half), 1));
  } else peer.send(...twsMessages.historicalQuotes(requestId, page(quotes), 1));
}
