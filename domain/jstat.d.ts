/** What we use of jstat, which ships no types. */
declare module 'jstat' {
  interface Location {
    pdf(value: number, mean: number, deviation: number): number;
    cdf(value: number, mean: number, deviation: number): number;
    inv(probability: number, mean: number, deviation: number): number;
  }
  interface ByDegrees {
    pdf(value: number, degreesOfFreedom: number): number;
    cdf(value: number, degreesOfFreedom: number): number;
    inv(probability: number, degreesOfFreedom: number): number;
  }
  export const jStat: { readonly normal: Location; readonly studentt: ByDegrees; readonly chisquare: ByDegrees };
}
