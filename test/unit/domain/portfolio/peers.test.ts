import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portfolioReturns, returnsOfPrices } from '#domain/portfolio/assetReturns.ts';
import { conditionalValueAtRisk } from '#domain/portfolio/conditionalValueAtRisk.ts';
import { correlationDistances, singleLinkage } from '#domain/portfolio/clusterTree.ts';
import { estimateCovariance } from '#domain/portfolio/covariance.ts';
import { correlations } from '#domain/portfolio/eigenvalues.ts';
import { expectedReturns } from '#domain/portfolio/expectedReturns.ts';
import { hierarchicalEqualRiskContribution } from '#domain/portfolio/hierarchicalEqualRiskContribution.ts';
import { hierarchicalRiskParity } from '#domain/portfolio/hierarchicalRiskParity.ts';
import { optimisePortfolio, type PortfolioObjective } from '#domain/portfolio/optimisePortfolio.ts';
import { scipyLeafOrder } from '#domain/portfolio/optimalLeafOrder.ts';
import { readSeriesFile } from '#infra/fileDrop/seriesFile.ts';

const expectedFile = '../shared/bench/expected/portfolio.json';
const riskfolio = '../shared/data/known_answers/riskfolio/';
const present = existsSync(expectedFile) && existsSync(riskfolio);
if (!present) console.warn('weights of skfolio, PyPortfolioOpt and Riskfolio are not here: these tests are left out');

interface PeerSet {
  readonly assets: readonly string[];
  readonly mu_daily: readonly number[];
  readonly cov_daily: readonly (readonly number[])[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly reference: Readonly<Record<string, readonly number[]>>;
  readonly hrp_leaf_order_optimal: readonly number[];
}
const furthest = (weights: Float64Array, peer: readonly number[]): number =>
  Math.max(...peer.map((weight, place) => Math.abs(weight - weights[place]!)));

/** A column of a file of Riskfolio's, in the order of the assets. */
function columnOf(assets: readonly string[], file: string, name: string): readonly number[] {
  const [header, ...rows] = readFileSync(`${riskfolio}${file}.csv`, 'utf8')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const place = header!.indexOf(name);
  return assets.map((asset) => Number(rows.find(([of]) => of === asset)![place]));
}

describe.skipIf(!present)('weights agree with those of peers', () => {
  const sets = present
    ? Object.entries((JSON.parse(readFileSync(expectedFile, 'utf8')) as { sets: Record<string, PeerSet> }).sets)
    : [];

  it.each(sets)('for the assets of %s, to 1e-4, and to 1e-12 with the tight reference', (_, set) => {
    const covariance = { size: set.assets.length, values: Float64Array.from(set.cov_daily.flat()) };
    const moments = { assets: set.assets, expected: Float64Array.from(set.mu_daily), covariance };
    const objectives: Readonly<Record<string, PortfolioObjective>> = {
      minvar: { kind: 'min-variance' },
      maxsharpe: { kind: 'max-sharpe', riskFreeRate: 0 },
      riskparity: { kind: 'risk-parity' },
    };
    const history = { assets: [], returns: [] };
    for (const [name, objective] of Object.entries(objectives)) {
      const { weights } = optimisePortfolio(objective, { moments, history, constraints: {} });
      expect(furthest(weights, set.reference[name]!)).toBeLessThan(1e-12);
      const peers = ['skfolio', 'pypfopt', 'riskfolio'].flatMap((library) =>
        [set.weights[`${library}_${name}`] ?? []].filter(({ length }) => length > 0),
      );
      expect(peers.length).toBeGreaterThan(1);
      for (const peer of peers) expect(furthest(weights, peer)).toBeLessThan(1e-4);
    }
    expect(furthest(hierarchicalRiskParity(covariance).weights, set.weights.pypfopt_hrp!)).toBeLessThan(1e-12);
    const distances = correlationDistances(correlations(covariance).matrix);
    expect(scipyLeafOrder(singleLinkage(distances), distances)).toEqual(set.hrp_leaf_order_optimal);
    const { weights: ordered } = hierarchicalRiskParity(covariance, 'scipy');
    for (const library of ['skfolio', 'riskfolio']) {
      expect(furthest(ordered, set.weights[`${library}_hrp`]!)).toBeLessThan(1e-12);
    }
  });

  it('for the 200 days of Riskfolio’s own tests, to 1e-4, with no larger mean loss', async () => {
    const { series } = await readSeriesFile(`${riskfolio}stock_prices.csv`);
    const { assets, returns } = returnsOfPrices(series.filter(({ name }) => name !== 'SPY'));
    const history = { assets, returns: returns.map((values) => values.slice(-200)) };
    const { matrix } = estimateCovariance(history, 'sample');
    const moments = { assets, expected: expectedReturns(history, 'mean'), covariance: matrix };
    const of = (objective: PortfolioObjective): Float64Array =>
      optimisePortfolio(objective, { moments, history, constraints: {} }).weights;
    const column = (file: string, name: string): readonly number[] => columnOf(assets, file, name);
    expect(furthest(of({ kind: 'min-variance' }), column('Classic_MinRisk', 'MV'))).toBeLessThan(1e-4);
    const sharpe = of({ kind: 'max-sharpe', riskFreeRate: 0 });
    expect(furthest(sharpe, column('Classic_Sharpe', 'MV'))).toBeLessThan(1e-4);
    expect(furthest(of({ kind: 'risk-parity' }), column('Classic_RP', 'MV'))).toBeLessThan(1e-4);
    const calm = of({ kind: 'mean-cvar', confidence: 0.95 });
    const peer = Float64Array.from(column('Classic_MinRisk', 'CVaR'));
    expect(furthest(calm, Array.from(peer))).toBeLessThan(1e-4);
    const loss = (weights: Float64Array): number => conditionalValueAtRisk(portfolioReturns(history, weights), 0.95);
    expect(loss(calm)).toBeLessThan(loss(peer) + 1e-12);
  });

  it('along trees for the 200 days of Riskfolio’s own tests, to 1e-12', async () => {
    const { series } = await readSeriesFile(`${riskfolio}stock_prices_3.csv`);
    const names = ['JCI', 'TGT', 'CMCSA', 'CPB', 'MO', 'NBL', 'APA', 'MMC', 'JPM', 'ZION'];
    const { assets, returns } = returnsOfPrices(names.map((name) => series.find((one) => one.name === name)!));
    const { matrix } = estimateCovariance({ assets, returns: returns.map((values) => values.slice(-200)) }, 'sample');
    const { weights: herc } = hierarchicalEqualRiskContribution(matrix, 4);
    expect(furthest(herc, columnOf(assets, 'HC_HERC', 'MV'))).toBeLessThan(1e-12);
    const { weights: hrp } = hierarchicalRiskParity(matrix, 'scipy');
    expect(furthest(hrp, columnOf(assets, 'HC_HRP', 'MV'))).toBeLessThan(1e-12);
  });
});
