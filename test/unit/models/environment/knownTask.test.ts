import { describe, expect, it } from 'vitest';
import { cartPole } from '#models/environment/cartPole.ts';
import { KnownTask } from '#models/environment/knownTask.ts';
import { pendulum } from '#models/environment/pendulum.ts';

describe('the cart with a pole', () => {
  it('moves as the published equations say', () => {
    // From rest, a push of 10 N: Gymnasium's own first two steps from a state of zeros.
    const state = new Float64Array(4);
    cartPole.advance(state, 1);
    expect([...state]).toEqual([0, expect.closeTo(0.1951219512, 9), 0, expect.closeTo(-0.2926829268, 9)]);
    cartPole.advance(state, 0);
    expect([...state].map((value) => Number(value.toFixed(8)))).toEqual([0.00390244, 0, -0.00585366, 0]);
  });

  it('ends when the pole falls, and is cut off after 500 steps', () => {
    const state = Float64Array.of(0, 0, 0.2, 1);
    expect(cartPole.advance(state, 0)).toEqual({ reward: 1, isTerminal: true });
    const still = new KnownTask({ ...cartPole, advance: () => ({ reward: 1, isTerminal: false }) }, 1);
    const ends = Array.from({ length: 500 }, () => still.step(Float32Array.of(0)).truncated[0]);
    expect(ends.indexOf(1)).toBe(499);
  });
});

describe('the pendulum', () => {
  it('costs nothing upright and at rest, and pi squared hanging', () => {
    const upright = new Float64Array(2);
    expect(pendulum.advance(upright, 0)).toEqual({ reward: -0, isTerminal: false });
    expect([...upright]).toEqual([0, 0]);
    expect(pendulum.advance(Float64Array.of(3 * Math.PI, 0), 0).reward).toBeCloseTo(-(Math.PI ** 2), 10);
  });

  it('gains speed by gravity and torque, up to the limit', () => {
    const state = Float64Array.of(Math.PI / 2, 1);
    const { reward } = pendulum.advance(state, 0.5);
    expect(reward).toBeCloseTo(-((Math.PI / 2) ** 2 + 0.1 + 0.001), 12);
    expect(state[1]).toBeCloseTo(1 + (15 + 3) * 0.05, 12);
    expect(state[0]).toBeCloseTo(Math.PI / 2 + state[1]! * 0.05, 12);
    const fast = Float64Array.of(Math.PI / 2, 8);
    pendulum.advance(fast, 1);
    expect(fast[1]).toBe(8);
  });
});

describe('a known task', () => {
  it('gives the same run for the same seed, and goes on the same from a saved state', () => {
    const task = new KnownTask(cartPole, 3);
    const run = (of: KnownTask, steps: number): readonly unknown[] =>
      Array.from({ length: steps }, (_, at) => {
        const { rewards, terminated, reached } = of.step(Float32Array.of(at % 2, (at >> 1) % 2, 1));
        return [[...rewards], [...terminated], [...reached], [...of.observations]];
      });
    task.reset(5);
    const whole = run(task, 60);
    task.reset(5);
    run(task, 20);
    const other = new KnownTask(cartPole, 3);
    other.restore(task.save());
    // The orders of `run` repeat every four steps, so it goes on where twenty steps left it.
    expect(run(other, 40)).toEqual(whole.slice(20));
    task.reset(6);
    expect(run(task, 60)).not.toEqual(whole);
  });

  it('refuses a choice that there is not', () => {
    const task = new KnownTask(cartPole, 1);
    for (const action of [2, -1, 0.5, Number.NaN]) expect(() => task.step(Float32Array.of(action))).toThrow(RangeError);
  });
});
