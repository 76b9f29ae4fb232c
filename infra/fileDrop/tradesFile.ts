import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { stampOfText } from '../files/stampOfText.ts';
import { readDailyTable, type DailyTable } from './dailyTable.ts';
import { withFile } from '../files/withFile.ts';

/** A row of a file of fills: one execution, dollars. */
export interface FillRow {
  readonly session: SessionDate;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly priceDollars: number;
  /** Paid beside the price, by the header of the column. */
  readonly costsDollars: Readonly<Record<string, number>>;
  /** What the price paid holds already, by the header of the column: spread, impact and slippage. */
  readonly costsInPriceDollars: Readonly<Record<string, number>>;
}

/** A row of a file of closed trades. */
export interface TradeRow {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: number;
  readonly openedOn: SessionDate;
  readonly closedOn: SessionDate;
  readonly profitDollars: number;
  readonly profitFraction: number | null;
}

/** What a file of trades holds: executions, or positions from opening to end. */
export type TradesFile =
  | { readonly kind: 'fills'; readonly fills: readonly FillRow[] }
  | { readonly kind: 'trades'; readonly trades: readonly TradeRow[] };

const names = {
  symbol: ['symbol', 'ticker', 'instrument', 'asset'],
  side: ['side', 'direction', 'action'],
  quantity: ['quantity', 'qty', 'shares', 'size', 'amount'],
  session: ['session', 'date', 'datetime', 'time', 'timestamp', 'filled at'],
  price: ['price', 'fill price', 'average price'],
  opened: ['opened', 'opened on', 'entry date', 'entry time', 'entered'],
  closed: ['closed', 'closed on', 'exit date', 'exit time', 'exited'],
  profit: ['profit', 'pnl', 'p&l', 'net profit', 'net pnl'],
  fraction: ['return', 'profit fraction', 'return fraction'],
} as const;

const texts = [...names.symbol, ...names.side, ...names.session, ...names.opened, ...names.closed];
const costNames = ['commission', 'fees', 'fee', 'borrow', 'financing', 'tax'];
const inPriceNames = ['slippage', 'spread', 'half spreads', 'impact'];

/**
 * Trades of a CSV (plain or gzip) or Parquet file: executions (date, symbol, side, quantity, price and any costs), or closed
 * trades (symbol, opened, closed, profit). Headers may be spelt with spaces or underscores, in either case.
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged; TRADES_UNREADABLE naming the line otherwise
 */
export async function readTradesFile(path: string): Promise<TradesFile> {
  const table = await tableAt(path);
  const read = new TradesTable(path, table);
  if (read.has(names.price)) {
    const fills = read.rows((row) => read.fill(row));
    return {
      kind: 'fills',
      fills: fills.toSorted((a, b) => (a.session < b.session ? -1 : Number(a.session > b.session))),
    };
  }
  const trades = read.rows((row) => read.trade(row));
  return {
    kind: 'trades',
    trades: trades.toSorted((a, b) => (a.closedOn < b.closedOn ? -1 : Number(a.closedOn > b.closedOn))),
  };
}

/** The columns of a table by what they mean. */
class TradesTable {
  private readonly path: string;
  private readonly table: DailyTable;
  private readonly headers: ReadonlyMap<string, string>;

  constructor(path: string, table: DailyTable) {
    this.path = path;
    this.table = table;
    this.headers = new Map(table.header.map((name) => [plain(name), name]));
  }

  has(wanted: readonly string[]): boolean {
    return wanted.some((name) => this.headers.has(name));
  }

  rows<Row>(read: (row: number) => Row): readonly Row[] {
    return Array.from({ length: this.table.rows }, (_, row) => read(row));
  }

