import { createSequencedBook, type SequencedBook } from '#domain/depthSequence.ts';
import type { MarketEvent, PriceLevel, Quote, Trade } from '#domain/marketEvents.ts';
import { tradeEffect } from '#domain/tradeConditions.ts';
import type { BarRow, FeatureField } from './barFields.ts';
import { barSpans, type BarSpan, type Market, type Timeframe } from './timeframe.ts';

/** Figures that bars of events have: all but those of other listings. */
export const eventBarFields: readonly FeatureField[] = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'orderFlow',
  'orderFlowTotal',
  'buyVolume',
  'sellVolume',
  'midChange',
  'spread',
  'bidDepth',
  'askDepth',
];

/** How bars are made of events. */
export interface EventBarTerms {
  readonly market: Market;
  readonly timeframe: Timeframe;
  /** Where best prices come from: the venue's quotes, or the book rebuilt from its depth. */
  readonly book: 'quotes' | 'depth';
  /** Levels a side that count as depth; quotes have one. */
  readonly depthLevels: number;
}

/** Best prices with the size at them, and the depth behind. */
interface Best {
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
  readonly bidDepth: number;
  readonly askDepth: number;
}

interface Building {
  readonly span: BarSpan;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  orderFlow: number;
  orderFlowTotal: number;
  buyVolume: number;
  sellVolume: number;
}

/**
 * Bars of one symbol's events, prices and microstructure together, as the events came in: an event belongs to the bar in
 * which our clock received it, so that a bar holds what was known at its end. One code for recordings and live feeds.
 * A bar in which nothing traded stands at the close before it, without volume; there are none before the first trade.
 */
export class EventBars {
  private readonly terms: EventBarTerms;
  private readonly spanOf: (atMs: number) => BarSpan | undefined;
  private readonly sequence: SequencedBook = createSequencedBook();
  private building: Building | undefined;
  private best: Best | undefined;
  private close = Number.NaN;
  private midBefore = Number.NaN;
  private lastSide: 1 | -1 | 0 = 0;
  private lastPrice = Number.NaN;

  constructor(terms: EventBarTerms) {
    this.terms = terms;
    this.spanOf = barSpans(terms.market, terms.timeframe);
  }

  /** Takes the event that came in next. @returns the bar that ended before it, if one did */
  take(event: MarketEvent): BarRow | undefined {
    const ended = this.endBy(event.receivedMs);
    const span = this.spanOf(event.receivedMs);
    if (span && !this.building) this.building = begun(span);
    if (event.kind === 'trade') this.takeTrade(event);
    else this.takeBook(event);
    return ended;
  }

  /** The bar that has ended by an instant, when the clock and not an event ends it. */
  endBy(atMs: number): BarRow | undefined {
    const { building } = this;
    if (building === undefined || atMs < building.span.endMs) return undefined;
    this.building = undefined;
    return this.finished(building);
  }

  private takeTrade({ price, size, conditions }: Trade): void {
    const effect = tradeEffect(conditions, 'regular');
    const { building } = this;
    if (building && effect.volume) {
      building.volume += size;
      const side = this.sideOf(price, effect.range || conditions.includes('oddLot'));
      if (side > 0) building.buyVolume += size;
      if (side < 0) building.sellVolume += size;
    }
    if (!building || !effect.range) return;
    if (Number.isNaN(building.open)) building.open = price;
    building.high = Math.max(building.high, price);
    building.low = Math.min(building.low, price);
    // Where nothing else has set a last price, one that only moves the range stands for it.
    if (effect.last || Number.isNaN(building.close)) building.close = price;
  }

  /**
   * Whose initiative a trade was: a price over the middle is a buyer's, under it a seller's; at the middle or without a
   * quote the last change of price decides. Source: Lee and Ready, Journal of Finance 46 (1991).
   */
  private sideOf(price: number, priced: boolean): 1 | -1 | 0 {
    if (!priced) return 0;
    const change = Math.sign(price - this.lastPrice);
    if (change === 1 || change === -1) this.lastSide = change;
    this.lastPrice = price;
    const fromMiddle = this.best ? Math.sign(price - (this.best.bid + this.best.ask) / 2) : 0;
    return fromMiddle === 1 || fromMiddle === -1 ? fromMiddle : this.lastSide;
  }

