/** A point and what the function is there. */
interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

const stepsMax = 2_000;
const tolerance = 1e-10;

/**
 * Least value of a function by the simplex of Nelder and Mead (1965): no derivatives, few dimensions.
 * @param start shape [dimensions]; the first simplex spans half a unit from it in each
 * @param valueAt may answer infinity where the function has no meaning
 * @returns the best point met, shape [dimensions]
 */
export function leastPoint(start: readonly number[], valueAt: (at: readonly number[]) => number): readonly number[] {
  const vertex = (at: readonly number[]): Vertex => ({ at, value: valueAt(at) });
  const simplex = [
    vertex(start),
    ...start.map((_, axis) => vertex(start.map((value, other) => (other === axis ? value + 0.5 : value)))),
  ];
  for (let step = 0; step < stepsMax; step += 1) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex.at(-1)!];
    if (Math.abs(worst.value - best.value) <= tolerance * (1 + Math.abs(best.value))) break;
    const centre = start.map(
      (_, axis) => simplex.slice(0, -1).reduce((sum, { at }) => sum + at[axis]!, 0) / start.length,
    );
    // Beyond the centre, seen from the worst, for a positive reach; between the two for a negative one.
    const reach = (factor: number): Vertex =>
      vertex(centre.map((value, axis) => value + factor * (value - worst.at[axis]!)));
    const reflected = reach(1);
    const taken = replacement({ reflected, best, second: simplex.at(-2)!, worst }, reach);
    if (taken) simplex[simplex.length - 1] = taken;
    else {
      for (const [place, { at }] of simplex.entries()) {
        if (place > 0) simplex[place] = vertex(at.map((value, axis) => (value + best.at[axis]!) / 2));
      }
    }
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a)).at;
}

/** What takes the worst's place; undefined where the whole simplex must shrink. */
function replacement(
  { reflected, best, second, worst }: Readonly<Record<'reflected' | 'best' | 'second' | 'worst', Vertex>>,
  reach: (factor: number) => Vertex,
): Vertex | undefined {
  if (reflected.value < best.value) {
    const expanded = reach(2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const contracted = reflected.value < worst.value ? reach(0.5) : reach(-0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}
