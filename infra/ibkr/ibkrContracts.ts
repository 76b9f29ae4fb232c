import { z } from 'zod';
import type { Contract } from '@stoqey/ib';
import { SecType } from '@stoqey/ib/dist/api/data/enum/sec-type.js';
import type { Instrument } from '#activities/ports/marketDataProvider.ts';
import type { SipTape } from '../sip/saleLetters.ts';
import { TwsRefusal, TwsUnreadable, type TwsQuestion } from './twsRequests.ts';

/** A stock as the vendor knows it. */
export interface IbkrStock {
  /** As its exchange writes it: `BRK.B`. */
  readonly symbol: string;
  /** The vendor's own number, which outlives a change of the symbol. */
  readonly contractId: number;
  readonly name: string;
  /** Exchange of the listing, in the vendor's words: NASDAQ, NYSE, ARCA. */
  readonly primaryExchange: string;
}

const detailsSchema = z.tuple(
  [
    z.number(),
    z.object({
      contract: z.object({
        conId: z.int().positive(),
        symbol: z.string(),
        primaryExch: z.string().optional(),
        exchange: z.string().optional(),
      }),
      longName: z.string().optional(),
    }),
  ],
  z.unknown(),
);

/** A contract for requests: by its number, routed to all exchanges. */
export function contractOf({ contractId, symbol, primaryExchange }: IbkrStock): Contract {
  return { ...sought(symbol), conId: contractId, primaryExch: primaryExchange };
}

/** The tape that prints a stock's trades. */
export function tapeOf({ primaryExchange }: IbkrStock): SipTape {
  return /^(NASDAQ|ISLAND)/.test(primaryExchange) ? 'C' : primaryExchange === 'NYSE' ? 'A' : 'B';
}

/** What the vendor says of a stock, for lists. */
export function instrumentOf({ symbol, name, primaryExchange }: IbkrStock): Instrument {
  return { symbol, name, exchange: primaryExchange, active: true };
}

/** Asks which stock a symbol is, in US dollars. Two stocks under one symbol are a refusal: a wrong one would be silent. */
export function stockQuestion(symbol: string): Omit<TwsQuestion<IbkrStock>, 'timeoutMs'> {
  const found = new Map<number, IbkrStock>();
  return {
    write: (requestId) => (encoder) => {
      found.clear();
      encoder.reqContractDetails(requestId, sought(symbol));
    },
    take: ({ name, args }) => {
      if (name === 'contractDetailsEnd') return onlyOne(symbol, [...found.values()]);
      if (name !== 'contractDetails') throw new TwsUnreadable(`${name} in place of the details of a contract`);
      const read = detailsSchema.safeParse(args);
      if (!read.success) throw new TwsUnreadable(`details of ${symbol}: ${z.prettifyError(read.error)}`);
      const { contract, longName } = read.data[1];
      found.set(contract.conId, {
        symbol,
        contractId: contract.conId,
        name: longName ?? '',
        primaryExchange: contract.primaryExch || (contract.exchange ?? ''),
      });
      return undefined;
    },
  };
}

function sought(symbol: string): Contract {
  // The vendor writes classes after a space.
  return {
    symbol: symbol.replace('.', ' '),
    secType: SecType.STK,
    exchange: 'SMART',
    currency: 'USD',
  };
}

function onlyOne(symbol: string, stocks: readonly IbkrStock[]): IbkrStock {
  const [stock] = stocks;
  if (stock && stocks.length === 1) return stock;
  const at = stocks.map(({ contractId, primaryExchange }) => `${contractId} at ${primaryExchange}`);
  const text = stock ? `${symbol} is several stocks: ${at.join(', ')}` : `No security definition for ${symbol}`;
  throw new TwsRefusal({ code: 200, text });
}
