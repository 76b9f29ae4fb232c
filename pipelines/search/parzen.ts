/** A density over [0, 1], estimated from points. */
export interface ParzenDensity {
  /** Natural logarithm of the density at a place in [0, 1]. */
  logDensity(place: number): number;
  /** A place in [0, 1] drawn from it. */
  draw(random: () => number): number;
}

interface Kernel {
  readonly centre: number;
  /** Of the logistic distribution: its standard deviation times the root of 3, over pi. */
  readonly scale: number;
  /** The kernel's distribution function at 0 and 1: what lies outside is cut off. */
  readonly from: number;
  readonly to: number;
}

const narrowestParts = 100;

/**
 * A Parzen estimate: one kernel a point, cut off at the borders, and one wide kernel in the middle as prior, so that no
 * place is ever impossible. A kernel's standard deviation is the way to the farther of its neighbours, within bounds
 * that narrow as points become many. Kernels are logistic: like normal ones, with a distribution function and its
 * inverse in closed form.
 * Source: Bergstra, Bardenet, Bengio and Kegl, Algorithms for hyper-parameter optimization (2011), section 4.
 * @param places each in [0, 1]
 */
export function parzenDensity(places: readonly number[]): ParzenDensity {
  const sorted = places.toSorted((a, b) => a - b);
  const narrowest = 1 / Math.min(narrowestParts, 1 + sorted.length);
  const kernels = [
    kernel(0.5, 1),
    ...sorted.map((centre, index) => {
      const before = centre - (sorted[index - 1] ?? 0);
      const after = (sorted[index + 1] ?? 1) - centre;
      return kernel(centre, Math.min(1, Math.max(narrowest, before, after)));
    }),
  ];
  return {
    logDensity(place) {
      const densities = kernels.map(({ centre, scale, from, to }) => {
        const below = distribution((place - centre) / scale);
        return (below * (1 - below)) / scale / (to - from);
      });
      return Math.log(densities.reduce((sum, density) => sum + density, 0) / kernels.length);
    },
    draw(random) {
      const { centre, scale, from, to } = kernels[Math.floor(random() * kernels.length)]!;
      const below = from + random() * (to - from);
      return Math.min(1, Math.max(0, centre + scale * Math.log(below / (1 - below))));
    },
  };
}

function kernel(centre: number, standardDeviation: number): Kernel {
  const scale = (standardDeviation * Math.sqrt(3)) / Math.PI;
  return { centre, scale, from: distribution(-centre / scale), to: distribution((1 - centre) / scale) };
}

/** Distribution function of the standard logistic distribution. */
function distribution(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
