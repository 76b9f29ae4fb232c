import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialParameters } from '#models/layers/initialParameters.ts';
import type { Layer, Network } from '#models/layers/layer.ts';
import { outputShape, parameterShapes, placeLayers } from '#models/layers/network.ts';
import { sizeOf } from '#models/graph/shape.ts';
import { networks } from './randomNetworks.ts';

const dense: Layer = { kind: 'dense', name: 'guilty', units: 2, activation: 'none' };
const convolution: Layer = {
  kind: 'conv1d',
  name: 'guilty',
  filters: 2,
  kernelSteps: 3,
  padding: 'valid',
  activation: 'relu',
};
const block: Layer = { kind: 'attentionBlock', name: 'guilty', heads: 2, feedForward: 4, dropout: 0 };

describe('a network', () => {
  it('hands each layer the shape that the one before it leaves', () => {
    assert(
      property(networks, (network) => {
        const placed = placeLayers(network);
        for (const [index, { input }] of placed.entries()) {
          expect(input).toEqual(index === 0 ? network.input : placed[index - 1]!.placement.output);
        }
        expect(outputShape(network)).toEqual([1]);
      }),
    );
  });

  it('begins with finite parameters of the shapes it declares, the same for the same seed', () => {
    assert(
      property(networks, (network) => {
        const [first, again] = [initialParameters(network, 3), initialParameters(network, 3)];
        expect(first).toEqual(again);
        const sizes = Object.entries(parameterShapes(network)).map(([name, shape]) => [name, sizeOf(shape)]);
        expect(Object.entries(first).map(([name, values]) => [name, values.length])).toEqual(sizes);
        expect(Object.values(first).every((values) => values.every(Number.isFinite))).toBe(true);
      }),
    );
  });

  it.each<readonly [string, Network]>([
    ['a convolution of what has no steps', { input: [4], layers: [convolution] }],
    ['a convolution longer than the steps', { input: [2, 4], layers: [convolution] }],
    ['no filters', { input: [5, 4], layers: [{ ...convolution, filters: 0 }] }],
    ['half a unit', { input: [4], layers: [{ ...dense, units: 1.5 }] }],
    ['channels that heads cannot share', { input: [5, 3], layers: [block] }],
    ['a rate of one', { input: [5, 4], layers: [{ ...block, dropout: 1 }] }],
    ['a rate below zero', { input: [4], layers: [{ kind: 'dropout', name: 'guilty', rate: -1 }] }],
    [
      'a recurrence over what has no steps',
      { input: [4], layers: [{ kind: 'lstm', name: 'guilty', units: 2, returns: 'last' }] },
    ],
    ['a mean over what has no steps', { input: [4], layers: [{ kind: 'meanOverSteps', name: 'guilty' }] }],
    ['positions of what has no steps', { input: [4], layers: [{ kind: 'positions', name: 'guilty' }] }],
    ['two layers of one name', { input: [4], layers: [dense, dense] }],
  ])('is refused with %s, and the layer is named (MODEL_SHAPE_MISMATCH)', (_, network) =>
    expect(() => placeLayers(network)).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH', message: expect.stringContaining('guilty') }),
    ),
  );
});
