import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { Failure } from '#domain/failure.ts';
import { parseFeatureDeclaration, readFeatureDeclaration } from '#infra/configuration/featureDeclaration.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';

const declaration = `timeframe: 1m
features:
  - { name: fast, indicator: ROC, parameters: { timeperiod: 5 } }
  - name: slow
    indicator: ROC
    timeframe: 5m
    parameters: { timeperiod: 5 }
    for: otherFeatures
  - { name: trend, indicator: agreement, inputs: [fast, slow] }
`;

test('a declaration is what the compiler takes, parameters left out at their defaults', () => {
  const { spec } = parseFeatureDeclaration('trend.yaml', declaration);
  const plan = compileFeatures(spec);
  expect(plan.columns.map(({ name }) => name)).toEqual(['fast', 'trend']);
  expect(plan.steps.map(({ timeframe }) => timeframe)).toEqual(['1m', '5m', '1m']);
  expect(plan.steps[2]!.parameters).toEqual({ level: 0 });
});

test('the declaration that the documentation shows compiles', () => {
  const page = readFileSync(new URL('../../../../docs/features.md', import.meta.url), 'utf8');
  const [, shown] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const { spec } = parseFeatureDeclaration('docs/features.md', shown ?? '');
  expect(compileFeatures(spec).columns.length).toBeGreaterThan(8);
});

it.each([
  ['an unknown key', declaration.replace('    timeframe: 5m', '    timeFrame: 5m'), 'trend.yaml, line 6: features.1'],
  ['an unknown timeframe', declaration.replace('timeframe: 5m', 'timeframe: 7m'), 'trend.yaml, line 6: features.1'],
  ['a missing name', declaration.replace('name: fast, ', ''), 'trend.yaml, line 3: features.0.name'],
  [
    'a word for a number',
    declaration.replace('parameters: { timeperiod: 5 }\n', 'parameters: { timeperiod: five }\n'),
    'line 7',
  ],
  ['no features', 'timeframe: 1m\n', 'trend.yaml, line 1: features'],
  ['no YAML at all', 'features: [', 'trend.yaml, line 1'],
  ['nothing', '', 'trend.yaml, line 1'],
])('a declaration with %s is refused at its line', (_, text, place) =>
  expect(() => parseFeatureDeclaration('trend.yaml', text)).toThrow(
    expect.objectContaining({ code: 'FEATURE_SPEC_INVALID', message: expect.stringContaining(place) as unknown }),
  ),
);

test('a fault of compiling is placed at the line of its feature', () => {
  const { spec, located } = parseFeatureDeclaration('trend.yaml', declaration.replace('[fast, slow]', '[fast, later]'));
  const fault = (): never => {
    try {
      compileFeatures(spec);
    } catch (error) {
      throw error instanceof Failure ? located(error) : error;
    }
    throw new Error('it compiled');
  };
  expect(fault).toThrow('trend.yaml, line 9: feature trend: later is no figure of bars');
});

test('a declaration that is not there is told', async () =>
  expect(readFeatureDeclaration('/nowhere/trend.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' }));
