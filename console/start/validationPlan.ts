import type { Gate } from '#domain/promotion.ts';
import type { TradingTerms } from '#domain/tradingTerms.ts';
import type { Plan } from '#infra/configuration/plan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';

/** How a plan's candidate is judged: what the plan pins, on the terms of the account that would trade it. */
export function validationPlan(
  plan: Plan,
  { trading }: Pick<Settings, 'trading'>,
): Plan['validation'] & { readonly trading: TradingTerms; readonly gates: readonly Gate[] } {
  const { validation, gates } = plan;
  return {
    ...validation,
    // The account opens with the plan's cash, as the demonstration opens it.
    trading: { ...tradingTermsOf(trading), cashDollars: plan.trading.cashDollars },
    gates: [gates.honest, gates.demonstration],
  };
}
