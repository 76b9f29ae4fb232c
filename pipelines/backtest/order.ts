import { onceTriggered, type PriceTerms } from '#domain/barMatching.ts';
import type { DenialCode } from '#domain/denials.ts';
import type { Shares } from '#domain/money.ts';
import type { OrderSide, OrderState, TimeInForce } from '#domain/order.ts';
import { isEndState, transition, type OrderEvidence } from '#domain/orderState.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitPrice, type ShareSplit } from '#domain/shareSplit.ts';

/**
 * When an order may trade. `day`, `opening` and `closing` are those of a venue and speak of the next session once one has
 * closed; `untilCancelled` rests from session to session. `thisClose` trades at the close that was just seen: no venue
 * takes such an order, and a result says how many there were.
 */
export type PlayedTimeInForce = TimeInForce | 'untilCancelled' | 'thisClose';

/** What a strategy asks for. */
export interface OrderRequest {
  /** Place of the symbol in the desk's list. */
  readonly symbol: number;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  readonly terms: PriceTerms;
  readonly timeInForce: PlayedTimeInForce;
  /** It only brings the position nearer to zero: what would go beyond is cut off, and it ends once the position is flat. */
  readonly reduceOnly?: boolean;
}

/** An order and what became of it. */
export interface PlayedOrder extends OrderRequest {
  /** From 0, in the order of submission. */
  readonly id: number;
  /** Session in which it was decided, and when. */
  readonly decidedIn: SessionDate;
  readonly decidedAt: 'beforeOpen' | 'open' | 'closed';
  readonly state: OrderState;
  readonly filledQuantity: Shares;
  /** Why a limit of the account refused it. */
  readonly denial?: DenialCode;
  /** The limit that cut it to its quantity, and what was asked for. */
  readonly reduction?: PlayedReduction;
}

/** How a limit of the account made an order smaller. */
export interface PlayedReduction {
  readonly code: DenialCode;
  readonly asked: Shares;
}

/** An order while it is played. */
export class WorkingOrder {
  readonly id: number;
  readonly request: OrderRequest;
  readonly decidedIn: SessionDate;
  readonly decidedAt: PlayedOrder['decidedAt'];
  /** First row of the market on which it may trade. */
  readonly liveFrom: number;
  /** Shares and prices as they are after splits, and once a stop was reached. */
  quantity: number;
  terms: PriceTerms;
  filled = 0;
  /** What the filled shares traded for, ten-thousandths of a dollar. */
  filledValue = 0;
  /** Shares that the venue gave up on, when it ended the order. */
  unfilled = 0;
  /** Position when the session began between its auctions: what a reducing limit order may take from. */
  heldBefore = 0;
  denial: DenialCode | undefined;
  reduction: PlayedReduction | undefined;
  /** It never opens a position: by its own word, or as a sale of an account that cannot be short. */
  readonly reduces: boolean;
  private current: OrderState = 'intended';

  constructor(
    request: OrderRequest,
    placed: Pick<PlayedOrder, 'id' | 'decidedIn' | 'decidedAt'> & Pick<WorkingOrder, 'liveFrom' | 'reduces'>,
  ) {
    this.id = placed.id;
    this.request = request;
    this.decidedIn = placed.decidedIn;
    this.decidedAt = placed.decidedAt;
    this.liveFrom = placed.liveFrom;
    this.reduces = placed.reduces;
    this.quantity = request.quantity;
    this.terms = request.terms;
  }

  get state(): OrderState {
    return this.current;
  }

  /** Whether nothing can happen to it any more. */
  get isDone(): boolean {
    return isEndState(this.current);
  }

  /** Shares that may still trade. */
  get open(): number {
    return this.isDone ? 0 : this.quantity - this.filled;
  }

  /** Its stop was reached. */
  trigger(): void {
    this.terms = onceTriggered(this.terms);
  }

  /** So many shares more have traded. */
  take(quantity: number): void {
    this.filled += quantity;
    if (this.filled === this.quantity) this.become('filled', 'answer');
    else if (this.current !== 'partiallyFilled') this.become('partiallyFilled', 'answer');
  }

  /** The venue ends what it could not fill. */
  giveUp(state: 'cancelled' | 'expired'): void {
    this.unfilled = this.open;
    this.become(state, 'answer');
  }

  /** An order that rests over a split speaks of new shares from then on; less than one of them is nothing. */
  split(split: ShareSplit): void {
    const open = Math.floor((this.open * split.to) / split.from);
    this.quantity = this.filled + open;
    const { terms } = this;
    this.terms = {
      ...terms,
      ...('limitPrice' in terms && { limitPrice: splitPrice(terms.limitPrice, split) }),
      ...('stopPrice' in terms && { stopPrice: splitPrice(terms.stopPrice, split) }),
    };
    if (open === 0) this.become('cancelled', 'answer');
  }

  /** @throws Error for a state that cannot follow: the rules of live orders hold here too */
  become(state: OrderState, evidence: OrderEvidence): void {
    const moved = transition(this.current, state, evidence);
    if (moved.kind === 'refused') throw new Error(`order ${this.id}: ${moved.reason}`);
    this.current = moved.state;
  }

  /** The order as a result tells it. */
  told(): PlayedOrder {
    return {
      ...this.request,
      id: this.id,
      decidedIn: this.decidedIn,
      decidedAt: this.decidedAt,
      state: this.current,
      filledQuantity: this.filled as Shares,
      ...(this.denial && { denial: this.denial }),
      ...(this.reduction && { reduction: this.reduction }),
    };
  }
}
