import { checkParameters } from './checkParameters.ts';
import type { Columns, Indicator, IndicatorParameters } from './indicator.ts';
import { IndicatorRun } from './indicatorRun.ts';

const oneRow = { from: 0, to: 1 } as const;

/** An indicator that is fed bar by bar as bars close. Gives what `computeIndicator` gives, without allocating. */
export class IndicatorStream {
  private readonly inputs: Columns;
  private readonly outputs: Columns;
  private readonly run: IndicatorRun;

  /** @throws Failure INDICATOR_PARAMETERS_INVALID */
  constructor(indicator: Indicator, given: IndicatorParameters = {}) {
    this.inputs = indicator.inputs.map(() => new Float64Array(1));
    this.outputs = indicator.outputs.map(() => new Float64Array(1));
    this.run = new IndicatorRun(indicator, checkParameters(indicator, given));
  }

  /**
   * Takes the bar that closed last.
   * @param bar one figure an input, in their order
   * @param values filled with one figure an output; NaN by the rule of `Indicator`
   */
  push(bar: Float64Array, values: Float64Array): void {
    for (let index = 0; index < this.inputs.length; index += 1) this.inputs[index]![0] = bar[index]!;
    this.run.advance(this.inputs, this.outputs, oneRow);
    for (let index = 0; index < this.outputs.length; index += 1) values[index] = this.outputs[index]![0]!;
  }
}
