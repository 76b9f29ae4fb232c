import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { loadTrainingPlan, parseTrainingPlan, type TrainingPlan } from '#infra/configuration/trainingPlan.ts';

const settings = resolveSettings({ environment: { PLIMSOLL_TRAINING__UNITS: '12', PLIMSOLL_MODEL__NAME: 'swing' } });
const read = (text: string): TrainingPlan => parseTrainingPlan({ name: 'plan.yaml', text }, settings);

it('takes what it leaves out from the settings', () => {
  const plan = read('training: { epochs: 3 }');
  expect(plan).toMatchObject({ model: 'swing', training: { epochs: 3, units: 12 }, holdoutSessions: 63, seeds: [7] });
  expect(loadTrainingPlan(undefined, settings).training).toEqual({ ...plan.training, epochs: 8 });
});

it('gives each kind of network its own settings and no other', () => {
  const { training } = read('training: { kind: attention, heads: 4 }');
  expect(training).toMatchObject({ kind: 'attention', heads: 4, width: 32, learningRate: 0.001 });
  expect(training).not.toHaveProperty('units');
  expect(read('').training).not.toHaveProperty('heads');
});

it('reads the space of a search', () => {
  const plan = read(`
seeds: [1, 2]
search:
  trials: 9
  space:
    learningRate: { logarithmic: [0.0001, 0.01] }
    units: { linear: [4, 32], whole: true }
    filters: { choice: [8, 16] }
`);
  expect(plan.seeds).toEqual([1, 2]);
  expect(plan.search).toEqual({
    sampler: 'tpe',
    trials: 9,
    parallel: 2,
    seed: 7,
    halving: { epochsMin: 2, factor: 3 },
    space: {
      learningRate: { kind: 'range', from: 0.0001, to: 0.01, scale: 'logarithmic', whole: false },
      units: { kind: 'range', from: 4, to: 32, scale: 'linear', whole: true },
      filters: { kind: 'choice', values: [8, 16] },
    },
  });
});

it.each([
  ['a key it does not know', 'epoch: 3', 'epoch'],
  ['a setting no training has', 'training: { unit: 3 }', 'training'],
  ['a setting of another kind', 'training: { kind: attention, units: 8 }', 'training'],
  ['a kind that there is none of', 'training: { kind: oracle }', 'training.kind'],
  ['a value out of bounds', 'training: { units: 0 }', 'training.units'],
  ['no YAML', 'training: {', 'plan.yaml'],
  [
    'a space that reaches where no training is',
    'search: { space: { units: { choice: [8, 9999] } } }',
    'search.space.units',
  ],
  ['a space of a setting no training has', 'search: { space: { unit: { choice: [8] } } }', 'search.space'],
  [
    'broken numbers where whole ones belong',
    'search: { space: { units: { linear: [4.5, 9] } } }',
    'search.space.units',
  ],
  ['a logarithm of nothing', 'search: { space: { learningRate: { logarithmic: [0, 1] } } }', 'must begin above 0'],
  ['an empty space', 'search: { space: {} }', 'must name a setting'],
])('refuses %s, naming the place (CONFIGURATION_INVALID)', (_, text, place) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
  expect(() => read(text)).toThrow(place);
});

it('says which file cannot be read (CONFIGURATION_FILE_MISSING)', () => {
  expect(() => loadTrainingPlan('/nowhere/plan.yaml', settings)).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_FILE_MISSING' }),
  );
});

it('reads every plan that docs/training.md shows', () => {
  const page = readFileSync('docs/training.md', 'utf8');
  const plans = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => read(text!));
  expect(plans.map(({ seeds, search }) => [seeds.length, search?.trials])).toEqual([
    [5, undefined],
    [1, 24],
  ]);
});
