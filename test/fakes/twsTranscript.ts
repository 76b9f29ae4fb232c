import { readFileSync } from 'node:fs';
import { startTwsServer, type TwsPeer, type TwsServer } from './twsServer.ts';
import { twsMessages, type FakeBar, type FakeStock, type TwsFields } from './twsMessages.ts';

/** What a recorded line holds; names are the recorder's. */
type Payload = Readonly<Record<string, unknown>>;

interface Line {
  readonly kind: 'server' | 'client' | 'pause' | 'disconnect';
  readonly name: string;
  readonly payload: Payload;
}

/** A recorded conversation that plays itself, one connection after the other. */
export interface TranscriptServer {
  readonly server: TwsServer;
  /** Where a client did not say what was recorded. */
  readonly problems: readonly string[];
  /** Requests that the recording has, in the order in which they came. */
  readonly requests: readonly (readonly string[])[];
}

/** Version that the server answers with: recordings are of 200, and a TWS settles on the highest its client speaks. */
const version = 193;
const pauseMs = 20;

const requestNumbers: Readonly<Record<string, string>> = {
  req_quote: '1',
  cancel_quote: '2',
  req_contract_details: '9',
  req_market_depth: '10',
  req_historical_bars: '20',
  cancel_historical_data: '25',
  req_historical_ticks: '96',
  req_tick_by_tick: '97',
  cancel_tick_by_tick: '98',
};
/** Place of the request's number, and of the symbol, among its fields. */
const places: Readonly<Record<string, readonly [id: number, symbol: number]>> = {
  '1': [2, 4],
  '2': [2, -1],
  '9': [2, 4],
  '10': [2, 4],
  '20': [1, 3],
  '25': [2, -1],
  '96': [1, 3],
  '97': [1, 3],
  '98': [1, -1],
};
const timeRequest = '49';

/**
 * Starts a server that plays a transcript: server lines are sent in the fields of version 193, client lines are waited for,
 * `disconnect` cuts the wire. Rows of bars become one message with their end, as that version has it. What the recorded
 * client did not ask is answered from `stock`: which contract a symbol is, and the time.
 */
export async function playTranscript(path: string, stock: FakeStock): Promise<TranscriptServer> {
  const sessions = sessionsOf(readFileSync(path, 'utf8'));
  const problems: string[] = [];
  const requests: (readonly string[])[] = [];
  const players = new Map<TwsPeer, Player>();
  const server = await startTwsServer(version, {
    started: (peer) => {
      const lines = sessions.shift();
      if (!lines) return peer.cut();
      const player = new Player(lines, { peer, stock, problems, requests });
      players.set(peer, player);
      player.play();
    },
    request: (peer, fields) => players.get(peer)?.hear(fields),
    closed: (peer) => players.delete(peer),
  });
  return { server, problems, requests };
}

