import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validationPlan } from '#console/start/validationPlan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { honestGate } from '#infra/configuration/sections/gate.ts';
import type { Gate } from '#domain/promotion.ts';
import type { ValidationPlan } from '#activities/validationActivities.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import { checkFeatureSpec } from '#pipelines/features.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { loadPlan, parsePlan } from '#infra/configuration/plan.ts';

const text = readFileSync(new URL('../../../../infra/configuration/plans/demonstration.yaml', import.meta.url), 'utf8');

test('the demonstration plan judges all windows of 252, 63 and 21 sessions, and 1,000 paths', () => {
  const { validation, heldBackSessions } = loadPlan('demonstration');
  expect(validation.walkForward).toEqual({
    kind: 'rolling',
    trainSessions: 252,
    testSessions: 63,
    stepSessions: 21,
    purgeSessions: 0,
    embargoSessions: 0,
  });
  expect(validation).not.toHaveProperty('windowsMax');
  expect(validation.monteCarlo.paths).toBe(1_000);
  expect([validation.holdoutSessions, heldBackSessions]).toEqual([63, 63]);
});

test('a plan is what training and validation ask for, as it stands', () => {
  // The compiler proves it: no field has to be renamed or left out on the way.
  const plan = loadPlan('demonstration');
  const { training, features, gates } = plan;
  const asked: {
    readonly training: TrainingSpec;
    readonly features: FeatureSpec;
    readonly plan: ValidationPlan;
    readonly honestGate: Gate;
  } = {
    training,
    features,
    plan: validationPlan(plan, resolveSettings({ environment: {} })),
    honestGate: gates.honest,
  };
  expect(asked.training.kind).toBe('cnn-lstm');
});

test('the features of the demonstration are ones that can be computed', () => {
  expect(() => checkFeatureSpec(loadPlan('demonstration').features)).not.toThrow();
});

test('the honest gate of the demonstration is the default gate: it is not loosened for the show', () => {
  expect(loadPlan('demonstration').gates.honest).toEqual(honestGate);
});

test('the demonstration gate is named a plumbing check and asks for no profit', () => {
  const { name, criteria } = loadPlan('demonstration').gates.demonstration;
  expect(name).toBe('plumbing check');
  expect(criteria.map(({ metric }) => metric.split('.')[0])).toEqual(criteria.map(() => 'plumbing'));
});

test('PLAN_UNKNOWN: a plan that does not exist is refused and the known ones are named', () => {
  expect(() => loadPlan('demo')).toThrow(
    expect.objectContaining({ code: 'PLAN_UNKNOWN', message: expect.stringContaining('demonstration') }),
  );
});

test.each([
  ['seed: 7', 'sede: 7', 'Unrecognized key: "sede"'],
  ['  epochs: 8\n', '', 'training.epochs: must be said'],
  [', stepSessions: 21', '', 'validation.walkForward.stepSessions: must be said'],
  ['stepSessions: 21', 'stepSessions: 64', 'stepSessions'],
])('a plan with %s as %s is refused', (was, becomes, fault) => {
  expect(text).toContain(was);
  expect(() => parsePlan(text.replace(was, becomes))).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining(fault) }),
  );
});
