/** Fields of a message as server version 193 lays them out. Prices and sizes are written as they are. */
export type TwsFields = readonly (string | number)[];

/** A stock of the fake vendor. */
export interface FakeStock {
  readonly symbol: string;
  readonly contractId: number;
  readonly name: string;
  readonly primaryExchange: string;
}

/** A trade of the past or of now; seconds since 1970. */
export interface FakePrint {
  readonly time: number;
  readonly price: number | string;
  readonly size: number | string;
  readonly exchange?: string;
  readonly conditions?: string;
  /** Bit 0: past the limit; bit 1: unreported. */
  readonly mask?: number;
}

/** A quote of the past or of now. */
export interface FakeQuote {
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number | string;
  readonly askSize: number | string;
}

/** A bar of the past: time, open, high, low, close, volume, average price, trades. */
export type FakeBar = readonly [string, ...(number | string)[]];

/** Messages that the server sends, by what they tell. */
export const twsMessages = {
  nextValidId: (id: number): TwsFields => [9, 1, id],
  managedAccounts: (accounts: string): TwsFields => [15, 1, accounts],
  currentTime: (seconds: number): TwsFields => [49, 1, seconds],
  error: (requestId: number | string, code: number, text: string): TwsFields => [4, 2, requestId, code, text, ''],
  contract: (requestId: string, { symbol, contractId, name, primaryExchange }: FakeStock): TwsFields => {
    const identity = [symbol, 'STK', '', '', 0, '', 'SMART', 'USD', symbol, 'NMS', 'NMS', contractId, '0.01', ''];
    const trading = ['LMT,MKT', 'SMART,AMEX', 1, 0, name, primaryExchange, '', 'Technology', 'Computers', 'Computers'];
    const hours = ['US/Eastern', '20260402:0400-20260402:2000', '20260402:0930-20260402:1600', '', 0, 0];
    const sizes = [1, '', '', '26', '', 'COMMON', '0.0001', '0.0001', '100', 0];
    return [10, requestId, ...identity, ...trading, ...hours, ...sizes];
  },
  contractEnd: (requestId: string): TwsFields => [52, 1, requestId],
  bars: (requestId: string, bars: readonly FakeBar[]): TwsFields => [
    17,
    requestId,
    '',
    '',
    bars.length,
    ...bars.flat(),
  ],
  historicalTrades: (requestId: string, prints: readonly FakePrint[], done: 0 | 1): TwsFields => [
    98,
    requestId,
    prints.length,
    ...prints.flatMap(({ time, price, size, exchange = 'ARCA', conditions = '', mask = 0 }) => {
      const fields: TwsFields = [time, mask, price, size, exchange, conditions];
      return fields;
    }),
    done,
  ],
  historicalQuotes: (requestId: string, quotes: readonly FakeQuote[], done: 0 | 1): TwsFields => [
    97,
    requestId,
    quotes.length,
    ...quotes.flatMap(({ time, bid, ask, bidSize, askSize }) => [time, 0, bid, ask, bidSize, askSize]),
    done,
  ],
  trade: (
    requestId: string,
    { time, price, size, exchange = 'ARCA', conditions = '', mask = 0 }: FakePrint,
  ): TwsFields => [99, requestId, 2, time, price, size, mask, exchange, conditions],
  quote: (requestId: string, { time, bid, ask, bidSize, askSize }: FakeQuote): TwsFields => {
    const fields: TwsFields = [99, requestId, 3, time, bid, ask, bidSize, askSize, 0];
    return fields;
  },
  /** A row of a book by market maker: 0 inserts, 1 updates, 2 deletes; side 1 is the bid. */
  depthRow: (requestId: string, row: readonly (number | string)[]): TwsFields => {
    const [position = 0, maker = '', operation = 0, side = 0, price = 0, size = 0] = row;
    return [13, 1, requestId, position, maker, operation, side, price, size, 1];
  },
} as const;
