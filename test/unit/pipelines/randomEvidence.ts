import { breakerProfiles } from '#domain/breaker.ts';
import { playDecisions, playStitched, type Decision, type PlayTerms } from '#pipelines/judgedStretch.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import type { ValidationEvidence } from '#pipelines/validationEvidence.ts';
import { randomBars, randomNumbers, weekdays } from './randomBars.ts';

/** Evidence of random targets on random bars, long enough for every picture, with what it was played on. */
export function randomEvidence(
  seed = 1,
): ValidationEvidence & { readonly snapshot: Snapshot; readonly terms: PlayTerms } {
  const sessions = weekdays(260);
  const symbols = ['AAA', 'BBB', 'CCC', 'DDD'];
  const bars = symbols.map((symbol, index) => randomBars(symbol, sessions, seed + index));
  const source = sessions.map(() => 'INDEX');
  const benchmark = { sessions, close: randomBars('INDEX', sessions, seed + 99).close, source };
  const snapshot: Snapshot = { bars, benchmark };
  const terms: PlayTerms = {
    trading: {
      cashDollars: 100_000,
      limits: {
        positionFractionMax: 0.3,
        leverageMax: 1,
        volatilityTargetFraction: 0.15,
        confidenceMin: 0,
        orderNotionalMaxDollars: 20_000,
        ordersPerSessionMax: 100,
        restrictedSymbols: [],
      },
      breaker: breakerProfiles.conservative,
      costs: { halfSpreadBasisPoints: 2, commissionBasisPoints: 1 },
    },
    restartAfterSessions: 5,
  };
  const next = randomNumbers(seed);
  const weights = () => Object.fromEntries(symbols.map((symbol) => [symbol, 0.28 * next()]));
  const decisions: readonly Decision[] = sessions.slice(1).map((session, row) => ({
    session,
    decidedAt: sessions[row]!,
    targets: { network: weights(), ridge: weights(), naive: weights() },
  }));
  const play = (from: number, end: number) => playDecisions(snapshot, decisions.slice(from, end), terms);
  const windows = [
    { index: 0, train: { from: sessions[0]!, to: sessions[18]! }, stretch: play(19, 119) },
    { index: 1, train: { from: sessions[0]!, to: sessions[78]! }, stretch: play(79, 179) },
  ];
  const stitched = playStitched(snapshot, { sessions, windows }, terms);
  const plan = { method: 'bootstrap', paths: 100, meanBlockSessions: 5, ruinDrawdown: 0.3 } as const;
  return {
    trials: 12,
    windowsPlanned: 2,
    windows,
    stitched,
    holdout: play(199, 259),
    simulation: monteCarlo(stitched.returns.network, plan, randomNumbers(seed)),
    ruinDrawdown: 0.3,
    snapshot,
    terms,
  };
}
