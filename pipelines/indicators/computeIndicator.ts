import { checkParameters } from './checkParameters.ts';
import type { Columns, Indicator, IndicatorParameters } from './indicator.ts';
import { IndicatorRun } from './indicatorRun.ts';

/**
 * An indicator over a whole history.
 * @param inputs shape [rows] each, in the order of the indicator's inputs; NaN where there is no figure
 * @param given parameters that differ from their defaults
 * @returns shape [rows] each, in the order of its outputs; NaN by the rule of `Indicator`
 * @throws Failure INDICATOR_PARAMETERS_INVALID
 * @throws RangeError when columns are missing, too many or of different lengths
 */
export function computeIndicator(indicator: Indicator, inputs: Columns, given: IndicatorParameters = {}): Columns {
  const parameters = checkParameters(indicator, given);
  const rows = rowsOf(indicator, inputs);
  const outputs = indicator.outputs.map(() => new Float64Array(rows));
  new IndicatorRun(indicator, parameters).advance(inputs, outputs, { from: 0, to: rows });
  return outputs;
}

function rowsOf({ name, inputs: fields }: Indicator, inputs: Columns): number {
  if (inputs.length !== fields.length) {
    throw new RangeError(`${name} reads ${fields.join(', ')}: ${inputs.length} columns are not ${fields.length}`);
  }
  const rows = inputs[0]!.length;
  const odd = inputs.find((column) => column.length !== rows);
  if (odd) throw new RangeError(`${name}: columns differ in length: ${rows}, ${odd.length}`);
  return rows;
}
