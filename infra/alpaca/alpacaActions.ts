import type { CorporateAction } from '#domain/corporateAction.ts';
import type { AlpacaActions } from './alpacaMarketWire.ts';

const otherKinds = [
  'spin_offs',
  'cash_mergers',
  'stock_mergers',
  'stock_and_cash_mergers',
  'name_changes',
  'partial_calls',
  'redemptions',
  'reorganizations',
  'rights_distributions',
  'unit_splits',
  'worthless_removals',
] as const satisfies readonly (keyof AlpacaActions)[];

/** Corporate actions as the port knows them. Cash in another currency than dollars is told, not computed with. */
export function corporateActionsOf(given: AlpacaActions): readonly CorporateAction[] {
  return [
    ...given.cash_dividends.map(({ symbol, rate, ex_date: exDate, currency }) =>
      cash({ symbol, exDate, amount: rate, currency, vendorKind: 'cash_dividends' }),
    ),
    ...given.capital_gains_distributions.map(
      ({ symbol, ex_date: exDate, currency, long_term_rate: longTerm = 0, short_term_rate: shortTerm = 0 }) =>
        cash({ symbol, exDate, amount: longTerm + shortTerm, currency, vendorKind: 'capital_gains_distributions' }),
    ),
    ...[...given.forward_splits, ...given.reverse_splits].map(
      ({ symbol, ex_date: exDate, new_rate: newRate, old_rate: oldRate }) =>
        ({ kind: 'split', symbol, exDate, ratio: newRate / oldRate }) as const,
    ),
    ...given.stock_dividends.map(
      ({ symbol, ex_date: exDate, rate }) => ({ kind: 'split', symbol, exDate, ratio: 1 + rate }) as const,
    ),
    ...otherKinds.flatMap((vendorKind) =>
      given[vendorKind].map((one) => ({
        kind: 'other' as const,
        vendorKind,
        symbol: one.symbol ?? one.source_symbol ?? one.acquiree_symbol ?? one.old_symbol ?? '',
        exDate: one.ex_date ?? one.effective_date ?? one.process_date,
      })),
    ),
  ];
}

interface Cash {
  readonly symbol: string;
  readonly exDate: CorporateAction['exDate'];
  readonly amount: number;
  readonly currency: string | undefined;
  readonly vendorKind: string;
}

function cash({ symbol, exDate, amount, currency = 'USD', vendorKind }: Cash): CorporateAction {
  return currency === 'USD'
    ? { kind: 'cashDividend', symbol, exDate, amount }
    : { kind: 'other', symbol, exDate, vendorKind: `${vendorKind} in ${currency}` };
}
