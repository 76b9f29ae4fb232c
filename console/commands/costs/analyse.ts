import type { Command } from 'commander';
import { transactionCosts, type TransactionCosts } from '#domain/costs/transactionCosts.ts';
import { dollarText } from '../../figureText.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { executedOrders, withExecutedOptions, type ExecutedOptions, type PricedOrder } from './executedOrders.ts';

interface AnalysedOrder {
  readonly order: PricedOrder;
  readonly costs: TransactionCosts;
}

/** `costs analyse`: what orders cost against the prices before them; needs no server but for an account's fills. */
export function registerCostsAnalyse(costs: Command, context: CommandContext): void {
  withExecutedOptions(costs.command('analyse'))
    .description('tell implementation shortfall and slippage of executed orders, order by order')
    .action(async (account: string | undefined, options: ExecutedOptions) => {
      const { orders, unpriced } = await executedOrders(context, account, options);
      const analysed = orders.map((order) => ({ order, costs: transactionCosts(order) }));
      const total = totalOf(analysed);
      context.answer({
        value: { units, orders: analysed.map(told), total, unpriced },
        text: [
          tableText(headings, analysed.map(rowOf)),
          `${orders.length} orders: delay ${dollarText(total.delay)}, trading ${dollarText(total.trading)}, commission ${dollarText(total.commission)}, implementation shortfall ${dollarText(total.implementationShortfall)} (${basisPoints(total.shortfallFraction)} bp)`,
          ...(unpriced.length === 0 ? [] : [`without prices: ${unpriced.join(', ')}`]),
        ].join('\n'),
      });
    });
}

const units = {
  prices: 'dollars; decided on at the close before the session, come to the market at its open',
  costs: 'dollars, negative where the market came to the order',
  shortfallFraction: 'of the value at the decision',
  slippageFraction: 'of the value at the arrival',
} as const;

const headings = [
  'session',
  'symbol',
  'side',
  'shares',
  'decision',
  'arrival',
  'price',
  'delay',
  'trading',
  'commission',
  'shortfall',
  'bp',
];

function told({ order, costs }: AnalysedOrder): Readonly<Record<string, unknown>> {
  const { bars: _, place: __, commission, ...rest } = order;
  return { ...rest, ...costs, commission };
}

function rowOf({ order, costs }: AnalysedOrder): readonly string[] {
  const { session, symbol, side, quantity, decisionPrice, arrivalPrice, averagePrice } = order;
  const { delay, trading, commission, implementationShortfall, shortfallFraction } = costs;
  return [
    session,
    symbol,
    side,
    String(quantity),
    ...[decisionPrice, arrivalPrice, averagePrice, delay, trading, commission, implementationShortfall].map(dollarText),
    basisPoints(shortfallFraction),
  ];
}

function totalOf(analysed: readonly AnalysedOrder[]): TransactionCosts {
  const sum = (of: (one: AnalysedOrder) => number): number => analysed.reduce((all, one) => all + of(one), 0);
  const implementationShortfall = sum(({ costs }) => costs.implementationShortfall);
  const trading = sum(({ costs }) => costs.trading);
  const decided = sum(({ order }) => order.quantity * order.decisionPrice);
  const arrived = sum(({ order }) => order.quantity * order.arrivalPrice);
  return {
    delay: sum(({ costs }) => costs.delay),
    trading,
    commission: sum(({ costs }) => costs.commission),
    implementationShortfall,
    shortfallFraction: decided === 0 ? 0 : implementationShortfall / decided,
    slippageFraction: arrived === 0 ? 0 : trading / arrived,
  };
}

function basisPoints(fraction: number): string {
  return (fraction * 10_000).toFixed(2);
}
