import type {
  BarsRequest,
  EventsRequest,
  HistoricalBars,
  Instrument,
  MarketDataProvider,
} from '#activities/ports/marketDataProvider.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';
import { historicalBars, type VendorBar } from '../providers/barColumns.ts';
import { barsQuestion, barWindows, ibkrTimeframes } from './ibkrBars.ts';
import { instrumentOf, stockQuestion, type IbkrStock } from './ibkrContracts.ts';
import { deskRules, IbkrDesk, type DeskQuestion, type DeskRules } from './ibkrDesk.ts';
import { ibkrFailure } from './ibkrFailures.ts';
import { quoteTicks, tickPages, tradeTicks, type TickKind } from './ibkrTickPages.ts';
import { TwsUnreadable } from './twsRequests.ts';
import type { TwsAddress } from './twsConnection.ts';

/** How to reach TWS or the IB Gateway for history. */
export interface IbkrMarketDataOptions extends TwsAddress {
  /** Each replaces its default. */
  readonly rules?: Partial<DeskRules>;
}

/**
 * Interactive Brokers' history over the socket of TWS or the IB Gateway: bars with splits taken back and dividends not,
 * ticks as trades and quotes, and what a symbol is. Corporate actions and past depth are not on the socket, and it has no
 * list of stocks, so that `instruments` wants to know which.
 */
export function createIbkrMarketData({ rules, ...address }: IbkrMarketDataOptions): MarketDataProvider {
  const desk = new IbkrDesk(address, { ...deskRules, ...rules });
  const stocks = new Map<string, Promise<IbkrStock>>();
  const stockOf = (symbol: string): Promise<IbkrStock> => {
    const known = stocks.get(symbol);
    if (known) return known;
    const asked = desk.ask({ asked: `contract of ${symbol}`, ...stockQuestion(symbol) });
    stocks.set(symbol, asked);
    // What failed is asked again.
    asked.catch(() => stocks.delete(symbol));
    return asked;
  };
  return {
    name: 'ibkr',
    origin:
      'Interactive Brokers, TWS socket, prices adjusted for splits by the vendor; use under the agreement with the vendor.',
    timeframes: ibkrTimeframes,
    historicalBars: (request) => bars({ desk, stockOf }, request),
    trades: (request) => ticks({ desk, stockOf }, request, tradeTicks),
    quotes: (request) => ticks({ desk, stockOf }, request, quoteTicks),
    instruments: (symbols) => instruments(stockOf, symbols),
    close: () => {
      desk.close();
      return Promise.resolve();
    },
  };
}

interface Source {
  readonly desk: IbkrDesk;
  readonly stockOf: (symbol: string) => Promise<IbkrStock>;
}

async function bars({ desk, stockOf }: Source, request: BarsRequest): Promise<HistoricalBars> {
  const { symbols, range, timeframe } = request;
  const windows = barWindows(range, timeframe);
  const given = new Map<string, readonly VendorBar[]>();
  const failed = new AbortController();
  try {
    for (const symbol of symbols) {
      const stock = await stockOf(symbol);
      const questions = windows.map((window) => desk.ask(barsQuestion(stock, { window, timeframe }), failed.signal));
      given.set(symbol, (await Promise.all(questions)).flat());
    }
  } finally {
    // After the first failure the other questions would be for nothing.
    failed.abort();
  }
  return historicalBars(request, 'splitAdjusted', given);
}

async function* ticks<Event extends Quote | Trade>(
  { desk, stockOf }: Source,
  request: EventsRequest,
  kind: TickKind<Event>,
): AsyncGenerator<readonly Event[]> {
  const ask = (question: DeskQuestion<readonly Event[]>): Promise<readonly Event[]> => desk.ask(question);
  try {
    yield* tickPages({ stock: await stockOf(request.symbol), kind, request, ask });
  } catch (error) {
    if (!(error instanceof TwsUnreadable)) throw error;
    const asked = `ticks of ${request.symbol}`;
    throw ibkrFailure('PROVIDER_ANSWER_UNREADABLE', { asked, problem: error.message, cause: error });
  }
}

async function instruments(
  stockOf: Source['stockOf'],
  symbols: readonly string[] | undefined,
): Promise<readonly Instrument[]> {
  if (!symbols) {
    const problem = 'the socket has no list of stocks; name the symbols in `data.symbols`';
    throw ibkrFailure('PROVIDER_CAPABILITY_MISSING', { asked: 'all instruments', problem });
  }
  return (await Promise.all(symbols.map(stockOf))).map(instrumentOf);
}