  fill(row: number): FillRow {
    const signed = this.figure(names.quantity, row);
    const said = this.has(names.side) ? this.text(names.side, row).toLowerCase() : signed < 0 ? 'sell' : 'buy';
    const side = /^(?:b|buy|bot|bought|cover)/.test(said)
      ? 'buy'
      : /^(?:s|sell|sld|sold|short)/.test(said)
        ? 'sell'
        : undefined;
    if (side === undefined) throw this.refused(row, `${JSON.stringify(said)} is neither buy nor sell`);
    return {
      session: this.session(names.session, row),
      symbol: this.text(names.symbol, row),
      side,
      quantity: this.positive(Math.abs(signed), row),
      priceDollars: this.positive(this.figure(names.price, row), row),
      costsDollars: this.figuresOf(costNames, row),
      costsInPriceDollars: this.figuresOf(inPriceNames, row),
    };
  }

  trade(row: number): TradeRow {
    const signed = this.has(names.quantity) ? this.figure(names.quantity, row) : Number.NaN;
    const said = this.has(names.side) ? this.text(names.side, row).toLowerCase() : '';
    const [openedOn, closedOn] = [this.session(names.opened, row), this.session(names.closed, row)];
    if (closedOn < openedOn) throw this.refused(row, `it closed on ${closedOn}, before it was opened on ${openedOn}`);
    return {
      symbol: this.text(names.symbol, row),
      side: /^(?:short|sell|s$)/.test(said) || signed < 0 ? 'short' : 'long',
      quantity: Number.isNaN(signed) ? 1 : Math.abs(signed),
      openedOn,
      closedOn,
      profitDollars: this.figure(names.profit, row),
      profitFraction: this.has(names.fraction) ? this.figure(names.fraction, row) : null,
    };
  }

  private column(wanted: readonly string[]): string {
    const found = wanted.find((name) => this.headers.has(name));
    if (found !== undefined) return this.headers.get(found)!;
    const message = `${this.path}: no column ${wanted[0]} (or ${wanted.slice(1).join(', ')}) among ${this.table.header.join(', ')}`;
    throw new Failure('TRADES_UNREADABLE', message, { path: this.path, line: 1 });
  }

  private text(wanted: readonly string[], row: number): string {
    const text = this.table.texts.get(this.column(wanted))?.[row]?.trim() ?? '';
    if (text === '') throw this.refused(row, `${wanted[0]} is empty`);
    return text;
  }

  private figure(wanted: readonly string[], row: number): number {
    const value = this.table.figures.get(this.column(wanted))?.[row] ?? Number.NaN;
    if (!Number.isFinite(value)) throw this.refused(row, `${wanted[0]} is no figure`);
    return value;
  }

  /** Those of the columns that are there. */
  private figuresOf(wanted: readonly string[], row: number): Readonly<Record<string, number>> {
    const there = wanted.filter((name) => this.headers.has(name));
    return Object.fromEntries(there.map((name) => [name, this.figure([name], row)]));
  }

  private positive(value: number, row: number): number {
    if (!(value > 0)) throw this.refused(row, 'quantity and price must be over zero');
    return value;
  }

  /** A date, or the date in New York of an instant. */
  private session(wanted: readonly string[], row: number): SessionDate {
    const text = this.text(wanted, row);
    const date = sessionOfText(text);
    if (date !== undefined) return date;
    const stampMs = stampOfText(text);
    if (stampMs === undefined) throw this.refused(row, `${JSON.stringify(text)} is no date`);
    return newYorkDate(stampMs);
  }

  private refused(row: number, problem: string): Failure {
    const line = row + 2;
    return new Failure('TRADES_UNREADABLE', `${this.path}, line ${line}: ${problem}`, { path: this.path, line });
  }
}

/** A header without case, underscores and the humps of camels. */
function plain(header: string): string {
  return header
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

async function tableAt(path: string): Promise<DailyTable> {
  return withFile(path, () => readDailyTable(path, new Set(spelt(texts))));
}

/** The names as a reader that knows lower case alone meets them. */
function spelt(wanted: readonly string[]): readonly string[] {
  return wanted.flatMap((name) => [name, name.replaceAll(' ', '_'), name.replaceAll(' ', '')]);
}
