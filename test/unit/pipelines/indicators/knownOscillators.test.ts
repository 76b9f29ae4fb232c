import { describe, expect, it } from 'vitest';
import { givenAnswer, rounded, type KnownAnswer } from './givenAnswer.ts';

const none = Number.NaN;
const [high, low, close] = [
  [10, 12, 11, 14],
  [8, 9, 9, 10],
  [9, 11, 10, 13],
];
const still = [
  [5, 5, 5],
  [5, 5, 5],
  [5, 5, 5],
];

const momentum: readonly KnownAnswer[] = [
  [
    // After two changes: gain 1, loss 0.5. Then gain (1 + 1) / 2, loss 0.25.
    'gains 2 and 1, losses 1, smoothed over two',
    { name: 'RSI', inputs: [[10, 12, 11, 12]], parameters: { timeperiod: 2 } },
    { real: [none, none, 200 / 3, 80] },
  ],
  [
    'of a still price is 0',
    { name: 'RSI', inputs: [[5, 5, 5]], parameters: { timeperiod: 2 } },
    { real: [none, none, 0] },
  ],
  [
    'gains less losses',
    { name: 'CMO', inputs: [[10, 12, 11, 12]], parameters: { timeperiod: 2 } },
    { real: [none, none, 100 / 3, 60] },
  ],
  [
    'both averages begin on one bar; with a signal of one bar there is no histogram',
    { name: 'MACD', inputs: [[1, 3, 7, 9]], parameters: { fastperiod: 2, slowperiod: 3, signalperiod: 1 } },
    // Fast: 5, then 23/3. Slow: 11/3, then 19/3.
    { macd: [none, none, 4 / 3, 4 / 3], macdsignal: [none, none, 4 / 3, 4 / 3], macdhist: [none, none, 0, 0] },
  ],
  [
    // Channels 8 to 12, 9 to 12, 9 to 14: 75, 100/3, 80.
    'the close within the channel of two',
    { name: 'STOCH', inputs: [high, low, close], parameters: { fastk_period: 2, slowk_period: 1, slowd_period: 2 } },
    { slowk: [none, none, 100 / 3, 80], slowd: [none, none, (75 + 100 / 3) / 2, (100 / 3 + 80) / 2] },
  ],
  [
    'the other side of the same channel',
    { name: 'WILLR', inputs: [high, low, close], parameters: { timeperiod: 2 } },
    { real: [none, -25, -200 / 3, -20] },
  ],
  [
    'a straight climb is all direction',
    {
      name: 'ADX',
      inputs: [
        [2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5],
        [1.5, 2.5, 3.5, 4.5, 5.5],
      ],
      parameters: { timeperiod: 2 },
    },
    { real: [none, none, none, 100, 100] },
  ],
  [
    'that does not move is none',
    { name: 'PLUS_DI', inputs: still, parameters: { timeperiod: 2 } },
    { real: [none, none, 0] },
  ],
  [
    // Mean 3, mean absolute deviation 2: (6 - 3) / (0.015 * 2).
    'of typical prices 1, 2, 6',
    {
      name: 'CCI',
      inputs: [
        [1, 2, 6],
        [1, 2, 6],
        [1, 2, 6],
      ],
      parameters: { timeperiod: 3 },
    },
    { real: [none, none, 100] },
  ],
  [
    'of equal prices is 0, however their thirds round',
    {
      name: 'CCI',
      inputs: [
        [10.1, 10.1, 10.1],
        [10.1, 10.1, 10.1],
        [10.1, 10.1, 10.1],
      ],
      parameters: { timeperiod: 3 },
    },
    { real: [none, none, 0] },
  ],
  [
    '40 up against 30 down',
    {
      name: 'MFI',
      inputs: [
        [1, 2, 1.5],
        [1, 2, 1.5],
        [1, 2, 1.5],
        [7, 20, 20],
      ],
      parameters: { timeperiod: 2 },
    },
    { real: [none, none, 4000 / 70] },
  ],
  ['in percent', { name: 'ROC', inputs: [[4, 5, 6]], parameters: { timeperiod: 2 } }, { real: [none, none, 50] }],
  [
    'the highest is now, the lowest three bars ago',
    { name: 'AROON', inputs: [high, low], parameters: { timeperiod: 3 } },
    { aroondown: [none, none, none, 0], aroonup: [none, none, none, 100] },
  ],
  [
    'up less down',
    { name: 'AROONOSC', inputs: [high, low], parameters: { timeperiod: 3 } },
    { real: [none, none, none, 100] },
  ],
  ['half of the range upward', { name: 'BOP', inputs: [[1], [3], [1], [2]] }, { real: [0.5] }],
  [
    'of a straight climb is 100',
    { name: 'TSI', inputs: [[1, 2, 3, 4]], parameters: { firstperiod: 2, secondperiod: 2 } },
    { real: [none, none, none, 100] },
  ],
];

describe.each([['momentum', momentum]])('answers worked out by hand: %s', (_, answers) => {
  it.each(answers.map((answer) => [answer[1].name, answer[0], answer] as const))('%s: %s', (...[, , answer]) => {
    const [, call, wanted] = answer;
    expect(givenAnswer(call)).toEqual(rounded(wanted));
  });
});
