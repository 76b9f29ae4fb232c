import type { MonteCarloResult, SimulationMethod } from './monteCarlo.ts';
import type { SheetSimulation } from './tearSheet/sheet.ts';

/** How paths were made, as a sentence. */
const methodTexts: Readonly<Record<SimulationMethod, string>> = {
  bootstrap: 'Blocks of days drawn at random from the curve; no path holds a crash that the days do not.',
  reshuffle:
    'The same stretches between closed trades, or single days where none is known, in other orders: all end where the curve ended.',
  garch:
    'A GARCH(1,1) model of the curve, fitted by maximum likelihood, with its own residuals as innovations; calm and wild ' +
    'times come in turns, and a day may be worse than any that was.',
};

/** A simulation as a sheet shows it. */
export function sheetSimulation(result: MonteCarloResult, ruinDrawdown: number): SheetSimulation {
  return { method: methodTexts[result.method], fan: result.fan, summary: simulationSummary(result, ruinDrawdown) };
}

/** What the simulation found, in words. */
export function simulationSummary(
  { paths, totalReturn, maximumDrawdown, sharpe, ruinProbability, lossProbability }: MonteCarloResult,
  ruinDrawdown: number,
): Readonly<Record<string, number | null>> {
  return {
    paths,
    'total return, 5th percentile': totalReturn.p05,
    'total return, median': totalReturn.p50,
    'maximum drawdown, median': maximumDrawdown.p50,
    'maximum drawdown, 95th percentile': maximumDrawdown.p95,
    'Sharpe, 5th percentile': sharpe.p05,
    'probability of a loss': lossProbability,
    [`probability of a drawdown over ${ruinDrawdown * 100} %`]: ruinProbability,
  };
}
