import { activeSet } from './activeSet.ts';
import { costAt, type ConvexCost, type ProgramRow, type QuadraticProgram } from './quadraticProgram.ts';

/** Whether bounds and rows can be kept, and where. */
export type Feasibility =
  | { readonly kind: 'feasible'; readonly point: Float64Array; readonly iterations: number }
  | {
      readonly kind: 'infeasible';
      /** Rows that are missed however weights are chosen, and by how much, in the row's unit. */
      readonly missed: readonly { readonly name: string; readonly by: number }[];
      /** Other rows that bind where the missed ones are missed least. */
      readonly against: readonly string[];
    };

/** A row is kept when it is missed by no more than this, in its unit. */
export const breachMax = 1e-9;

/** What a unit of distance from the start weighs against a unit of a row that is missed. */
const nearnessWeight = 1e-6;

/**
 * A point that keeps all rows, near a start that keeps the bounds: rows that the start misses get a variable each that
 * says by how much, and the sum of these is made least. What is left of them at the end nothing can remove.
 * Source: the elastic mode of Gill, Murray and Saunders, "SNOPT" (2005), section 4.
 */
export function feasiblePoint(program: QuadraticProgram, start: Float64Array): Feasibility {
  const gaps = program.rows.map((row) => costAt(row, start) - row.bound);
  const missed = program.rows.flatMap(({ kind }, index) =>
    (kind === 'equal' ? Math.abs(gaps[index]!) : gaps[index]!) > breachMax ? [index] : [],
  );
  if (missed.length === 0) return { kind: 'feasible', point: start, iterations: 0 };
  const { elastic, from } = elasticProgram(program, { start, missed, gaps });
  const { point, multipliers, iterations } = activeSet(elastic, from);
  const size = start.length;
  const left = missed.flatMap((row, place) => {
    const by = point[size + place]!;
    return by > breachMax ? [{ name: program.rows[row]!.name, by }] : [];
  });
  if (left.length === 0) return { kind: 'feasible', point: point.slice(0, size), iterations };
  const against = program.rows.flatMap(({ name }, row) =>
    Math.abs(multipliers[row]!) > nearnessWeight && !left.some((one) => one.name === name) ? [name] : [],
  );
  return { kind: 'infeasible', missed: left, against };
}

interface Missed {
  readonly start: Float64Array;
  readonly missed: readonly number[];
  readonly gaps: readonly number[];
}

function elasticProgram(
  program: QuadraticProgram,
  { start, missed, gaps }: Missed,
): { readonly elastic: QuadraticProgram; readonly from: Float64Array } {
  const before = start.length;
  const size = before + missed.length;
  const longer = (values: Float64Array, rest: (place: number) => number): Float64Array => {
    const long = new Float64Array(size);
    long.set(values);
    missed.forEach((_, place) => {
      long[before + place] = rest(place);
    });
    return long;
  };
  const values = new Float64Array(size * size);
  for (let variable = 0; variable < size; variable += 1) values[variable * (size + 1)] = nearnessWeight;
  const lengthened = ({ slopes, distance }: ConvexCost, sign: (place: number) => number): ConvexCost => ({
    slopes: longer(slopes, sign),
    ...(distance && { distance: { weights: longer(distance.weights, () => 0), from: longer(distance.from, () => 0) } }),
  });
  const rows = program.rows.map((row, index): ProgramRow => {
    const { name, kind, bound } = row;
    const own = missed.indexOf(index);
    return { name, kind, bound, ...lengthened(row, (place) => (place === own ? -Math.sign(gaps[index]!) : 0)) };
  });
  return {
    elastic: {
      quadratic: { size, values },
      cost: {
        slopes: longer(
          start.map((value) => -nearnessWeight * value),
          () => 1,
        ),
      },
      lower: longer(program.lower, () => 0),
      upper: longer(program.upper, () => Number.POSITIVE_INFINITY),
      rows,
    },
    from: longer(start, (place) => Math.abs(gaps[missed[place]!]!)),
  };
}
