import type { PortfolioConstraints, SectorLimit } from './constraints.ts';
import type { ProgramRow } from './quadraticProgram.ts';

/** The rows of a program that hold weights to their constraints; names are what a failure calls them. */
export function constraintRows(constraints: PortfolioConstraints): readonly ProgramRow[] {
  const { lower, budget, sectors = [], held, turnoverMax, leverageMax } = constraints;
  const size = lower.length;
  const distanceFrom = (from: Float64Array): Pick<ProgramRow, 'slopes' | 'distance'> => ({
    slopes: new Float64Array(size),
    distance: { weights: new Float64Array(size).fill(1), from },
  });
  return [
    { name: `budget ${budget}`, kind: 'equal', bound: budget, slopes: new Float64Array(size).fill(1) },
    ...sectors.flatMap((sector) => sectorRows(sector, size)),
    ...(turnoverMax === undefined
      ? []
      : [{ name: `turnoverMax ${turnoverMax}`, kind: 'atMost' as const, bound: turnoverMax, ...distanceFrom(held!) }]),
    ...(leverageMax === undefined
      ? []
      : [
          {
            name: `leverageMax ${leverageMax}`,
            kind: 'atMost' as const,
            bound: leverageMax,
            ...distanceFrom(new Float64Array(size)),
          },
        ]),
  ];
}

/** The row that asks for a return after costs. */
export function returnRow(
  target: number,
  expected: Float64Array,
  { held, costs }: Pick<PortfolioConstraints, 'held' | 'costs'>,
): ProgramRow {
  return {
    name: `target return ${target}`,
    kind: 'atMost',
    bound: -target,
    slopes: expected.map((value) => -value),
    ...(costs && { distance: { weights: costs, from: held! } }),
  };
}

function sectorRows({ name, members, min, max }: SectorLimit, size: number): readonly ProgramRow[] {
  const slopes = (sign: number): Float64Array => {
    const values = new Float64Array(size);
    for (const asset of members) values[asset] = sign;
    return values;
  };
  return [
    ...(max === undefined
      ? []
      : [{ name: `sector ${name} at most ${max}`, kind: 'atMost' as const, bound: max, slopes: slopes(1) }]),
    ...(min === undefined
      ? []
      : [{ name: `sector ${name} at least ${min}`, kind: 'atMost' as const, bound: -min, slopes: slopes(-1) }]),
  ];
}
