import { Failure } from '#domain/failure.ts';
import { doubleExponentialMovingAverage } from './averages/doubleExponentialMovingAverage.ts';
import { exponentialMovingAverage } from './averages/exponentialMovingAverage.ts';
import { hullMovingAverage } from './averages/hullMovingAverage.ts';
import { kaufmanAdaptiveMovingAverage } from './averages/kaufmanAdaptiveMovingAverage.ts';
import { mesaAdaptiveMovingAverage } from './averages/mesaAdaptiveMovingAverage.ts';
import { simpleMovingAverage } from './averages/simpleMovingAverage.ts';
import { tillsonMovingAverage } from './averages/tillsonMovingAverage.ts';
import { triangularMovingAverage } from './averages/triangularMovingAverage.ts';
import { tripleExponentialMovingAverage } from './averages/tripleExponentialMovingAverage.ts';
import { volumeWeightedMovingAverage } from './averages/volumeWeightedMovingAverage.ts';
import { weightedMovingAverage } from './averages/weightedMovingAverage.ts';
import { wilderMovingAverage } from './averages/wilderMovingAverage.ts';
import { zeroLagMovingAverage } from './averages/zeroLagMovingAverage.ts';
import { accelerationBands } from './bands/accelerationBands.ts';
import { bollingerBands } from './bands/bollingerBands.ts';
import { donchianChannel } from './bands/donchianChannel.ts';
import { hilbertTrendline } from './bands/hilbertTrendline.ts';
import { keltnerChannel } from './bands/keltnerChannel.ts';
import { linearRegression } from './bands/linearRegression.ts';
import { midpoint } from './bands/midpoint.ts';
import { midprice } from './bands/midprice.ts';
import { parabolicStopAndReverse } from './bands/parabolicStopAndReverse.ts';
import { superTrend } from './bands/superTrend.ts';
import { timeSeriesForecast } from './bands/timeSeriesForecast.ts';
import { hilbertDominantPeriod } from './cycle/hilbertDominantPeriod.ts';
import { hilbertSine } from './cycle/hilbertSine.ts';
import { hilbertTrendMode } from './cycle/hilbertTrendMode.ts';
import { absolutePriceOscillator } from './momentum/absolutePriceOscillator.ts';
import { aroon } from './momentum/aroon.ts';
import { aroonOscillator } from './momentum/aroonOscillator.ts';
import { averageDirectionalIndex } from './momentum/averageDirectionalIndex.ts';
import { averageDirectionalIndexRating } from './momentum/averageDirectionalIndexRating.ts';
import { awesomeOscillator } from './momentum/awesomeOscillator.ts';
import { balanceOfPower } from './momentum/balanceOfPower.ts';
import { chandeMomentumOscillator } from './momentum/chandeMomentumOscillator.ts';
import { commodityChannelIndex } from './momentum/commodityChannelIndex.ts';
import { coppockCurve } from './momentum/coppockCurve.ts';
import { detrendedPriceOscillator } from './momentum/detrendedPriceOscillator.ts';
import { directionalIndex } from './momentum/directionalIndex.ts';
import { fastStochasticOscillator } from './momentum/fastStochasticOscillator.ts';
import { minusDirectionalIndicator } from './momentum/minusDirectionalIndicator.ts';
import { minusDirectionalMovement } from './momentum/minusDirectionalMovement.ts';
import { momentum } from './momentum/momentum.ts';
import { moneyFlowIndex } from './momentum/moneyFlowIndex.ts';
import { movingAverageConvergence } from './momentum/movingAverageConvergence.ts';
import { percentagePriceOscillator } from './momentum/percentagePriceOscillator.ts';
import { plusDirectionalIndicator } from './momentum/plusDirectionalIndicator.ts';
import { plusDirectionalMovement } from './momentum/plusDirectionalMovement.ts';
import { rateOfChange } from './momentum/rateOfChange.ts';
import { rateOfChangeFraction } from './momentum/rateOfChangeFraction.ts';
import { rateOfChangeRatio } from './momentum/rateOfChangeRatio.ts';
import { relativeStrengthIndex } from './momentum/relativeStrengthIndex.ts';
import { stochasticKdj } from './momentum/stochasticKdj.ts';
import { stochasticOscillator } from './momentum/stochasticOscillator.ts';
import { stochasticRelativeStrength } from './momentum/stochasticRelativeStrength.ts';
import { tripleExponentialRateOfChange } from './momentum/tripleExponentialRateOfChange.ts';
import { trueStrengthIndex } from './momentum/trueStrengthIndex.ts';
import { ultimateOscillator } from './momentum/ultimateOscillator.ts';
import { vortex } from './momentum/vortex.ts';
import { williamsPercentRange } from './momentum/williamsPercentRange.ts';
import { beta } from './statistics/beta.ts';
import { correlation } from './statistics/correlation.ts';
import { linearRegressionSlope } from './statistics/linearRegressionSlope.ts';
import { standardDeviation } from './statistics/standardDeviation.ts';
import { typicalPrice } from './statistics/typicalPrice.ts';
import { variance } from './statistics/variance.ts';
import { averageTrueRange } from './volatility/averageTrueRange.ts';
import { massIndex } from './volatility/massIndex.ts';
import { normalisedAverageTrueRange } from './volatility/normalisedAverageTrueRange.ts';
import { trueRange } from './volatility/trueRange.ts';
import { accumulationDistribution } from './volume/accumulationDistribution.ts';
import { accumulationDistributionOscillator } from './volume/accumulationDistributionOscillator.ts';
import { chaikinMoneyFlow } from './volume/chaikinMoneyFlow.ts';
import { elderForceIndex } from './volume/elderForceIndex.ts';
import { negativeVolumeIndex } from './volume/negativeVolumeIndex.ts';
import { onBalanceVolume } from './volume/onBalanceVolume.ts';
import { priceVolumeTrend } from './volume/priceVolumeTrend.ts';
import { volumeWeightedAveragePrice } from './volume/volumeWeightedAveragePrice.ts';
import type { Indicator } from './indicator.ts';

