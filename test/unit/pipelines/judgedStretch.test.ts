import { describe, expect, it } from 'vitest';
import { defaultCostRates } from '#domain/costs.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { TradingLimits, TradingTerms } from '#domain/tradingTerms.ts';
import { forecastDecider, type Decider, type PlacedForecasts } from '#pipelines/decider.ts';
import {
  playDeciders,
  playDecisions,
  playStitched,
  type Decision,
  type ForecasterName,
  type PlayTerms,
  type TradedSessions,
} from '#pipelines/judgedStretch.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import { randomBars, weekdays } from './randomBars.ts';

const sessions = weekdays(60);
const bars = ['AAA', 'BBB'].map((symbol, index) => randomBars(symbol, sessions, index + 1));
const snapshot: Snapshot = {
  bars,
  benchmark: { sessions, close: bars[0]!.close, source: sessions.map(() => 'AAA') },
};
const targets = { AAA: 0.5, BBB: 0.3 };
/** Terms that refuse and halt nothing. */
const terms: PlayTerms = {
  trading: {
    cashDollars: 100_000,
    limits: {
      positionFractionMax: 1,
      leverageMax: 1,
      volatilityTargetFraction: 0.15,
      confidenceMin: 0,
      orderNotionalMaxDollars: 1_000_000,
      ordersPerSessionMax: 100,
      restrictedSymbols: [],
    },
    breaker: {
      drawdownReduceFraction: 0.98,
      drawdownHaltFraction: 0.99,
      dailyLossHaltFraction: 0.99,
      lossStreakHalt: 1_000,
      errorsHalt: 1,
      dataAgeHaltMs: 1,
    },
    costs: defaultCostRates,
  },
  restartAfterSessions: 5,
};

/** The terms with something of the trading changed. */
function changed(change: Partial<TradingTerms>, limits: Partial<TradingLimits> = {}): PlayTerms {
  return { ...terms, trading: { ...terms.trading, ...change, limits: { ...terms.trading.limits, ...limits } } };
}

/** What forecasters decide for a stretch. */
function decide(
  stretch: TradedSessions,
  forecasts: Readonly<Record<ForecasterName, PlacedForecasts>>,
  { limits, history }: { readonly limits: TradingLimits; readonly history: Snapshot },
): readonly Decision[] {
  const { network, ridge, naive } = forecasts;
  const deciders = {
    network: forecastDecider(network),
    ridge: forecastDecider(ridge),
    naive: forecastDecider(naive),
  };
  return playDeciders(history, { ...stretch, deciders }, changed({}, limits)).decisions;
}

function decisions(from: number, end: number): readonly Decision[] {
  return sessions.slice(from, end).map((session, row) => ({
    session,
    decidedAt: sessions[from + row - 1]!,
    targets: { network: targets, ridge: null, naive: null },
  }));
}
const judged = (index: number, from: number, end: number) => ({
  index,
  stretch: playDecisions(snapshot, decisions(from, end), terms),
});

describe('decisions played', () => {
  it('are those of the session before, and no forecast leaves the holdings as they are', () => {
    const made = decide(
      { sessions: sessions.slice(1, 3), decidedAt: sessions.slice(0, 2) },
      {
        network: {
          places: [{ session: sessions[0]!, symbol: 'AAA' }],
          forecasts: [{ mean: 0.01, standardDeviation: 0.02 }],
        },
        ridge: { places: [], forecasts: [] },
        naive: { places: [], forecasts: [] },
      },
      { limits: terms.trading.limits, history: snapshot },
    );
    expect(made.map(({ session, decidedAt }) => [session, decidedAt])).toEqual([
      [sessions[1], sessions[0]],
      [sessions[2], sessions[1]],
    ]);
    expect(made[0]!.targets.network).toHaveProperty('AAA');
    expect(made[0]!.targets.ridge).toBeNull();
    expect(made[1]!.targets.network).toBeNull();
  });

  it('give a return a session beside the benchmark’s own, and a strategy without decisions earns nothing', () => {
    const { stretch } = judged(0, 10, 30);
    expect(stretch.returns.network).toHaveLength(20);
    expect(stretch.returns.ridge.every((value) => value === 0)).toBe(true);
    const [before, first] = [9, 10].map((row) => bars[0]!.close[row]!);
    expect(stretch.benchmark[0]).toBeCloseTo(first! / before! - 1, 12);
    expect(stretch.trades).toBeGreaterThan(0);
    expect(stretch.costs).toBeGreaterThan(0);
  });
});

