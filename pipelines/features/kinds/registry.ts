import type { Indicator } from '../../indicators/indicator.ts';
import { IndicatorRun } from '../../indicators/indicatorRun.ts';
import { indicators } from '../../indicators/registry.ts';
import type { ColumnKind, FeatureKind } from '../featureKind.ts';
import { crossTimeframeKinds } from './crossTimeframe.ts';
import { microstructureKinds } from './microstructure.ts';
import { observationKinds } from './observations.ts';
import { returnKinds } from './returns.ts';
import { scaleFreeKinds } from './scaleFree.ts';
import { transformKinds } from './transforms.ts';

/** Kinds that are free of the price's scale: what models read. */
export const modelKinds: readonly ColumnKind[] = [...returnKinds, ...scaleFreeKinds];

/** Every kind of feature: those of models, of timeframes, of the tape and the book, of observations, and all indicators. */
export const featureKinds: readonly FeatureKind[] = [
  ...modelKinds,
  ...crossTimeframeKinds,
  ...transformKinds,
  ...microstructureKinds,
  ...observationKinds,
  ...indicators.map(kindOfIndicator),
];

function kindOfIndicator(indicator: Indicator): ColumnKind {
  return {
    reads: 'columns',
    name: indicator.name,
    title: indicator.title,
    inputs: indicator.inputs,
    parameters: indicator.parameters,
    outputs: indicator.outputs,
    begin: (parameters) => new IndicatorRun(indicator, parameters),
  };
}
