import { describe, expect, it } from 'vitest';
import { givenAnswer, rounded, type KnownAnswer } from './givenAnswer.ts';

const none = Number.NaN;
const [high, low] = [
  [10, 12, 11, 14],
  [8, 9, 9, 10],
];

const averages: readonly KnownAnswer[] = [
  [
    'the mean of three',
    { name: 'SMA', inputs: [[1, 2, 6, 4]], parameters: { timeperiod: 3 } },
    { real: [none, none, 3, 4] },
  ],
  [
    'seeded by the mean, then halfway to each value',
    { name: 'EMA', inputs: [[1, 2, 6, 4]], parameters: { timeperiod: 3 } },
    { real: [none, none, 3, 3.5] },
  ],
  [
    'weights 1, 2, 3 of 1, 2, 6: 23 sixths',
    { name: 'WMA', inputs: [[1, 2, 6]], parameters: { timeperiod: 3 } },
    { real: [none, none, 23 / 6] },
  ],
  [
    'of a straight line has no lag: 2 EMA - EMA(EMA)',
    { name: 'DEMA', inputs: [[1, 2, 3, 4]], parameters: { timeperiod: 2 } },
    { real: [none, none, 3, 4] },
  ],
  [
    'of a straight line has no lag either',
    { name: 'TEMA', inputs: [[1, 2, 3, 4, 5]], parameters: { timeperiod: 2 } },
    { real: [none, none, none, 4, 5] },
  ],
  ['weights 1, 2, 1', { name: 'TRIMA', inputs: [[1, 2, 7]], parameters: { timeperiod: 3 } }, { real: [none, none, 3] }],
  [
    'a straight way takes the weight of two bars: 4 ninths, from the price before',
    { name: 'KAMA', inputs: [[1, 2, 3]], parameters: { timeperiod: 2 } },
    { real: [none, none, 2 + 4 / 9] },
  ],
  [
    'with no volume factor is the third average alone',
    { name: 'T3', inputs: [[0, 0, 0, 0, 0, 0, 4]], parameters: { timeperiod: 2, vfactor: 0 } },
    { real: [none, none, none, none, none, none, 4 * (2 / 3) ** 3] },
  ],
  [
    'of a still price is that price',
    { name: 'HMA', inputs: [[5, 5, 5, 5, 5]], parameters: { timeperiod: 4 } },
    { real: [none, none, none, none, 5] },
  ],
  [
    'a third of the way to each value',
    { name: 'RMA', inputs: [[1, 2, 6, 6]], parameters: { timeperiod: 3 } },
    { real: [none, none, 3, 4] },
  ],
  [
    'a price counts by its volume',
    {
      name: 'VWMA',
      inputs: [
        [1, 4, 4],
        [2, 1, 0],
      ],
      parameters: { timeperiod: 2 },
    },
    { real: [none, 2, 4] },
  ],
  [
    'doubles what the price gained over its lag',
    { name: 'ZLEMA', inputs: [[1, 2, 3, 4]], parameters: { timeperiod: 3 } },
    { real: [none, none, none, 4] },
  ],
];

const bands: readonly KnownAnswer[] = [
  [
    'mean 3, population deviation the root of 8/3',
    { name: 'BBANDS', inputs: [[1, 3, 5]], parameters: { timeperiod: 3 } },
    {
      upperband: [none, none, 3 + 2 * Math.sqrt(8 / 3)],
      middleband: [none, none, 3],
      lowerband: [none, none, 3 - 2 * Math.sqrt(8 / 3)],
    },
  ],
  [
    'the extremes of two and their middle',
    { name: 'DONCHIAN', inputs: [high, low], parameters: { timeperiod: 2 } },
    { upperband: [none, 12, 12, 14], middleband: [none, 10, 10.5, 11.5], lowerband: [none, 8, 9, 9] },
  ],
  [
    'the middle of two closes',
    { name: 'MIDPOINT', inputs: [[1, 5, 2]], parameters: { timeperiod: 2 } },
    { real: [none, 3, 3.5] },
  ],
  [
    'a stop under rising bars follows the highest by its pace',
    {
      name: 'SAR',
      inputs: [
        [10, 11, 12],
        [9, 10, 11],
      ],
      parameters: { acceleration: 0.1, maximum: 0.5 },
    },
    { real: [none, 9, 9.2] },
  ],
  [
    'ends on a straight line',
    { name: 'LINEARREG', inputs: [[9, 3, 5, 7]], parameters: { timeperiod: 3 } },
    { real: [none, none, 11 / 3, 7] },
  ],
  [
    'prolongs a straight line',
    { name: 'TSF', inputs: [[3, 5, 7]], parameters: { timeperiod: 3 } },
    { real: [none, none, 9] },
  ],
];

const others: readonly KnownAnswer[] = [
  [
    '3, then 2, then a gap to 4',
    { name: 'ATR', inputs: [high, low, [9, 11, 10, 13]], parameters: { timeperiod: 2 } },
    { real: [none, none, 2.5, 3.25] },
  ],
  [
    'starts at the first volume and ignores still closes',
    {
      name: 'OBV',
      inputs: [
        [5, 6, 6, 4],
        [10, 20, 30, 40],
      ],
    },
    { real: [10, 30, 30, -10] },
  ],
  [
    'adds volume at the high and takes it at the low',
    {
      name: 'AD',
      inputs: [
        [3, 3],
        [1, 1],
        [3, 1],
        [10, 4],
      ],
    },
    { real: [10, 6] },
  ],
  [
    'moves on falling volume only',
    {
      name: 'NVI',
      inputs: [
        [10, 11, 12],
        [5, 6, 5],
      ],
    },
    { real: [1_000, 1_000, 1_000 + 1_000 / 11] },
  ],
  [
    'weighs typical prices by volume since the first bar',
    {
      name: 'VWAP',
      inputs: [
        [1, 4],
        [1, 4],
        [1, 4],
        [1, 2],
      ],
    },
    { real: [1, 3] },
  ],
  [
    'slope of a straight line',
    { name: 'LINEARREG_SLOPE', inputs: [[9, 3, 5, 7]], parameters: { timeperiod: 3 } },
    { real: [none, none, -2, 2] },
  ],
  [
    'of 1, 3, 5',
    { name: 'STDDEV', inputs: [[1, 3, 5]], parameters: { timeperiod: 3, nbdev: 3 } },
    { real: [none, none, 3 * Math.sqrt(8 / 3)] },
  ],
  [
    'against a falling line is -1; against a still one 0',
    {
      name: 'CORREL',
      inputs: [
        [1, 2, 3, 3],
        [6, 4, 2, 2],
      ],
      parameters: { timeperiod: 2 },
    },
    { real: [none, -1, -1, 0] },
  ],
];

describe.each([
  ['averages', averages],
  ['bands', bands],
  ['volume, volatility and statistics', others],
])('answers worked out by hand: %s', (_, answers) => {
  it.each(answers.map((answer) => [answer[1].name, answer[0], answer] as const))('%s: %s', (...[, , answer]) => {
    const [, call, wanted] = answer;
    expect(givenAnswer(call)).toEqual(rounded(wanted));
  });
});
