import type { FeatureKind } from '#pipelines/features/featureKind.ts';
import type { FeatureDefinition, FeatureSpec } from '#pipelines/features/featureSpec.ts';

/** Parameters short enough that every kind gets past its warm-up. */
export function shortParameters({ parameters }: FeatureKind): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, rule], index) => {
      if (rule.kind === 'real') return [name, rule.default ?? 2];
      const usual = rule.default ?? 12 + 4 * index;
      return [name, usual > 1 ? Math.max(rule.min, Math.ceil(usual / 4)) : usual];
    }),
  );
}

/** One feature an output of a kind, of minutes and of longer bars, with what else the kind reads declared before. */
export function everyOutputOf(kind: FeatureKind): FeatureSpec {
  const parameters = shortParameters(kind);
  const named = kind.reads === 'columns' && kind.inputs.length === 0;
  const inputs = kind.reads === 'observations' ? ['news'] : named ? ['wild', 'fast', 'middle', 'slow'] : undefined;
  const before: readonly FeatureDefinition[] = named
    ? [
        { name: 'wild', indicator: 'volatility', parameters: { period: 4 } },
        { name: 'fast', indicator: 'return', parameters: { sessions: 1 } },
        { name: 'middle', indicator: 'return', parameters: { sessions: 2 }, timeframe: '5m' },
        { name: 'slow', indicator: 'ROC', parameters: { timeperiod: 1 }, timeframe: '1h' },
      ]
    : [];
  return {
    timeframe: '1m',
    features: [
      ...before,
      ...kind.outputs.flatMap((output) =>
        (['1m', '5m', '1h'] as const).map((timeframe): FeatureDefinition => ({
          name: `${kind.name}_${output}_${timeframe}`,
          indicator: kind.name,
          parameters,
          timeframe,
          output,
          inputs,
        })),
      ),
    ],
  };
}

/** A declaration such as a person writes: every timeframe, confirmation, adaptation, the tape, the book and the news. */
export const wholeDeclaration: FeatureSpec = {
  timeframe: '1m',
  features: [
    { name: 'return1m', indicator: 'return', parameters: { sessions: 1 } },
    { name: 'momentum1m', indicator: 'ROC', parameters: { timeperiod: 5 }, for: 'otherFeatures' },
    { name: 'momentum5m', indicator: 'ROC', parameters: { timeperiod: 5 }, timeframe: '5m', for: 'otherFeatures' },
    { name: 'momentum1h', indicator: 'ROC', parameters: { timeperiod: 2 }, timeframe: '1h', for: 'otherFeatures' },
    { name: 'trend', indicator: 'agreement', inputs: ['momentum1m', 'momentum5m', 'momentum1h'], parameters: {} },
    {
      name: 'confirmedMomentum',
      indicator: 'confirmed',
      inputs: ['momentum1m', 'momentum5m'],
      parameters: { level: 0 },
    },
    { name: 'wild', indicator: 'volatility', parameters: { period: 10 }, for: 'otherFeatures' },
    {
      name: 'adaptiveMomentum',
      indicator: 'adaptive',
      inputs: ['wild', 'momentum1m', 'momentum5m', 'momentum1h'],
      parameters: { lookBack: 30 },
    },
    { name: 'slowTrend', indicator: 'zScore', inputs: ['trend'], parameters: { period: 6 }, timeframe: '15m' },
    { name: 'dayRange', indicator: 'averageTrueRange', parameters: { period: 1 }, timeframe: '1d' },
    { name: 'histogram', indicator: 'MACD', output: 'macdhist', parameters: {}, timeframe: '5m' },
    { name: 'signal', indicator: 'MACD', output: 'macdsignal', parameters: {}, timeframe: '5m' },
    { name: 'flow', indicator: 'orderFlowImbalance', parameters: { period: 5 } },
    { name: 'impact', indicator: 'kyleLambda', parameters: { period: 20 } },
    { name: 'book', indicator: 'depthImbalance', parameters: {}, timeframe: '5m' },
    { name: 'tape', indicator: 'tradeImbalance', parameters: { period: 3 }, timeframe: '5m' },
    { name: 'cost', indicator: 'illiquidity', parameters: { period: 10 } },
    { name: 'mood', indicator: 'observationMean', inputs: ['news'], parameters: { hours: 2 } },
    { name: 'stories', indicator: 'observationCount', inputs: ['news'], parameters: { hours: 1 }, timeframe: '1h' },
    { name: 'release', indicator: 'hoursToEvent', inputs: ['news'], parameters: {} },
  ],
};
