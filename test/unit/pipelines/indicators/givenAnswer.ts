import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import type { IndicatorParameters } from '#pipelines/indicators/indicator.ts';
import { indicatorOf } from '#pipelines/indicators/registry.ts';

/** Figures, oldest first. */
export type Figures = readonly number[];

/** An indicator of few figures. */
export interface IndicatorCall {
  readonly name: string;
  readonly inputs: readonly Figures[];
  readonly parameters?: IndicatorParameters;
}

/** A rule, what it is tried on, and the answer worked out by hand, by output. */
export type KnownAnswer = readonly [rule: string, call: IndicatorCall, wanted: Readonly<Record<string, Figures>>];

/** Outputs by name, to 12 digits. */
export function givenAnswer({ name, inputs, parameters }: IndicatorCall): Readonly<Record<string, Figures>> {
  const indicator = indicatorOf(name);
  const outputs = computeIndicator(
    indicator,
    inputs.map((figures) => Float64Array.from(figures)),
    parameters,
  );
  return rounded(Object.fromEntries(indicator.outputs.map((output, index) => [output, [...outputs[index]!]])));
}

/** Figures to 12 digits. */
export function rounded(answer: Readonly<Record<string, Figures>>): Readonly<Record<string, Figures>> {
  return Object.fromEntries(
    Object.entries(answer).map(([output, figures]) => [
      output,
      figures.map((figure) => Number(figure.toPrecision(12))),
    ]),
  );
}
