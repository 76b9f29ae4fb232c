import { stressScenarios, type StressScenario } from '#domain/stressScenarios.ts';
import { beta } from '../metrics/againstBenchmark.ts';
import { totalReturn } from '../metrics/growth.ts';
import { mean, sampleDeviation } from '../metrics/moments.ts';
import { knownOf, type TearSheet } from '../tearSheet/sheet.ts';
import { coveredCrises } from './coveredCrises.ts';

/** What a scenario does to a curve; plain JSON. */
export interface StressOutcome {
  readonly scenario: string;
  readonly title: string;
  /** `recorded`: what the curve did in those sessions; `modelled`: what its figures make of the scenario. */
  readonly kind: 'recorded' | 'modelled' | 'unknown';
  /** Change of equity, a fraction; a loss is negative, and at most everything. Null where nothing is known. */
  readonly change: number | null;
  /** How the change was found, or why it was not. */
  readonly basis: string;
}

type Curve = Pick<TearSheet, 'sessions' | 'strategy' | 'benchmark' | 'costs' | 'exposure'>;

/** A loss that a stop is meant to end. */
const stopFraction = 0.05;

/**
 * What every standard scenario does to a curve: recorded where its sessions cover a fall whole, else modelled from its beta,
 * its own deviation and its costs. One curve has no positions: what only positions tell stays unknown.
 */
export function curveStress(curve: Curve): readonly StressOutcome[] {
  const covered = new Map(coveredCrises(curve.sessions).map((found) => [found.crisis.name, found]));
  const outcomes = stressScenarios.map((scenario): StressOutcome => {
    const found = covered.get(scenario.name);
    if (!found) return { ...named(scenario), ...modelled(curve, scenario) };
    const change = totalReturn(Float64Array.from(curve.strategy.slice(found.fromRow, found.endRow)))!;
    return { ...named(scenario), kind: 'recorded', change, basis: 'the curve’s own sessions' };
  });
  return [...outcomes, gapThroughStop(curve)];
}

type Outcome = Pick<StressOutcome, 'kind' | 'change' | 'basis'>;

function modelled(curve: Curve, { shock }: StressScenario): Outcome {
  if (shock.kind === 'indexFall') return byBeta(curve, shock.fraction);
  if (shock.kind === 'ratesRise') return unknown('a curve does not tell how it moves with yields.');
  if (shock.kind === 'correlationsToOne') {
    const deviation = sampleDeviation(Float64Array.from(curve.strategy));
    if (deviation === null || deviation === 0) return unknown('the curve does not vary.');
    return loss(shock.deviations * deviation, `${shock.deviations} daily deviations of the curve at once`);
  }
  const costs = knownOf(curve.costs);
  if (!costs?.tradedDollars) return unknown('what trading costs is not known.');
  const paid = Object.values(costs.dollars).reduce((sum, dollars) => sum + dollars, 0);
  const exposure = knownOf(curve.exposure);
  const invested = exposure ? mean(Float64Array.from(exposure))! : 1;
  const basis = `${shock.spreadMultiple} times the usual cost of a trade, over all that is held on average`;
  return loss(shock.spreadMultiple * (paid / costs.tradedDollars) * invested, basis);
}

/** A part of the index's fall, as large as the beta. */
function byBeta({ strategy, benchmark }: Curve, fall: number): Outcome {
  const other = knownOf(benchmark);
  const slope = other ? beta(Float64Array.from(strategy), Float64Array.from(other)) : null;
  if (slope === null) return unknown('without a benchmark that varies there is no beta.');
  return loss(slope * fall, `beta ${slope.toFixed(2)} times the recorded fall of the index`);
}

/** The market opens as far down as it fell on the worst day there was: a stop fills at the open, not at its price. */
function gapThroughStop(curve: Curve): StressOutcome {
  const { shock } = stressScenarios.find(({ name }) => name === 'crash-1987')!;
  const title = 'A gap through a stop: the market opens where it closed on 19 October 1987';
  const scenario = { scenario: 'gap-through-stop', title };
  if (shock.kind !== 'indexFall') throw new RangeError('crash-1987 is no fall of the index');
  const { change, basis, ...rest } = byBeta(curve, shock.fraction);
  const reached = change !== null && change < -stopFraction;
  const told =
    change === null ? '' : `; a stop at ${stopFraction * 100} % ${reached ? 'fills there' : 'is not reached'}`;
  return { ...scenario, ...rest, change, basis: basis + told };
}

function named({ name, title }: StressScenario): Pick<StressOutcome, 'scenario' | 'title'> {
  return { scenario: name, title };
}

/** Nobody loses more than everything; a short may gain. */
function loss(fraction: number, basis: string): Outcome {
  return { kind: 'modelled', change: Math.max(-1, -fraction), basis };
}

function unknown(why: string): Outcome {
  return { kind: 'unknown', change: null, basis: why };
}
