import type { Floats } from '../graph/graphSession.ts';
import { sizeOf, type Shape } from '../graph/shape.ts';
import { seededRandom, type Random } from '#domain/random.ts';
import type { Beginning, Network } from './layer.ts';
import { placeLayers } from './network.ts';

/**
 * A network's parameters before training: Glorot and Bengio's uniform for kernels (2010), zeros for biases, but ones for
 * a forget gate's (Jozefowicz et al. 2015) and for a norm's scale.
 */
export function initialParameters(network: Network, seed: number): Floats {
  const random = seededRandom(seed, 0);
  return Object.fromEntries(
    placeLayers(network).flatMap(({ layer, placement }) =>
      Object.entries(placement.parameters).map(
        ([name, { shape, beginning }]) => [`${layer.name}/${name}`, begin(shape, beginning, random)] as const,
      ),
    ),
  );
}

function begin(shape: Shape, beginning: Beginning, random: Random): Float32Array {
  switch (beginning) {
    case 'glorot':
      return glorot(shape, random);
    case 'zeros':
      return new Float32Array(sizeOf(shape));
    case 'ones':
      return new Float32Array(sizeOf(shape)).fill(1);
    case 'forgetGateOne':
      break;
  }
  const units = sizeOf(shape) / 4;
  return new Float32Array(sizeOf(shape)).fill(1, 2 * units, 3 * units);
}

function glorot(shape: Shape, random: Random): Float32Array {
  const field = sizeOf(shape.slice(0, -2));
  const limit = Math.sqrt(6 / (field * (shape.at(-2)! + shape.at(-1)!)));
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * limit);
}
