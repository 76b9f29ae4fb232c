import { Failure } from '#domain/failure.ts';
import { checkParameters } from './checkParameters.ts';
import type { Indicator, IndicatorParameters } from './indicator.ts';
import { indicatorOf } from './registry.ts';

/** An indicator with its parameters, as somebody asked for it. */
export interface ChosenIndicator {
  readonly indicator: Indicator;
  /** All of them. */
  readonly parameters: IndicatorParameters;
  /** Names of its outputs in a table, e.g. `RSI_14`, `MACD_12_26_9_macdsignal`. */
  readonly columns: readonly string[];
}

const oneIndicator = /\s*([A-Za-z]\w*)\s*(?:\(([^()]*)\))?\s*(,|$)/y;

/**
 * Reads a list of indicators, e.g. `RSI(14),MACD(12,26,9),BBANDS(nbdevup=3),OBV`: parameters in their order or by name,
 * the others at their defaults.
 * @throws Failure INDICATOR_UNKNOWN for a list that is not written so, an unknown name, or an indicator chosen twice;
 *   INDICATOR_PARAMETERS_INVALID
 */
export function chosenIndicators(text: string): readonly ChosenIndicator[] {
  const chosen: ChosenIndicator[] = [];
  const columns = new Set<string>();
  for (let at = 0, more = true; more; at = oneIndicator.lastIndex) {
    oneIndicator.lastIndex = at;
    const [, name, written, separator] = oneIndicator.exec(text) ?? [];
    if (name === undefined)
      throw unknown(`not a list of indicators from character ${at + 1} on: ${JSON.stringify(text)}`);
    const one = chosenIndicator(indicatorOf(name), written ?? '');
    if (columns.has(one.columns[0]!)) throw unknown(`${one.columns[0]} is chosen twice`);
    columns.add(one.columns[0]!);
    chosen.push(one);
    more = separator === ',';
  }
  return chosen;
}

function chosenIndicator(indicator: Indicator, written: string): ChosenIndicator {
  const names = Object.keys(indicator.parameters);
  const given: Record<string, number> = {};
  for (const [place, part] of written.split(',').entries()) {
    if (part.trim() === '') {
      if (written.trim() === '') break;
      throw invalid(indicator, 'a parameter is empty');
    }
    const [first, second] = part.split('=').map((word) => word.trim());
    const name = second === undefined ? names[place] : first;
    if (name === undefined)
      throw invalid(indicator, `it takes ${names.length} parameters: ${names.join(', ') || 'none'}`);
    if (Object.hasOwn(given, name)) throw invalid(indicator, `${name} is given twice`);
    const figure = second ?? first!;
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(figure)) throw invalid(indicator, `${JSON.stringify(figure)} is no number`);
    given[name] = Number(figure);
  }
  const parameters = checkParameters(indicator, given);
  const label = [indicator.name, ...Object.values(parameters)].join('_');
  const { outputs } = indicator;
  return { indicator, parameters, columns: outputs.length === 1 ? [label] : outputs.map((name) => `${label}_${name}`) };
}

function unknown(problem: string): Failure {
  return new Failure('INDICATOR_UNKNOWN', problem, { problem });
}

function invalid({ name }: Indicator, reason: string): Failure {
  return new Failure('INDICATOR_PARAMETERS_INVALID', `${name}: ${reason}`, { indicator: name, reason });
}
