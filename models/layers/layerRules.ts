import { requireShape, type Shape } from '../graph/shape.ts';
import type { Layer } from './layer.ts';

/**
 * Demands an input of steps and channels.
 * @throws Failure MODEL_SHAPE_MISMATCH naming the layer
 */
export function requireSequence(layer: Layer, input: Shape): readonly [number, number] {
  requireShape(input.length === 2, `give layer ${layer.name} (${layer.kind}), which needs steps and channels,`, [
    input,
  ]);
  return [input[0]!, input[1]!];
}

/**
 * Demands sizes that are whole numbers of at least 1.
 * @throws Failure MODEL_SHAPE_MISMATCH naming the layer and what is not
 */
export function requireWhole(layer: Layer, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    const isWhole = Number.isSafeInteger(size) && size > 0;
    requireShape(isWhole, `build layer ${layer.name} (${layer.kind}) of ${name}`, [[size]]);
  }
}

/**
 * Demands a fraction that leaves something.
 * @throws Failure MODEL_SHAPE_MISMATCH naming the layer
 */
export function requireRate(layer: Layer, rate: number): void {
  requireShape(rate >= 0 && rate < 1, `build layer ${layer.name} (${layer.kind}) of a dropout rate outside [0, 1):`, [
    [rate],
  ]);
}
