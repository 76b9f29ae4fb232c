import { describe, expect, it } from 'vitest';
import { tighteningEvent, type TightenedRow, type Tightening } from '#domain/tightening.ts';

const halt: Tightening = { account: 'paper', state: 'halted', reason: 'too wild', by: 'ada' };
const row: TightenedRow = { state: 'halted', reason: 'too wild', changedBy: 'ada', changes: 3 };

describe('the audit event of a tightening', () => {
  it('is the same for the same word on the same change, whoever writes it down', () => {
    expect(tighteningEvent(halt, row)).toEqual(tighteningEvent({ ...halt }, { ...row }));
    expect(tighteningEvent(halt, row).key).toBe('tighten:paper:halted:3');
  });

  it('has a key of its own for every word that found the account as strict already', () => {
    const others: readonly Tightening[] = [
      { ...halt, by: 'grace' },
      { ...halt, reason: 'broken' },
      { ...halt, state: 'reducing' },
    ];
    const keys = [halt, ...others].map((word) => tighteningEvent(word, row).key);
    expect(new Set(keys).size).toBe(4);
  });

  it('tells apart the words of a breaker that rounds two figures to one reason', () => {
    const losses = { dayOpenEquity: 100, highWaterMark: 100, drawdownFraction: 0.1, dailyLossFraction: 0.1 };
    const keys = [90, 91].map((equity) => tighteningEvent({ ...halt, figures: { equity, ...losses } }, row).key);
    expect(new Set(keys).size).toBe(2);
  });
});
