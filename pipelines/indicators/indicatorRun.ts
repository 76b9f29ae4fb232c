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
  for (const column of inputs) end = endOfFinite(column, { from, to: end });
  return end;
}

/** First row that is not finite. Four rows a turn: a number less itself is 0, unless it is infinite or none. */
function endOfFinite(column: Float64Array, { from, to }: Span): number {
  let at = from;
  while (at + 4 <= to) {
    const one = column[at]!;
    const two = column[at + 1]!;
    const three = column[at + 2]!;
    const four = column[at + 3]!;
    if (one - one + (two - two) + (three - three + (four - four)) !== 0) break;
    at += 4;
  }
  while (at < to && Number.isFinite(column[at])) at += 1;
  return at;
}
