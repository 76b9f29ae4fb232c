import { Failure } from '#domain/failure.ts';

/** Sizes of a tensor's axes, outermost first; [] for a scalar. */
export type Shape = readonly number[];

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether two shapes are equal, axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * The shape of an elementwise operation's result, broadcast as in NumPy.
 * @throws Failure MODEL_SHAPE_MISMATCH when an axis differs and neither side is 1
 */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const size = (shape: Shape, axis: number): number => shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [size(a, axis), size(b, axis)];
    requireShape(left === right || left === 1 || right === 1, 'broadcast', [a, b]);
    // Not the greater of both: an axis of 1 against one of 0 is empty.
    return left === 1 ? right : left;
  });
}

/**
 * Demands a rule about shapes.
 * @param operation what was asked for, in the message
 * @param shapes those that were given
 * @throws Failure MODEL_SHAPE_MISMATCH when the rule does not hold
 */
export function requireShape(holds: boolean, operation: string, shapes: readonly Shape[]): void {
  if (holds) return;
  const given = shapes.map((shape) => `[${shape.join()}]`);
  throw new Failure('MODEL_SHAPE_MISMATCH', `cannot ${operation} ${given.join(' and ')}`, { operation, given });
}
