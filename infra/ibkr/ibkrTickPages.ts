import type { EventsRequest } from '#activities/ports/marketDataProvider.ts';
import { isSession } from '#domain/calendar.ts';
import { addDays } from '#domain/exchangeHolidays.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';
import { newYorkDate, newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { contractOf, type IbkrStock } from './ibkrContracts.ts';
import type { DeskQuestion } from './ibkrDesk.ts';
import { quotesOf, tradesOf, type TickContext } from './ibkrTicks.ts';
import { TwsUnreadable } from './twsRequests.ts';
import { vendorTime } from './vendorTime.ts';

const ticksPerQuestion = 1_000;
const secondMs = 1_000;

/** A kind of historical ticks: how it is asked for and read. */
export interface TickKind<Event> {
  readonly whatToShow: 'TRADES' | 'BID_ASK';
  readonly answerName: string;
  /** Questions for bids and asks count twice. */
  readonly weight: number;
  readonly read: (ticks: unknown, context: TickContext) => readonly Event[];
}

/** Trades of the past. */
export const tradeTicks: TickKind<Trade> = {
  whatToShow: 'TRADES',
  answerName: 'historicalTicksLast',
  weight: 1,
  read: tradesOf,
};

/** Best bids and offers of the past. */
export const quoteTicks: TickKind<Quote> = {
  whatToShow: 'BID_ASK',
  answerName: 'historicalTicksBidAsk',
  weight: 2,
  read: quotesOf,
};

/** What pages are asked with. */
export interface TickPages<Event> {
  readonly stock: IbkrStock;
  readonly kind: TickKind<Event>;
  readonly request: EventsRequest;
  readonly ask: (question: DeskQuestion<readonly Event[]>) => Promise<readonly Event[]>;
}

/**
 * Ticks of a stretch, page by page. A question names where it begins and is answered with the next thousand or so; it may
 * not reach into the next day, so that each day with a session is asked for by itself. A full page may end in the middle of
 * a second: the next one begins with that second again, and its ticks count there.
 */
export async function* tickPages<Event extends Quote | Trade>({
  stock,
  kind,
  request: { fromMs, toMs },
  ask,
}: TickPages<Event>): AsyncGenerator<readonly Event[]> {
  for (const day of days(fromMs, toMs)) {
    let atMs = day.fromMs;
    while (atMs < day.toMs) {
      const page = await ask(ticksQuestion(stock, kind, atMs));
      const [firstMs, lastMs] = bounds(page, atMs);
      const isFull = page.length >= ticksPerQuestion;
      // A page of a single second cannot be asked for in parts.
      const untilMs = isFull && firstMs < lastMs ? lastMs : lastMs + secondMs;
      const counted = page.filter(({ venueMs }) => venueMs! < Math.min(untilMs, day.toMs) && venueMs! >= fromMs);
      if (counted.length > 0) yield counted;
      if (!isFull) break;
      atMs = untilMs;
    }
  }
}

/** Asks for the ticks from an instant on. */
function ticksQuestion<Event>(stock: IbkrStock, kind: TickKind<Event>, atMs: number): DeskQuestion<readonly Event[]> {
  const { whatToShow, answerName, weight, read } = kind;
  const begins = vendorTime(atMs);
  const events: Event[] = [];
  return {
    asked: `${whatToShow === 'TRADES' ? 'trades' : 'quotes'} of ${stock.symbol}`,
    pacing: {
      key: `${stock.contractId} ${whatToShow} ticks ${begins}`,
      series: `${stock.contractId} ${whatToShow}`,
      weight,
    },
    empty: [],
    write: (requestId) => (encoder) => {
      events.length = 0;
      const { contract, ends, options } = { contract: contractOf(stock), ends: '', options: ticksPerQuestion };
      encoder.reqHistoricalTicks(requestId, contract, begins, ends, options, whatToShow, false, false);
    },
    take: ({ name, args: [, ticks, isDone] }) => {
      if (name !== answerName) throw new TwsUnreadable(`${name} in place of ${answerName}`);
      events.push(...read(ticks, { stock, receivedMs: Date.now() }));
      return isDone === true ? [...events] : undefined;
    },
  };
}

/** Times of the first and the last tick. @throws TwsUnreadable unless they come in order, from the beginning asked for */
function bounds(page: readonly (Quote | Trade)[], fromMs: number): readonly [firstMs: number, lastMs: number] {
  let lastMs = Math.floor(fromMs / secondMs) * secondMs;
  for (const { venueMs } of page) {
    if (venueMs! < lastMs) throw new TwsUnreadable(`ticks go back from ${lastMs} to ${venueMs}`);
    lastMs = venueMs!;
  }
  return [page[0]?.venueMs ?? fromMs, lastMs];
}

function days(fromMs: number, toMs: number): readonly { readonly fromMs: number; readonly toMs: number }[] {
  const found: { fromMs: number; toMs: number }[] = [];
  if (fromMs >= toMs) return found;
  for (let day = newYorkDate(fromMs); ; day = sessionDate(addDays(day, 1))) {
    const beginsMs = newYorkTimeMs(day, '00:00');
    if (beginsMs >= toMs) return found;
    const endsMs = newYorkTimeMs(sessionDate(addDays(day, 1)), '00:00');
    if (isSession(day)) found.push({ fromMs: Math.max(fromMs, beginsMs), toMs: Math.min(toMs, endsMs) });
  }
}
