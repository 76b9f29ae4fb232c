import { money } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';

/** What trading costs at the venue. */
export interface VenueCosts {
  /** The printed price moved by half the spread against the side that trades. */
  slippedPrice(side: OrderSide, printed: Money): Money;
  /** Commission of one execution. */
  commission(price: Money, quantity: Shares): Money;
}

/** placeholder */
export function venueCosts(rates: { readonly halfSpreadBps: number; readonly commissionBps: number }): VenueCosts {
  return {
    slippedPrice: (side, printed) => {
      const slip = Math.ceil((printed * rates.halfSpreadBps) / 10_000);
      return money(side === 'buy' ? printed + slip : Math.max(1, printed - slip));
    },
    commission: (price, quantity) => money(Math.ceil((price * quantity * rates.commissionBps) / 10_000)),
  };
}
