import type { Command } from 'commander';
import type { FeatureKind } from '#pipelines/features/featureKind.ts';
import { featureKinds } from '#pipelines/features/kinds/registry.ts';
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
    .option('--kinds', 'list what declared features may be instead, beside the indicators')
    .action(({ kinds }: { readonly kinds?: true }) => {
      if (kinds) {
        listKinds(context);
        return;
      }
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

function listKinds(context: CommandContext): void {
  const known = new Set(indicators.map(({ name }) => name));
  const kinds = featureKinds.filter(({ name }) => !known.has(name));
  const inputsOf = (kind: FeatureKind): readonly string[] => {
    if (kind.reads === 'observations') return ['one set of observations'];
    return kind.inputs.length > 0 ? kind.inputs : [`${kind.inputsMin ?? 1} features or figures`];
  };
  context.answer({
    value: {
      kinds: kinds.map((kind) => ({
        name: kind.name,
        title: kind.title,
        inputs: inputsOf(kind),
        parameters: Object.entries(kind.parameters).map(([name, rule]) => ({ name, ...rule })),
        outputs: kind.outputs,
      })),
    },
    text: tableText(
      ['kind', 'meaning', 'inputs', 'parameters'],
      kinds.map((kind) => [kind.name, kind.title, inputsOf(kind).join(', '), Object.keys(kind.parameters).join(', ')]),
    ),
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