/** Lines of each connection; a handshake begins one. */
export function sessionsOf(text: string): Line[][] {
  const sessions: Line[][] = [];
  for (const line of text.split('\n')) {
    const [, word = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    if (word === 'handshake') sessions.push([]);
    else if (word === 'sleep') sessions.at(-1)!.push({ kind: 'pause', name: rest, payload: {} });
    else if (word === 'disconnect') sessions.at(-1)!.push({ kind: 'disconnect', name: '', payload: {} });
    else if (word === 'server' || word === 'client') {
      const [, name = '', json = '{}'] = /^(\w+) ?(.*)$/.exec(rest) ?? [];
      sessions.at(-1)!.push({ kind: word, name, payload: JSON.parse(json || '{}') as Payload });
    }
  }
  return sessions;
}

interface Playing {
  readonly peer: TwsPeer;
  readonly stock: FakeStock;
  readonly problems: string[];
  readonly requests: (readonly string[])[];
}

class Player {
  readonly #lines: Line[];
  readonly #to: Playing;
  readonly #early: (readonly string[])[] = [];
  /** Numbers of requests by the recorder's placeholders. */
  readonly #ids = new Map<unknown, string>();
  #bars: FakeBar[] = [];

  constructor(lines: Line[], to: Playing) {
    this.#lines = lines;
    this.#to = to;
  }

  hear(fields: readonly string[]): void {
    const { peer, stock } = this.#to;
    const isRecorded = this.#lines.some(({ kind, name }) => kind === 'client' && requestNumbers[name] === fields[0]);
    if (isRecorded) {
      this.#early.push(fields);
      this.play();
    } else if (fields[0] === timeRequest) peer.send(...twsMessages.currentTime(1_775_425_800));
    else if (fields[0] === requestNumbers.req_contract_details) {
      peer.send(...twsMessages.contract(fields[2]!, stock));
      peer.send(...twsMessages.contractEnd(fields[2]!));
    }
  }

  play(): void {
    for (let line = this.#lines[0]; line; line = this.#lines[0]) {
      if (line.kind === 'client' && !this.#matches(line)) return;
      this.#lines.shift();
      if (line.kind === 'disconnect') return this.#to.peer.cut();
      if (line.kind === 'pause') {
        setTimeout(() => this.play(), pauseMs);
        return;
      }
      if (line.kind === 'server') this.#say(line);
    }
  }

  #matches({ name, payload }: Line): boolean {
    const fields = this.#early.shift();
    if (!fields) return false;
    const [idAt, symbolAt] = places[fields[0]!]!;
    const { symbol } = (payload.contract ?? {}) as { readonly symbol?: string };
    if (requestNumbers[name] !== fields[0] || (symbol !== undefined && symbol !== fields[symbolAt])) {
      this.#to.problems.push(`${name} of ${symbol} was recorded, ${fields.join('|')} came`);
    }
    this.#to.requests.push(fields);
    this.#ids.set(payload.req_id, fields[idAt]!);
    return true;
  }

  #say({ name, payload }: Line): void {
    const id = this.#ids.get(payload.req_id) ?? textOf(payload.req_id);
    if (name === 'historical_bar') {
      const { time, open, high, low, close, volume, wap, count } = payload as Readonly<Record<string, string>>;
      this.#bars.push([stampOf(time!), open!, high!, low!, close!, volume!, wap ?? '', count ?? '']);
      return;
    }
    const message =
      name === 'historical_bars_end' || name === 'historical_bars_range_end'
        ? twsMessages.bars(id, this.#bars)
        : messageOf(name, { id, payload });
    if (name.startsWith('historical_bars')) this.#bars = [];
    if (message) this.#to.peer.send(...message);
    else this.#to.problems.push(`no fields are known of ${name}`);
  }
}

/** The recorder wrote some times of its own making in ISO; TWS would have sent seconds. */
function stampOf(time: string): string {
  return time.includes('T') ? String(Date.parse(time) / 1_000) : time;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

interface Said {
  readonly id: string;
  readonly payload: Payload;
}

function messageOf(name: string, { id, payload }: Said): TwsFields | undefined {
  const text = (key: string): string => textOf(payload[key]);
  const rows = (payload.ticks ?? []) as readonly Readonly<Record<string, string>>[];
  switch (name) {
    case 'managed_accounts':
      return twsMessages.managedAccounts((payload.accounts as readonly string[]).join(','));
    case 'next_valid_id':
      return twsMessages.nextValidId(payload.order_id as number);
    case 'api_error':
      return twsMessages.error(id, payload.code as number, text('message'));
    case 'contract_details':
      return contractMessage(id, payload);
    case 'contract_details_end':
      return twsMessages.contractEnd(id);
    case 'tick_price':
      return [1, 6, id, text('field'), text('price'), '', 0];
    case 'tick_by_tick': {
      const { time, price, size, exchange } = payload as Readonly<Record<string, string>>;
      return [99, id, text('tick_type'), time!, price!, size!, text('tick_attrib_last'), exchange!, ''];
    }
    case 'historical_ticks_last':
      return [98, id, rows.length, ...rows.flatMap(lastTick), 1];
    case 'historical_ticks_bid_ask':
      return [97, id, rows.length, ...rows.flatMap(quoteTick), 1];
    default:
      return undefined;
  }
}

function lastTick(row: Readonly<Record<string, string>>): TwsFields {
  return [row.time!, row.tick_attrib!, row.price!, row.size!, row.exchange!, row.special_conditions!];
}

function quoteTick(row: Readonly<Record<string, string>>): TwsFields {
  return [row.time!, row.tick_attrib!, row.bid_price!, row.ask_price!, row.bid_size!, row.ask_size!];
}

function contractMessage(id: string, payload: Payload): TwsFields {
  const contract = payload.contract as Readonly<Record<string, string | number>>;
  return twsMessages.contract(id, {
    symbol: String(contract.symbol),
    contractId: Number(contract.con_id ?? 0),
    name: textOf(payload.long_name),
    primaryExchange: String(contract.primary_exchange ?? ''),
  });
}