describe('the terms of the session that would trade', () => {
  const made = decisions(10, 50);
  const played = (terms: PlayTerms) => playDecisions(snapshot, made, terms);

  it('size what is decided', () => {
    const forecasts = {
      places: [{ session: sessions[0]!, symbol: 'AAA' }],
      forecasts: [{ mean: 0.05, standardDeviation: 0.001 }],
    };
    const stretch = { sessions: sessions.slice(1, 2), decidedAt: sessions.slice(0, 1) };
    const weight = (limits: Partial<TradingLimits>) =>
      decide(
        stretch,
        { network: forecasts, ridge: forecasts, naive: forecasts },
        { limits: changed({}, limits).trading.limits, history: snapshot },
      )[0]!.targets.network!.AAA;
    expect(weight({ positionFractionMax: 0.15 })).toBe(0.15);
    expect(weight({ positionFractionMax: 0.1 })).toBe(0.1);
    expect(weight({ confidenceMin: 100 })).toBe(0);
  });

  it('size and limit by the regime at the close that is decided from, no later one', () => {
    // Calm for 400 sessions, then wild: the regime rises after the change and never before it.
    const days = weekdays(420);
    const close = Float64Array.from(days, (_, row) => 100 * (1 + (row % 2 === 0 ? 0.001 : 0) * (row < 400 ? 1 : 60)));
    const benchmark = { sessions: days, close, source: days.map(() => 'INDEX') };
    const history = { bars: [randomBars('AAA', days, 1)], benchmark };
    const neutral = { exposureFraction: 1, confidenceMin: 0 };
    const regimes = {
      calm: neutral,
      normal: neutral,
      turbulent: neutral,
      crisis: { ...neutral, exposureFraction: 0.5 },
    };
    const places = days.map((session) => ({ session, symbol: 'AAA' }));
    const forecasts = { places, forecasts: days.map(() => ({ mean: 0.05, standardDeviation: 0.001 })) };
    const stretch = { sessions: days.slice(200), decidedAt: days.slice(199, -1) };
    const limits = { ...terms.trading.limits, positionFractionMax: 0.2, regimes };
    const made = decide(stretch, { network: forecasts, ridge: forecasts, naive: forecasts }, { limits, history });
    const of = (row: number) => made.find(({ decidedAt }) => decidedAt === days[row])!;
    expect([of(199).regime, of(199).targets.network!.AAA]).toEqual(['unknown', 0.1]);
    expect(of(399).regime).not.toBe('crisis');
    expect(of(399).targets.network!.AAA).toBe(0.2);
    expect([of(410).regime, of(410).targets.network!.AAA]).toEqual(['crisis', 0.1]);
    const without = decide(
      stretch,
      { network: forecasts, ridge: forecasts, naive: forecasts },
      { limits: { ...terms.trading.limits, positionFractionMax: 0.2 }, history },
    );
    expect(without[0]).not.toHaveProperty('regime');
    // What was decided without the regime is refused where the limits know of it.
    const trading = { ...terms.trading, limits };
    const blind = made.map((one) => ({ ...one, targets: { ...one.targets, network: { AAA: 0.2 } } }));
    const { denied } = playDecisions(history, blind, { ...terms, trading }).risk;
    expect(denied.POSITION_OVER_LIMIT).toBeGreaterThan(0);
  });

  it('refuse what the session would refuse, and count it', () => {
    expect(played(terms).risk.denied).toEqual({});
    const { risk, trades } = played(changed({}, { orderNotionalMaxDollars: 1 }));
    expect(risk.denied.ORDER_NOTIONAL_OVER_LIMIT).toBeGreaterThanOrEqual(80);
    expect(trades).toBe(0);
    expect(Object.keys(played(changed({}, { ordersPerSessionMax: 1 })).risk.denied)).toEqual(['ORDERS_OVER_LIMIT']);
    expect(played(changed({}, { positionFractionMax: 0.4 })).risk.denied.POSITION_OVER_LIMIT).toBeGreaterThan(0);
  });

  it('charge what the session would pay', () => {
    const dear = played(changed({ costs: { halfSpreadBasisPoints: 10, commissionBasisPoints: 5 } }));
    expect(dear.costs).toBeGreaterThan(10 * played(terms).costs);
  });

  it('open the account with its cash', () => {
    const [small, large] = [1_000, 100_000].map((cashDollars) => played(changed({ cashDollars })).costs);
    expect(large! / small!).toBeGreaterThan(50);
  });

  it('halt the account as its guard would; equal parts are held by no rule', () => {
    const breaker = { ...terms.trading.breaker, drawdownReduceFraction: 0.001, drawdownHaltFraction: 0.002 };
    const halted = playDecisions(snapshot, made, { ...changed({ breaker }), restartAfterSessions: null });
    expect(halted.risk.changes.at(-1)?.to).toBe('halted');
    expect(halted.risk.haltedSessions).toBeGreaterThan(10);
    expect(halted.returns.network.at(-1)).toBe(0);
    expect(halted.returns.equalWeight).toEqual(played(terms).returns.equalWeight);
    expect(played(terms).risk.changes).toEqual([]);
  });

  it('credit dividends on their ex-date', () => {
    // A tenth of AAA is paid out on the session of row 20: every adjusted close before it is a tenth lower.
    const one = bars[0]!;
    const close = one.close.slice();
    const plain = { ...one, adjustedClose: close };
    const paying = { ...one, adjustedClose: close.map((value, row) => (row < 20 ? value * 0.9 : value)) };
    const [without, paid] = [plain, paying].map((each) =>
      playDecisions({ ...snapshot, bars: [each, { ...bars[1]!, adjustedClose: bars[1]!.close }] }, made, terms),
    );
    expect(without!.dividends).toBe(0);
    // Half the account was in it.
    expect(paid!.dividends).toBeGreaterThan(4_000);
    const row = made.findIndex(({ session }) => session === sessions[20]);
    expect(paid!.returns.network[row]! - without!.returns.network[row]!).toBeGreaterThan(0.04);
    expect(paid!.returns.network.slice(0, row)).toEqual(without!.returns.network.slice(0, row));
  });
});

