import { exitOfBook } from '#domain/risk/exitOfBook.ts';
import { gapThroughStopFraction, stressScenarios, type StressScenario } from '#domain/stressScenarios.ts';
import { percentText } from '../figureText.ts';
import { beta } from '../metrics/againstBenchmark.ts';
import { totalReturn } from '../metrics/growth.ts';
import { mean, sampleDeviation } from '../metrics/moments.ts';
import { isUnknown, knownOf, type TearSheet } from '../tearSheet/sheet.ts';
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

type Curve = Pick<TearSheet, 'sessions' | 'strategy' | 'benchmark' | 'costs' | 'exposure' | 'book'>;

/**
 * What every standard scenario does to a curve: recorded where its sessions cover a fall whole, else modelled from its beta,
 * its own deviation, its costs and the fullest book that was held; and the worst opening through a stop that was recorded.
 * What only positions tell stays unknown where there are none.
 */
export function curveStress(curve: Curve): readonly StressOutcome[] {
  const covered = new Map(coveredCrises(curve.sessions).map((found) => [found.crisis.name, found]));
  const outcomes = stressScenarios.map((scenario): StressOutcome => {
    const found = covered.get(scenario.name);
    if (!found) return { ...named(scenario), ...modelled(curve, scenario) };
    const change = totalReturn(Float64Array.from(curve.strategy.slice(found.fromRow, found.endRow)))!;
    return { ...named(scenario), kind: 'recorded', change, basis: 'the curve’s own sessions' };
  });
  return [...outcomes, recordedGap(curve)];
}

type Outcome = Pick<StressOutcome, 'kind' | 'change' | 'basis'>;

function modelled(curve: Curve, { shock }: StressScenario): Outcome {
  switch (shock.kind) {
    case 'indexFall':
      return byBeta(curve, shock.fraction);
    case 'ratesRise':
      return unknown('a curve does not tell how it moves with yields.');
    case 'correlationsToOne': {
      const deviation = sampleDeviation(Float64Array.from(curve.strategy));
      if (deviation === null || deviation === 0) return unknown('the curve does not vary.');
      return loss(shock.deviations * deviation, `${shock.deviations} daily deviations of the curve at once`);
    }
    case 'liquidity':
      return wideSpread(curve, shock.spreadMultiple);
    case 'volumeFalls':
      return leavingTheBook(curve, shock);
    case 'gapThroughStop':
      break;
  }
  return throughStop(byBeta(curve, shock.fraction), shock.stopFraction);
}

/** Dollars of a trade that are paid to make it, as they were on average; undefined where that is not known. */
function usualCost({ costs }: Curve): number | undefined {
  const known = knownOf(costs);
  if (!known?.tradedDollars) return undefined;
  return Object.values(known.dollars).reduce((sum, dollars) => sum + dollars, 0) / known.tradedDollars;
}

function wideSpread(curve: Curve, spreadMultiple: number): Outcome {
  const cost = usualCost(curve);
  if (cost === undefined) return unknown('what trading costs is not known.');
  const exposure = knownOf(curve.exposure);
  const invested = exposure ? mean(Float64Array.from(exposure))! : 1;
  const basis = `${spreadMultiple} times the usual cost of a trade, over all that is held on average`;
  return loss(spreadMultiple * cost * invested, basis);
}

/** Usual cost and impact of selling the fullest book, and how many sessions it takes. */
function leavingTheBook(curve: Curve, shock: Extract<StressScenario['shock'], { kind: 'volumeFalls' }>): Outcome {
  if (isUnknown(curve.book)) return unknown(curve.book.unknown);
  const { positions, equityDollars, session } = curve.book;
  const known = positions.flatMap(({ symbol, value, dailyValueTraded, dailyVolatility }) =>
    dailyValueTraded === null || dailyVolatility === null ? [] : [{ symbol, value, dailyValueTraded, dailyVolatility }],
  );
  if (known.length < positions.length)
    return unknown('the bars do not tell volume and volatility of all that was held.');
  const { volumeFraction, participationFraction } = shock;
  const exit = exitOfBook(known, { volumeFraction, participationFraction, coefficient: 1 });
  const usual = exitOfBook(known, { volumeFraction: 1, participationFraction, coefficient: 1 });
  const cost = usualCost(curve);
  const gross = known.reduce((sum, { value }) => sum + Math.abs(value), 0);
  const basis =
    `the fullest book, of ${session}: ${cost === undefined ? '' : 'usual cost and '}square-root impact at ` +
    `${volumeFraction} of its volume; out after ${sessionsText(exit.sessions)} at ${participationFraction} of what trades, ` +
    `${exit.slowest} last (usually ${sessionsText(usual.sessions)})`;
  return loss((exit.impact + (cost ?? 0) * gross) / equityDollars, basis);
}

function sessionsText(count: number): string {
  return count === 1 ? 'one session' : `${count} sessions`;
}

/** A part of the index's fall, as large as the beta. */
function byBeta({ strategy, benchmark }: Curve, fall: number): Outcome {
  const other = knownOf(benchmark);
  const slope = other ? beta(Float64Array.from(strategy), Float64Array.from(other)) : null;
  if (slope === null) return unknown('without a benchmark that varies there is no beta.');
  return loss(slope * fall, `beta ${slope.toFixed(2)} times the recorded fall of the index`);
}

/** A stop fills at the open where that lies beyond it, not at its price. */
function throughStop(fall: Outcome, stopFraction: number): Outcome {
  if (fall.change === null) return fall;
  const reached = fall.change < -stopFraction;
  const told = `a stop at ${stopFraction * 100} % ${reached ? 'fills there' : 'is not reached'}`;
  return { ...fall, basis: `${fall.basis}; ${told}` };
}

/** The worst opening beyond a stop that the bars hold for what was held overnight. */
function recordedGap({ book }: Curve): StressOutcome {
  const scenario = { scenario: 'gap-recorded', title: 'The worst opening through a stop of what was held' };
  if (isUnknown(book)) return { ...scenario, ...unknown(book.unknown) };
  const { openings, through, worst } = book.stopGaps;
  if (openings === 0) return { ...scenario, ...unknown('nothing was held overnight.') };
  const stop = `a stop at ${gapThroughStopFraction * 100} % under the close before`;
  const basis = worst
    ? `${worst.session}, ${worst.symbols.join(', ')}; ${percentText(worst.changeAtStops)} had stops filled at their prices. ` +
      `${through} of ${openings} openings passed ${stop}`
    : `none of ${openings} openings passed ${stop}`;
  return { ...scenario, kind: 'recorded', change: worst?.change ?? 0, basis };
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
