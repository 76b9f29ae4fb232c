import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import {
  loadTrainingPlan,
  parseTrainingPlan,
  type AgentPlan,
  type ForecasterPlan,
  type TrainingPlan,
} from '#infra/configuration/trainingPlan.ts';

const settings = resolveSettings({ environment: { PLIMSOLL_TRAINING__UNITS: '12', PLIMSOLL_MODEL__NAME: 'swing' } });
const parse = (text: string): TrainingPlan => parseTrainingPlan({ name: 'plan.yaml', text }, settings);
function read(text: string): ForecasterPlan {
  const plan = parse(text);
  if (plan.learner !== 'forecaster') throw new RangeError('the plan is of an agent');
  return plan;
}
function readAgent(text: string): AgentPlan {
  const plan = parse(text);
  if (plan.learner !== 'agent') throw new RangeError('the plan is of a forecaster');
  return plan;
}

it('takes what it leaves out from the settings', () => {
  const plan = read('training: { epochs: 3 }');
  expect(plan).toMatchObject({ model: 'swing', training: { epochs: 3, units: 12 }, holdoutSessions: 63, seeds: [7] });
  expect(loadTrainingPlan(undefined, settings)).toMatchObject({ training: { ...plan.training, epochs: 8 } });
});

it('gives each kind of network its own settings and no other', () => {
  const { training } = read('training: { kind: attention, heads: 4 }');
  expect(training).toMatchObject({ kind: 'attention', heads: 4, width: 32, learningRate: 0.001 });
  expect(training).not.toHaveProperty('units');
  expect(read('').training).not.toHaveProperty('heads');
});

it('gives each kind of agent its own settings, those of the publications where the file is silent', () => {
  const sac = readAgent('training: { kind: sac, steps: 500 }\nseeds: [1, 2]');
  expect(sac).toMatchObject({ learner: 'agent', model: 'sac', seeds: [1, 2], holdoutSessions: 63 });
  expect(sac.agent).toEqual({
    kind: 'sac',
    steps: 500,
    reportSteps: 1_000,
    environments: 1,
    validationFraction: 0.2,
    gamma: 0.99,
    seed: 7,
    bufferSize: 1_000_000,
    learningStarts: 100,
    trainFrequency: 1,
    gradientSteps: 1,
    targetUpdateInterval: 1,
    tau: 0.005,
    learningRate: 3e-4,
    batchSize: 256,
    hidden: [256, 256],
  });
  expect(sac.trading).toMatchObject({ sharesMax: 100, buyCostFraction: 0.001, holdingFractionMax: null });
  expect(readAgent('training: { kind: ppo }').agent).toMatchObject({ rolloutSteps: 2_048, clipRange: 0.2 });
  expect(readAgent('training: { kind: dqn }').agent).toMatchObject({ replay: 'prioritised', heads: 2 });
});

it('reads how an agent trades, what informs it and what it begins with', () => {
  const plan = readAgent(`
training: { kind: ppo }
environment: { sharesMax: 50, holdingFractionMax: 0.15, turbulenceQuantile: 0.99, episodeSessions: 252 }
forecaster: { model: forecaster, version: 3 }
beginWith: { model: ppo, version: "2" }
`);
  expect(plan.trading).toMatchObject({ sharesMax: 50, holdingFractionMax: 0.15, turbulenceQuantile: 0.99 });
  expect(plan.forecaster).toEqual({ model: 'forecaster', version: '3' });
  expect(plan.beginWith).toEqual({ model: 'ppo', version: '2' });
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
  ['a setting of a forecaster in an agent', 'training: { kind: sac, epochs: 8 }', 'training'],
  ['a setting of another agent', 'training: { kind: dqn, hidden: [8] }', 'training'],
  ['batches that do not divide a rollout', 'training: { kind: ppo, batchSize: 63 }', 'training.batchSize'],
  ['heads that do not divide the width', 'training: { kind: dqn, heads: 3 }', 'training.heads'],
  [
    'a cost that eats all',
    'training: { kind: sac }\nenvironment: { buyCostFraction: 1 }',
    'environment.buyCostFraction',
  ],
  ['a rule no environment has', 'training: { kind: sac }\nenvironment: { leverage: 2 }', 'environment'],
  ['an environment without an agent', 'environment: { sharesMax: 5 }', 'environment'],
  ['a forecaster to inform a forecaster', 'forecaster: { model: forecaster, version: 1 }', 'forecaster'],
  ['a search for an agent', 'training: { kind: sac }\nsearch: { space: { tau: { choice: [0.1] } } }', 'search'],
  ['a version that is none', 'training: { kind: sac }\nbeginWith: { model: sac, version: best }', 'beginWith.version'],
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
  const plans = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => parse(text!));
  expect(plans.map(({ learner, seeds }) => [learner, seeds.length])).toEqual([
    ['forecaster', 5],
    ['agent', 5],
    ['forecaster', 1],
  ]);
});
