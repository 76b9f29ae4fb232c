import { expect, it } from 'vitest';
import { UpdateCadence } from '#models/agents/updateCadence.ts';

const settings = { learningStarts: 4, trainFrequency: 2, gradientSteps: 3, targetUpdateInterval: 2, tau: 0.1 };

it('updates every so many steps of the environments, once learning has started', () => {
  const cadence = new UpdateCadence(2, settings);
  expect(Array.from({ length: 6 }, () => cadence.afterStep())).toEqual([0, 0, 0, 3, 0, 3]);
  expect(cadence.steps).toBe(12);
});

it('moves the lagging networks every so many updates', () => {
  const cadence = new UpdateCadence(1, settings);
  expect(Array.from({ length: 4 }, () => cadence.beginUpdate())).toEqual([0, 0.1, 0, 0.1]);
  expect(cadence.updates).toBe(4);
});

it('goes on where it was saved, and from nothing else (MODEL_SHAPE_MISMATCH)', () => {
  const [whole, first] = [new UpdateCadence(2, settings), new UpdateCadence(2, settings)];
  for (let step = 0; step < 3; step += 1) first.afterStep();
  first.beginUpdate();
  const second = new UpdateCadence(2, settings);
  second.restore(first.save());
  expect(second.afterStep()).toBe(3);
  expect([second.steps, second.updates]).toEqual([8, 1]);
  expect(() => whole.restore([1])).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }));
});
