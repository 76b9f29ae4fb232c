import { describe, expect, it } from 'vitest';
import { inTurn, turnRatios } from '#test/bench/turns.ts';

const turn = (wall: number, processor = wall) => ({ wall, processor });

describe('sides that take turns', () => {
  it('are compared turn by turn, so that a slow spell which meets both decides nothing', () => {
    const [ours, peer] = [[1, 10, 2].map((wall) => turn(wall, 1)), [2, 20, 6].map((wall) => turn(wall, 3))] as const;
    expect(turnRatios(ours, peer)).toEqual({ ratio: 2, quartiles: [2, 2], byProcessor: 3 });
  });

  it('are refused with unlike numbers of turns, and with none', () => {
    expect(() => turnRatios([turn(1)], [])).toThrow(RangeError);
    expect(() => turnRatios([], [])).toThrow(RangeError);
  });

  it('come first as often as each other', () => {
    const sides = ['a', 'b', 'c'];
    const firsts = [0, 1, 2, 3, 4, 5].map((number) => inTurn(sides, number)[0]!);
    expect(firsts.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(inTurn(sides, 4).toSorted()).toEqual(sides);
  });
});
