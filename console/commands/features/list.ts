import type { Command } from 'commander';
import { checkParameters } from '#pipelines/indicators/checkParameters.ts';
import type { Indicator } from '#pipelines/indicators/indicator.ts';
import { indicators } from '#pipelines/indicators/registry.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** `features list`: the indicators there are. */
export function registerFeaturesList(features: Command, context: CommandContext): void {
  features
    .command('list')
    .description('list technical indicators: inputs, parameters with defaults and ranges, outputs, warm-up')
    .action(() => {
      const rows = indicators.map((indicator) => [
        callOf(indicator),
        indicator.title,
        indicator.inputs.join(', '),
        indicator.outputs.join(', '),
        String(usualWarmUp(indicator)),
      ]);
      context.answer({
        value: { indicators: indicators.map(valueOf) },
        text: tableText(['indicator', 'meaning', 'inputs', 'outputs', 'warm-up'], rows),
      });
    });
}

function valueOf(indicator: Indicator): object {
  const { name, title, family, inputs, parameters, outputs } = indicator;
  return {
    name,
    title,
    family,
    inputs,
    parameters: Object.entries(parameters).map(([name, rule]) => ({ name, ...rule })),
    outputs,
    warmUp: usualWarmUp(indicator),
  };
}

/** How the indicator is written with its defaults, e.g. `MACD(12,26,9)`. */
function callOf({ name, parameters }: Indicator): string {
  const usual = Object.values(parameters).map((rule) => rule.default);
  return usual.length === 0 ? name : `${name}(${usual.join(',')})`;
}

function usualWarmUp(indicator: Indicator): number {
  return indicator.warmUp(checkParameters(indicator, {}));
}
