import { checkParameters } from './checkParameters.ts';
import type { Columns, Indicator, IndicatorParameters } from './indicator.ts';

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
  for (let row = 0; row < rows;) {
    const from = endOfHole(inputs, row);
    if (from > row) for (const output of outputs) output.fill(Number.NaN, row, from);
    const to = endOfRun(inputs, from);
    if (to > from) indicator.begin(parameters).advance(inputs, outputs, { from, to });
    row = to;
  }
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

/** First row from `row` on that has every input. */
function endOfHole(inputs: Columns, row: number): number {
  let end = row;
  while (end < inputs[0]!.length && inputs.some((column) => !Number.isFinite(column[end]))) end += 1;
  return end;
}

/** First row from `row` on that lacks an input. */
function endOfRun(inputs: Columns, row: number): number {
  let end = inputs[0]!.length;
  for (const column of inputs) {
    let at = row;
    while (at < end && Number.isFinite(column[at])) at += 1;
    end = at;
  }
  return end;
}
