import type { Denial } from './denials.ts';
import type { Reduction } from './limits.ts';
import type { OrderIntent } from './order.ts';

/** An order as it was planned, with what the limits answered; plain JSON. */
export type PlannedOrder =
  | { readonly kind: 'allowed'; readonly intent: OrderIntent }
  /** The intent holds the quantity that is left. */
  | { readonly kind: 'reduced'; readonly intent: OrderIntent; readonly reduction: Reduction }
  /** Never sent. */
  | { readonly kind: 'denied'; readonly intent: OrderIntent; readonly denial: Denial };
