import { describe, expect, it } from 'vitest';
import { breakerProfiles } from '#domain/breaker.ts';
import { defaultCostRates } from '#domain/costs.ts';
import { weighGate } from '#domain/promotion.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { modelCardMarkdown, type ModelCard } from '#pipelines/modelCard.ts';

const card: ModelCard = {
  model: 'forecaster',
  modelVersion: '3',
  author: 'ada',
  mlflowRunId: 'run1',
  artifactDigest: 'a'.repeat(64),
  data: {
    dataset: 'daily',
    asOf: '2023-06-21',
    snapshotDigest: 'b'.repeat(64),
    featureDigest: 'c'.repeat(64),
    symbols: ['AAPL', 'NVDA'],
    rows: 15_816,
    origin: 'a package (MIT)',
  },
  training: { spec: { kind: 'cnn-lstm', epochs: 8 } },
  terms: {
    cashDollars: 100_000,
    limits: {
      positionFractionMax: 0.15,
      leverageMax: 1,
      volatilityTargetFraction: 0.15,
      confidenceMin: 0,
      orderNotionalMaxDollars: 50_000,
      ordersPerSessionMax: 200,
      restrictedSymbols: [],
    },
    breaker: breakerProfiles.standard,
    costs: defaultCostRates,
  },
  gates: [
    weighGate(
      {
        name: 'worth trading',
        criteria: [
          { metric: 'walkForward.sharpe', comparison: 'atLeast', threshold: 1, reason: 'pays for its risk' },
          { metric: 'walkForward.maximumDrawdown', comparison: 'atMost', threshold: 0.25, reason: 'bearable' },
          { metric: 'holdout.sharpe', comparison: 'atLeast', threshold: 0, reason: 'no loss' },
        ],
      },
      { 'walkForward.sharpe': 0.998, 'walkForward.maximumDrawdown': 0.21, 'holdout.sharpe': null },
    ),
  ],
  risk: {
    procedure: {
      denied: { POSITION_OVER_LIMIT: 2, EXPOSURE_WHILE_REDUCING: 3 },
      reduced: { LEVERAGE_OVER_LIMIT: 4 },
      changes: [
        { session: sessionDate('2020-03-09'), at: 'open', to: 'halted', reason: 'daily loss 6.10 %' },
        { session: sessionDate('2020-03-17'), at: 'beforeOpen', to: 'active', reason: 'restarted by two people' },
      ],
      reducingSessions: 0,
      haltedSessions: 5,
    },
    holdout: { denied: {}, reduced: {}, changes: [], reducingSessions: 0, haltedSessions: 0 },
  },
  procedure: { sessions: 2_000, totalReturn: 0.5, sharpe: 0.9, maximumDrawdown: 0.21, calmar: null },
  holdout: { sessions: 63, sharpe: -0.4, from: '2023-03-22', to: '2023-06-21' },
  baselines: { ridge: { sharpe: 0.7 }, 'equal weight': { sharpe: 1.1 } },
  selection: { trials: 12, deflatedSharpe: 0.4, minimumTrackRecordSessions: null },
  monteCarlo: { 'total return, median': 0.48, 'probability of a drawdown over 30 %': 0.125 },
  survivorship: 'Six survivors are no universe.',
  caveats: ['Dividends are not credited.'],
};

describe('a model card', () => {
  it('names the bytes, the data and how the universe flatters', () => {
    const text = modelCardMarkdown(card);
    for (const fact of [card.artifactDigest, card.data.snapshotDigest, card.data.featureDigest, '15,816 rows']) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('**Survivorship.** Six survivors are no universe.');
    expect(text).toContain('- Dividends are not credited.');
  });

  it('says first which baseline the procedure does not beat', () =>
    expect(modelCardMarkdown(card)).toContain('Sharpe ratio of **0.90**; it does **not** beat equal weight.'));

  it('says so when every baseline is beaten, and when nothing can be said', () => {
    const better = { ...card, procedure: { ...card.procedure, sharpe: 1.2 } };
    expect(modelCardMarkdown(better)).toContain('above that of every baseline');
    expect(modelCardMarkdown({ ...card, procedure: { sharpe: null } })).toContain('**undefined**');
  });

  it('claims no victory where nothing stood beside it', () =>
    expect(modelCardMarkdown({ ...card, baselines: {} })).toContain('**no** baseline stood beside it'));

  it('says what the model is for, and what it is not for', () => {
    expect(modelCardMarkdown(card)).toContain('## What it is for');
    expect(modelCardMarkdown(card)).toContain('nothing of other symbols');
  });

  it('holds the procedure, its baselines and the exact bytes side by side, undefined figures as dashes', () => {
    const text = modelCardMarkdown(card);
    expect(text).toContain('|  | forecaster, procedure | ridge | equal weight | candidate, holdout |');
    expect(text).toContain('| Sharpe ratio | 0.90 | 0.70 | 1.10 | −0.40 |');
    expect(text).toContain('| Total return | 50.0 % | – | – | – |');
    expect(text).toContain('2023-03-22 to 2023-06-21, scores **exactly these bytes**');
    expect(text).toContain('63 sessions prove little');
    expect(text).toContain('- probability of a drawdown over 30 %: 12.5 %');
  });

  it('shows every gate criterion by criterion, and how near a miss was', () => {
    const text = modelCardMarkdown(card);
    expect(text).toContain('## Gate “worth trading”: failed');
    expect(text).toContain('| Criterion | Threshold | Value | Verdict | Reason |');
    expect(text).toContain('| walkForward.sharpe | at least 1.00 | 1.00 (0.998) | fail | pays for its risk |');
    expect(text).toContain('| walkForward.maximumDrawdown | at most 25.0 % | 21.0 % | pass | bearable |');
    expect(text).toContain('| holdout.sharpe | at least 0.00 | – | fail | no loss |');
  });

  it('shows what limits and breaker did, each halt with its date and rule, and the terms it was played on', () => {
    const text = modelCardMarkdown(card);
    expect(text).toContain('| Orders refused | 5 (EXPOSURE\\_WHILE\\_REDUCING 3, POSITION\\_OVER\\_LIMIT 2) | 0 |');
    expect(text).toContain('| Halts | 1 | 0 |');
    expect(text).toContain('| Sessions begun halted | 5 | 0 |');
    expect(text).toContain('| 2020-03-09 | open | daily loss 6.10 % |');
    expect(text).not.toContain('2020-03-17');
    expect(text).toContain('"positionFractionMax":0.15');
  });

  it('lets no text of others bring markup or break the table', () => {
    const hostile = 'x|y`\n# <script>alert(1)</script> [a](b) *c*';
    const text = modelCardMarkdown({
      ...card,
      model: hostile,
      artifactDigest: hostile,
      baselines: { [hostile]: { sharpe: 1 } },
      caveats: [hostile],
      gates: [
        {
          name: hostile,
          verdict: 'failed',
          checks: [{ metric: hostile, comparison: 'atMost', threshold: 1, actual: 2, passed: false, reason: hostile }],
        },
      ],
    });
    // Between backquotes everything is plain already.
    expect(text.replace(/(?<!\\)`[^`]*`/g, '')).not.toMatch(/(?<!\\)<script|(?<!\\)\[a\]/);
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});