  private takeBook(event: Exclude<MarketEvent, Trade>): void {
    const { book, depthLevels } = this.terms;
    if (book === 'quotes') {
      if (event.kind === 'quote') this.change(bestOfQuote(event));
      return;
    }
    if (event.kind !== 'depthSnapshot' && event.kind !== 'depthUpdate') return;
    const applied = this.sequence.take(event).some(({ kind }) => kind === 'applied');
    // A book with a gap is not to be believed, nor is what it says next to be compared with what it said.
    if (!this.sequence.synchronised) this.best = undefined;
    else if (applied) this.change(bestOfBook(this.sequence, depthLevels));
  }

  /** Order flow at the best prices. Source: Cont, Kukanov and Stoikov, Journal of Financial Econometrics 12 (2014). */
  private change(now: Best | undefined): void {
    const { best: before, building } = this;
    this.best = now;
    if (!before || !now || !building) return;
    const bids = (now.bid >= before.bid ? now.bidSize : 0) - (now.bid <= before.bid ? before.bidSize : 0);
    const asks = (now.ask <= before.ask ? now.askSize : 0) - (now.ask >= before.ask ? before.askSize : 0);
    building.orderFlow += bids - asks;
    building.orderFlowTotal += Math.abs(bids) + Math.abs(asks);
  }

  private finished(building: Building): BarRow | undefined {
    const { span, open, high, low, close, ...sums } = building;
    const { best } = this;
    const middle = best ? (best.bid + best.ask) / 2 : Number.NaN;
    const midChange = middle - this.midBefore;
    this.midBefore = middle;
    const still = Number.isNaN(open);
    if (!still) this.close = close;
    if (Number.isNaN(this.close)) return undefined;
    return {
      startMs: span.startMs,
      endMs: span.endMs,
      figures: {
        open: still ? this.close : open,
        high: still ? this.close : high,
        low: still ? this.close : low,
        close: this.close,
        ...sums,
        midChange,
        spread: best ? (best.ask - best.bid) / middle : Number.NaN,
        bidDepth: best?.bidDepth ?? Number.NaN,
        askDepth: best?.askDepth ?? Number.NaN,
      },
    };
  }
}

/** Bars of recorded events. @param endMs when the recording ended: a bar under way then is no bar */
export function barsFromEvents(events: Iterable<MarketEvent>, terms: EventBarTerms, endMs: number): readonly BarRow[] {
  const bars = new EventBars(terms);
  const rows: BarRow[] = [];
  for (const event of events) {
    const ended = bars.take(event);
    if (ended) rows.push(ended);
  }
  const last = bars.endBy(endMs);
  return last ? [...rows, last] : rows;
}

function begun({ startMs, endMs }: BarSpan): Building {
  const prices = { open: Number.NaN, high: -Infinity, low: Infinity, close: Number.NaN };
  const sums = { volume: 0, orderFlow: 0, orderFlowTotal: 0, buyVolume: 0, sellVolume: 0 };
  return { span: { startMs, endMs }, ...prices, ...sums };
}

/** A side without a quote leaves no middle. */
function bestOfQuote({ bid, bidSize, ask, askSize }: Quote): Best | undefined {
  return bid > 0 && ask > 0 ? { bid, bidSize, ask, askSize, bidDepth: bidSize, askDepth: askSize } : undefined;
}

function bestOfBook({ book }: SequencedBook, levels: number): Best | undefined {
  const { bid, ask } = book.best();
  if (!bid || !ask) return undefined;
  const depth = (side: 'bid' | 'ask'): number =>
    book.levels(side, levels).reduce((sum, [, size]: PriceLevel) => sum + size, 0);
  return { bid: bid[0], bidSize: bid[1], ask: ask[0], askSize: ask[1], bidDepth: depth('bid'), askDepth: depth('ask') };
}
