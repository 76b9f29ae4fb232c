import type { Command } from 'commander';
import { calibrateCosts, type SlippageObservation } from '#domain/costs/costCalibration.ts';
import { marketOfBars } from '#domain/costs/marketOfBars.ts';
import { transactionCosts } from '#domain/costs/transactionCosts.ts';
import type { CommandContext } from '../../context.ts';
import { executedOrders, withExecutedOptions, type ExecutedOptions, type PricedOrder } from './executedOrders.ts';

const historyMin = 21;

/** `costs calibrate`: half spread and impact that our own fills paid; needs no server but for an account's fills. */
export function registerCostsCalibrate(costs: Command, context: CommandContext): void {
  withExecutedOptions(costs.command('calibrate'))
    .description('fit half spread and impact to executed orders, with standard errors')
    .action(async (account: string | undefined, options: ExecutedOptions) => {
      const { orders, unpriced } = await executedOrders(context, account, options);
      const calibration = calibrateCosts(orders.flatMap(observationOf));
      const { halfSpreadFraction, halfSpreadStandardError, impactCoefficient, impactStandardError } = calibration;
      const { rSquared, observations } = calibration;
      context.answer({
        value: { units, ...calibration, unpriced },
        text: [
          `half spread ${(halfSpreadFraction * 10_000).toFixed(2)} ± ${(halfSpreadStandardError * 10_000).toFixed(2)} basis points`,
          `impact ${impactCoefficient.toFixed(3)} ± ${impactStandardError.toFixed(3)} volatilities of a day for a day of volume`,
          `R squared ${rSquared.toFixed(3)}, ${observations} orders, ${unpriced.length} without prices`,
        ].join('\n'),
      });
    });
}

const units = {
  halfSpreadFraction: 'of the price: twice of it, in basis points, is --spread-basis-points of `costs estimate`',
  impactCoefficient: '--impact-coefficient of `costs estimate`',
} as const;

/** By volume and volatility of the sessions before the order's; none where they are too few, or nothing traded. */
function observationOf({ bars, place, ...order }: PricedOrder): readonly SlippageObservation[] {
  if (place < historyMin) return [];
  const before = (values: Float64Array): Float64Array => values.subarray(0, place);
  const { averageDailyVolume, dailyVolatility } = marketOfBars({
    high: before(bars.high),
    low: before(bars.low),
    close: before(bars.close),
    volume: before(bars.volume),
  });
  if (averageDailyVolume === 0) return [];
  const { slippageFraction } = transactionCosts(order);
  return [{ slippageFraction, quantity: order.quantity, averageDailyVolume, dailyVolatility }];
}
