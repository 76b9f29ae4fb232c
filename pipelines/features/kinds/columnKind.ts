import { checkParameters } from '../../indicators/checkParameters.ts';
import {
  multipleMax,
  periodMax,
  type Columns,
  type Indicator,
  type IndicatorParameters,
  type Span,
} from '../../indicators/indicator.ts';
import { IndicatorRun } from '../../indicators/indicatorRun.ts';
import { onlyOutput, type ColumnKind, type ColumnState, type FeatureParameterRule } from '../featureKind.ts';

/** A look-back in bars that must be given. */
export function bars(min: number): FeatureParameterRule {
  return { kind: 'whole', min, max: periodMax };
}

/** A multiple over 0 that must be given. */
export const multiple: FeatureParameterRule = { kind: 'real', min: Number.MIN_VALUE, max: multipleMax };

/** A kind of one output. */
export function columnKind(kind: Omit<ColumnKind, 'reads' | 'outputs'>): ColumnKind {
  return { reads: 'columns', outputs: onlyOutput, ...kind };
}

/** An indicator of the registry, begun. */
export function runOf(indicator: Indicator, parameters: IndicatorParameters): IndicatorRun {
  return new IndicatorRun(indicator, checkParameters(indicator, parameters));
}

/** What a state made of parts does with its inputs, its own columns and its output in a span of rows. */
export type PartsStep = (parts: {
  readonly inputs: Columns;
  /** As many as were asked for; rows of the span are written before they are read. */
  readonly between: readonly Float64Array[];
  readonly value: Float64Array;
  readonly span: Span;
}) => void;

/** A state that needs columns between its inputs and its output. */
export function stateOfParts(columns: number, step: PartsStep): ColumnState {
  let between: readonly Float64Array[] = [];
  return {
    advance: (inputs, outputs, span) => {
      if (between.length === 0 || between[0]!.length < span.to) {
        between = Array.from({ length: columns }, () => new Float64Array(span.to));
      }
      step({ inputs, between, value: outputs[0]!, span });
    },
  };
}

/** A state whose value is a function of the same row's inputs alone. */
export function stateOfRow(valueOf: (row: Float64Array) => number): ColumnState {
  let figures = new Float64Array(0);
  return {
    advance: (inputs, outputs, { from, to }) => {
      if (figures.length !== inputs.length) figures = new Float64Array(inputs.length);
      const value = outputs[0]!;
      for (let row = from; row < to; row += 1) {
        for (let input = 0; input < inputs.length; input += 1) figures[input] = inputs[input]![row]!;
        value[row] = valueOf(figures);
      }
    },
  };
}

/** The numbers before, NaN included: unlike an indicator's it does not begin anew after a hole. */
export class RowsBefore {
  private readonly values: Float64Array;
  private at = 0;

  constructor(rows: number) {
    this.values = new Float64Array(rows).fill(Number.NaN);
  }

  /** @returns the number `rows` rows before; NaN while there is none */
  exchange(value: number): number {
    const { values, at } = this;
    const before = values[at]!;
    values[at] = value;
    this.at = at + 1 === values.length ? 0 : at + 1;
    return before;
  }
}