describe('windows stitched', () => {
  const windows = [judged(0, 10, 30), judged(1, 20, 40), judged(2, 30, 50)];
  const stitched = playStitched(snapshot, { sessions, windows }, terms);

  it('are one account over every session once', () => {
    expect(stitched.sessions).toEqual(sessions.slice(10, 50));
    const whole = playDecisions(snapshot, decisions(10, 50), terms);
    expect(stitched.returns).toEqual(whole.returns);
    expect(stitched.trades).toBe(whole.trades);
  });

  it('pay for one entry, not for one a window', () => {
    const apart = windows.reduce((sum, { stretch }) => sum + stretch.costs, 0);
    expect(stitched.costs).toBeLessThan(apart);
    // From the second window on the holdings are there: nothing is bought anew on its first session.
    expect(Math.abs(stitched.returns.network[10]! - windows[1]!.stretch.returns.network[0]!)).toBeGreaterThan(0);
  });

  it('take each session’s decision from the window whose first step it lies in', () => {
    const other = { AAA: 0, BBB: 0.9 };
    const late = playDecisions(
      snapshot,
      decisions(20, 40).map((decision) => ({ ...decision, targets: { network: other, ridge: null, naive: null } })),
      terms,
    );
    const mixed = playStitched(snapshot, { sessions, windows: [windows[0]!, { index: 1, stretch: late }] }, terms);
    const weightOf = (session: SessionDate | undefined) =>
      mixed.decisions.find((decision) => decision.session === session)!.targets.network;
    expect(weightOf(sessions[19])).toEqual(targets);
    expect(weightOf(sessions[20])).toEqual(other);
    expect(mixed.sessions).toHaveLength(30);
  });

  it('that are not consecutive are refused', () => {
    expect(() => playStitched(snapshot, { sessions, windows: [windows[0]!, windows[2]!] }, terms)).toThrow(RangeError);
  });
});

describe('who looks at the account', () => {
  /** Buys ten shares more of one symbol at each decision, and writes down what it was shown. */
  const buyer = (): { readonly decider: Decider; readonly shown: { at: string; held: number; equity: number }[] } => {
    const shown: { at: string; held: number; equity: number }[] = [];
    const decider: Decider = {
      targetsAt(at, { shares, prices, equity }) {
        const held = shares.AAA ?? 0;
        shown.push({ at, held, equity });
        return { targets: { AAA: ((held + 10.5) * prices.AAA!) / equity }, body: {} };
      },
    };
    return { decider, shown };
  };
  const idle = forecastDecider({ places: [], forecasts: [] });

  it('is shown what its earlier decisions left, and the stitched account as the window before left it', () => {
    const play = (from: number, end: number) =>
      playDeciders(
        snapshot,
        {
          sessions: sessions.slice(from, end),
          decidedAt: sessions.slice(from - 1, end - 1),
          deciders: { network: buyer().decider, ridge: idle, naive: idle },
        },
        terms,
      );
    const held = buyer();
    const windows = [
      { index: 0, stretch: play(10, 30), candidate: held.decider },
      { index: 1, stretch: play(20, 40), candidate: held.decider },
    ];
    const stitched = playStitched(snapshot, { sessions, windows }, terms);
    expect(held.shown.map(({ at }) => at)).toEqual(sessions.slice(9, 39));
    expect(held.shown[0]).toMatchObject({ held: 0, equity: 100_000 });
    expect(held.shown.at(-1)!.held).toBeGreaterThan(200);
    // Decided anew from what was held, it is one account through both windows, and not two that begin in cash.
    const whole = play(10, 40);
    expect(stitched.returns.network).toEqual(whole.returns.network);
    expect(stitched.decisions).toEqual(whole.decisions);
    expect(windows[1]!.stretch.decisions[0]!.targets).not.toEqual(stitched.decisions[10]!.targets);
  });
});
