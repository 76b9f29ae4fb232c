import type { Columns, Indicator, IndicatorParameters, IndicatorState, Span } from './indicator.ts';

/** An indicator under way over rows that may lack a figure: it begins anew after each hole, as `Indicator` says. */
export class IndicatorRun implements IndicatorState {
  private readonly indicator: Indicator;
  private readonly parameters: IndicatorParameters;
  private state: IndicatorState;
  private fresh = true;

  /** @param parameters all of them, checked */
  constructor(indicator: Indicator, parameters: IndicatorParameters) {
    this.indicator = indicator;
    this.parameters = parameters;
    this.state = indicator.begin(parameters);
  }

  /** @param inputs finite or not: NaN where there is no figure */
  advance(inputs: Columns, outputs: Columns, { from, to }: Span): void {
    for (let row = from; row < to;) {
      const start = endOfHole(inputs, { from: row, to });
      if (start > row) {
        for (const output of outputs) output.fill(Number.NaN, row, start);
        if (!this.fresh) this.state = this.indicator.begin(this.parameters);
        this.fresh = true;
      }
      const end = endOfRun(inputs, { from: start, to });
      if (end > start) {
        this.state.advance(inputs, outputs, { from: start, to: end });
        this.fresh = false;
      }
      row = end;
    }
  }
}

/** First row of the span that has every input. */
function endOfHole(inputs: Columns, { from, to }: Span): number {
  let end = from;
  while (end < to && inputs.some((column) => !Number.isFinite(column[end]))) end += 1;
  return end;
}

/** First row of the span that lacks an input. */
function endOfRun(inputs: Columns, { from, to }: Span): number {
  let end = to;
  for (const column of inputs) {
    let at = from;
    while (at < end && Number.isFinite(column[at])) at += 1;
    end = at;
  }
  return end;
}
