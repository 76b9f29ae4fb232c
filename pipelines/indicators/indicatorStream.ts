import { checkParameters } from './checkParameters.ts';
import type { Columns, Indicator, IndicatorParameters, IndicatorState } from './indicator.ts';

const oneRow = { from: 0, to: 1 } as const;

/** An indicator that is fed bar by bar as bars close. Gives what `computeIndicator` gives, without allocating. */
export class IndicatorStream {
  private readonly indicator: Indicator;
  private readonly parameters: IndicatorParameters;
  private readonly inputs: Columns;
  private readonly outputs: Columns;
  private state: IndicatorState;
  private fresh = true;

  /** @throws Failure INDICATOR_PARAMETERS_INVALID */
  constructor(indicator: Indicator, given: IndicatorParameters = {}) {
    this.indicator = indicator;
    this.parameters = checkParameters(indicator, given);
    this.inputs = indicator.inputs.map(() => new Float64Array(1));
    this.outputs = indicator.outputs.map(() => new Float64Array(1));
    this.state = indicator.begin(this.parameters);
  }

  /**
   * Takes the bar that closed last.
   * @param bar one figure an input, in their order
   * @param values filled with one figure an output; NaN by the rule of `Indicator`
   */
  push(bar: Float64Array, values: Float64Array): void {
    if (!bar.every(Number.isFinite)) {
      if (!this.fresh) this.state = this.indicator.begin(this.parameters);
      this.fresh = true;
      values.fill(Number.NaN);
      return;
    }
    for (let index = 0; index < this.inputs.length; index += 1) this.inputs[index]![0] = bar[index]!;
    this.state.advance(this.inputs, this.outputs, oneRow);
    this.fresh = false;
    for (let index = 0; index < this.outputs.length; index += 1) values[index] = this.outputs[index]![0]!;
  }
}
