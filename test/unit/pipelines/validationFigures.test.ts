import { describe, expect, it } from 'vitest';
import { breakerProfiles } from '#domain/breaker.ts';
import { defaultCostRates } from '#domain/costs.ts';
import { playDecisions } from '#pipelines/judgedStretch.ts';
import { returnFigures } from '#pipelines/metrics.ts';
import { selectionFigures } from '#pipelines/overfit/selectionFigures.ts';
import { validationFigures } from '#pipelines/validationFigures.ts';
import { randomEvidence } from './randomEvidence.ts';

const evidence = randomEvidence();
const figures = validationFigures(evidence);
const finite = 'plumbing.figuresFinite';

describe('the figures of a validation', () => {
  it('are those of the stitched curve, the holdout, and every baseline and the benchmark beside them', () => {
    const { stitched, holdout } = evidence;
    const procedure = returnFigures(stitched.returns.network, stitched.benchmark);
    expect(figures).toMatchObject({
      'walkForward.sharpe': procedure.sharpe,
      'walkForward.beta': procedure.beta,
      'holdout.totalReturn': returnFigures(holdout.returns.network).totalReturn,
      'baseline.naive.sharpe': returnFigures(stitched.returns.naive).sharpe,
      'baseline.ridge.maximumDrawdown': returnFigures(stitched.returns.ridge).maximumDrawdown,
      'baseline.equalWeight.holdoutSharpe': returnFigures(holdout.returns.equalWeight).sharpe,
      'baseline.benchmark.sharpe': returnFigures(stitched.benchmark).sharpe,
      'baseline.benchmark.annualReturn': returnFigures(stitched.benchmark).annualReturn,
      'baseline.benchmark.holdoutSharpe': returnFigures(holdout.benchmark).sharpe,
    });
    expect(figures['walkForward.excessSharpe.benchmark']).toBeCloseTo(
      procedure.sharpe! - returnFigures(stitched.benchmark).sharpe!,
      12,
    );
  });

  it('hold the stitched curve against the best of as many worthless ones as were tried', () => {
    const { stitched } = evidence;
    const selection = selectionFigures(stitched.returns.network, 12);
    for (const [name, value] of Object.entries(selection)) expect(figures[`overfit.${name}`]).toBe(value);
    const searchedMore = validationFigures({ ...evidence, trials: 1_000 });
    expect(searchedMore['overfit.deflatedSharpe']!).toBeLessThan(figures['overfit.deflatedSharpe']!);
    expect(searchedMore['overfit.probabilisticSharpe']).toBe(figures['overfit.probabilisticSharpe']);
  });

  it('count what limits and breaker did', () => {
    const { risk } = evidence.stitched;
    expect(risk.changes.length).toBeGreaterThan(0);
    expect(figures).toMatchObject({
      'walkForward.halts': risk.changes.filter(({ to }) => to === 'halted').length,
      'walkForward.reductions': risk.changes.filter(({ to }) => to === 'reducing').length,
      'walkForward.haltedSessions': risk.haltedSessions,
      'walkForward.deniedOrders': Object.values(risk.denied).reduce((sum, count) => sum + count, 0),
      'holdout.halts': evidence.holdout.risk.changes.filter(({ to }) => to === 'halted').length,
    });
  });

  it('are finite when every daily return is, of every strategy and of the benchmark', () =>
    expect(figures[finite]).toBe(1));

  // What a NaN becomes on its way through JSON.
  it.each(['network', 'ridge', 'naive', 'equalWeight', 'benchmark'] as const)(
    'are not finite when one return of %s was not, in the holdout as it was stored',
    (name) => {
      const { holdout } = evidence;
      const broken = (curve: readonly number[]) =>
        curve.map((value, row) => (row === 3 ? (null as unknown as number) : value));
      const stored =
        name === 'benchmark'
          ? { ...holdout, benchmark: broken(holdout.benchmark) }
          : { ...holdout, returns: { ...holdout.returns, [name]: broken(holdout.returns[name]) } };
      expect(validationFigures({ ...evidence, holdout: stored })[finite]).toBe(0);
    },
  );

  it('are not finite when the benchmark’s own are undefined', () => {
    const { stitched } = evidence;
    const still = { ...stitched, benchmark: stitched.benchmark.map(() => 0) };
    const judged = validationFigures({ ...evidence, stitched: still });
    expect(judged['baseline.benchmark.sharpe']).toBeNull();
    expect(judged[finite]).toBe(0);
  });

  it('say which part of the planned windows was judged', () => {
    expect(figures['plumbing.windowsCompleteFraction']).toBe(1);
    const some = validationFigures({ ...evidence, windowsPlanned: 2 * evidence.windows.length });
    expect(some['plumbing.windowsCompleteFraction']).toBe(0.5);
  });
});

describe('other terms', () => {
  it('are other figures: a model is judged by the terms it would trade on', () => {
    const limits = { ...evidence.terms.trading.limits, orderNotionalMaxDollars: 1_000 };
    const breaker = breakerProfiles.standard;
    const trading = { cashDollars: 100_000, limits, breaker, costs: defaultCostRates };
    const stitched = playDecisions(evidence.snapshot, evidence.stitched.decisions, {
      trading,
      restartAfterSessions: 5,
    });
    const judged = validationFigures({ ...evidence, stitched });
    expect(judged['walkForward.deniedOrders']).toBeGreaterThan(figures['walkForward.deniedOrders']!);
    expect(judged['walkForward.sharpe']).not.toBe(figures['walkForward.sharpe']);
  });
});