/** Every indicator: moving averages, bands, momentum, volume, volatility, cycles, statistics. */
export const indicators: readonly Indicator[] = [
  simpleMovingAverage,
  exponentialMovingAverage,
  weightedMovingAverage,
  doubleExponentialMovingAverage,
  tripleExponentialMovingAverage,
  triangularMovingAverage,
  kaufmanAdaptiveMovingAverage,
  tillsonMovingAverage,
  mesaAdaptiveMovingAverage,
  hullMovingAverage,
  wilderMovingAverage,
  volumeWeightedMovingAverage,
  zeroLagMovingAverage,
  bollingerBands,
  donchianChannel,
  keltnerChannel,
  accelerationBands,
  superTrend,
  midpoint,
  midprice,
  parabolicStopAndReverse,
  hilbertTrendline,
  linearRegression,
  timeSeriesForecast,
  relativeStrengthIndex,
  movingAverageConvergence,
  stochasticOscillator,
  fastStochasticOscillator,
  stochasticRelativeStrength,
  averageDirectionalIndex,
  averageDirectionalIndexRating,
  directionalIndex,
  plusDirectionalIndicator,
  minusDirectionalIndicator,
  plusDirectionalMovement,
  minusDirectionalMovement,
  commodityChannelIndex,
  chandeMomentumOscillator,
  moneyFlowIndex,
  momentum,
  rateOfChange,
  rateOfChangeFraction,
  rateOfChangeRatio,
  tripleExponentialRateOfChange,
  ultimateOscillator,
  williamsPercentRange,
  aroon,
  aroonOscillator,
  absolutePriceOscillator,
  percentagePriceOscillator,
  balanceOfPower,
  awesomeOscillator,
  coppockCurve,
  trueStrengthIndex,
  vortex,
  detrendedPriceOscillator,
  stochasticKdj,
  accumulationDistribution,
  accumulationDistributionOscillator,
  onBalanceVolume,
  chaikinMoneyFlow,
  elderForceIndex,
  priceVolumeTrend,
  negativeVolumeIndex,
  volumeWeightedAveragePrice,
  averageTrueRange,
  normalisedAverageTrueRange,
  trueRange,
  massIndex,
  hilbertDominantPeriod,
  hilbertSine,
  hilbertTrendMode,
  standardDeviation,
  variance,
  linearRegressionSlope,
  correlation,
  beta,
  typicalPrice,
];

const byName = new Map(indicators.map((indicator) => [indicator.name, indicator]));

/**
 * The indicator of a name, in any case.
 * @throws Failure INDICATOR_UNKNOWN
 */
export function indicatorOf(name: string): Indicator {
  const found = byName.get(name.toUpperCase());
  if (found) return found;
  throw new Failure('INDICATOR_UNKNOWN', `there is no indicator ${JSON.stringify(name)}`, { name });
}
