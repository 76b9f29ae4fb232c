import { Failure } from '#domain/failure.ts';
import type { Indicator, IndicatorParameters, ParameterRule } from './indicator.ts';

/**
 * Parameters of an indicator: those given, the others at their defaults.
 * @throws Failure INDICATOR_PARAMETERS_INVALID for an unknown name or a value out of its range
 */
export function checkParameters(indicator: Indicator, given: IndicatorParameters): IndicatorParameters {
  const { name, parameters: rules } = indicator;
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(rules, key)) {
      throw invalid(name, `there is no parameter ${key}: known are ${Object.keys(rules).join(', ') || 'none'}`);
    }
  }
  const checked: Record<string, number> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const value = given[key] ?? rule.default;
    if (!fits(value, rule)) throw invalid(name, `${key} must be ${wanted(rule)}, not ${value}`);
    checked[key] = value;
  }
  return checked;
}

function fits(value: number, { kind, min, max }: ParameterRule): boolean {
  return value >= min && value <= max && (kind === 'real' || Number.isSafeInteger(value));
}

function wanted({ kind, min, max }: ParameterRule): string {
  return `a ${kind} number from ${min} to ${max}`;
}

function invalid(indicator: string, reason: string): Failure {
  return new Failure('INDICATOR_PARAMETERS_INVALID', `${indicator}: ${reason}`, { indicator, reason });
}
