import { array, assert, double, integer, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManySteps } from '#models/agents/manySteps.ts';
import { Priorities } from '#models/agents/priorities.ts';
import { ReplayBuffer, type Transition } from '#models/agents/replayBuffer.ts';
import { SumTree } from '#models/agents/sumTree.ts';
import { RandomSource } from '#models/randomSource.ts';

const transition = (mark: number): Transition => ({
  observation: Float32Array.of(mark, mark + 0.5),
  action: Float32Array.of(-mark),
  reward: 2 * mark,
  next: Float32Array.of(mark + 1, mark + 1.5),
  continues: mark % 2,
});

describe('a tree of sums', () => {
  it('finds the place at which the running sum passes an amount', () => {
    const weights = array(integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 });
    const finds = property(weights, double({ min: 0, max: 0.999, noNaN: true }), (given, share) => {
      const tree = new SumTree(given.length);
      for (const [place, weight] of given.entries()) tree.set(place, weight);
      const total = given.reduce((sum, weight) => sum + weight, 0);
      expect(tree.total).toBe(total);
      if (total === 0) return;
      let left = share * total;
      const wanted = given.findIndex((weight) => (left -= weight) < 0);
      expect(tree.find(share * total)).toBe(wanted);
    });
    assert(finds, { numRuns: 300 });
  });
});

describe('a replay buffer', () => {
  it('keeps the last transitions whole, and no older ones', () => {
    const keeps = property(integer({ min: 1, max: 3_000 }), integer({ min: 1, max: 4_000 }), (capacity, count) => {
      const buffer = new ReplayBuffer({ capacity, observationSize: 2, actionSize: 1 });
      for (let mark = 0; mark < count; mark += 1) buffer.addOne(transition(mark));
      const { tensors } = buffer.save();
      expect(buffer.size).toBe(Math.min(capacity, count));
      const kept = Array.from({ length: buffer.size }, (_, row) => tensors.observations![2 * row]!);
      const wanted = Array.from({ length: buffer.size }, (_, row) => count - buffer.size + row);
      expect(kept.toSorted((a, b) => a - b)).toEqual(wanted);
      for (const [row, mark] of kept.entries()) {
        expect(tensors.actions![row]).toBeCloseTo(-mark, 9);
        expect(tensors.rewards![row]).toBe(2 * mark);
        expect([...tensors.next!.subarray(2 * row, 2 * row + 2)]).toEqual([mark + 1, mark + 1.5]);
        expect(tensors.continues![row]).toBe(mark % 2);
      }
    });
    assert(keeps, { numRuns: 10 });
  });

  it('refuses the state of a buffer of other sizes (MODEL_SHAPE_MISMATCH)', () => {
    const buffer = new ReplayBuffer({ capacity: 4, observationSize: 2, actionSize: 1 });
    buffer.addOne(transition(1));
    const other = new ReplayBuffer({ capacity: 4, observationSize: 3, actionSize: 1 });
    expect(() => other.restore(buffer.save())).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }));
  });
});

describe('transitions over several steps', () => {
  it('sum the discounted rewards of their steps, and end with the episode', () => {
    const step = record({ reward: integer({ min: -5, max: 5 }), end: integer({ min: 0, max: 9 }) });
    const sums = property(array(step, { minLength: 1, maxLength: 30 }), integer({ min: 1, max: 5 }), (steps, count) => {
      const gamma = 0.5;
      const many = new ManySteps(1, { steps: count, gamma });
      const out: { readonly first: number; readonly made: Transition }[] = [];
      for (const [at, { reward, end }] of steps.entries()) {
        const ready = many.add(Float32Array.of(at), Float32Array.of(7), {
          rewards: Float64Array.of(reward),
          terminated: Uint8Array.of(end === 0 ? 1 : 0),
          truncated: Uint8Array.of(end === 1 ? 1 : 0),
          reached: Float32Array.of(at + 1),
        });
        out.push(...ready.map((made) => ({ first: made.observation[0]!, made: { ...made, next: made.next.slice() } })));
      }
      for (const { first, made } of out) {
        let [wanted, last] = [0, first];
        for (; last < first + count; last += 1) {
          wanted += gamma ** (last - first) * steps[last]!.reward;
          if (steps[last]!.end <= 1) break;
        }
        const length = Math.min(last, first + count - 1) - first + 1;
        expect(made.reward).toBeCloseTo(wanted, 9);
        expect(made.next[0]).toBe(first + length);
        expect(made.continues).toBe(steps[first + length - 1]!.end === 0 ? 0 : gamma ** length);
      }
      // Each step comes out once, in order, but for the last that still wait.
      expect(out.map(({ first }) => first)).toEqual(out.map((_, at) => at));
      expect(steps.length - out.length).toBeLessThan(count);
    });
    assert(sums, { numRuns: 200 });
  });
});

describe('priorities', () => {
  it('draw in proportion to surprise, and weigh the drawn against it', () => {
    const priorities = new Priorities(4, { alpha: 1, beta: 1, betaSteps: 1 });
    for (let place = 0; place < 4; place += 1) priorities.begin(place);
    priorities.update(Int32Array.of(0, 1, 2, 3), Float32Array.of(1, 2, 3, 4));
    const drawn = { places: new Int32Array(1_000), weights: new Float32Array(1_000) };
    priorities.draw(new RandomSource(1, 0), drawn);
    const counts = [0, 0, 0, 0];
    for (const [at, place] of drawn.places.entries()) {
      counts[place]! += 1;
      expect(drawn.weights[at]).toBeCloseTo(1 / (place + 1), 5);
    }
    for (const [place, count] of counts.entries()) expect(Math.abs(count - 100 * (place + 1))).toBeLessThan(3);
  });

  it('draw what is new as if it surprised most, and go on the same from a saved state', () => {
    const drawsSame = property(tuple(integer(), integer({ min: 2, max: 50 })), ([seed, stored]) => {
      const settings = { alpha: 0.6, beta: 0.4, betaSteps: 10 };
      const [one, other] = [new Priorities(64, settings), new Priorities(64, settings)];
      const random = new RandomSource(seed, 0);
      for (let place = 0; place < stored; place += 1) one.begin(place);
      const draw = (of: Priorities, source: RandomSource): { places: Int32Array; weights: Float32Array } => {
        const drawn = { places: new Int32Array(8), weights: new Float32Array(8) };
        of.draw(source, drawn);
        return drawn;
      };
      const { places } = draw(one, random);
      one.update(places, places.length === 8 ? Float32Array.of(1, 9, 2, 5, 0, 3, 7, 4) : new Float32Array());
      other.restore(one.save(stored));
      expect(draw(other, new RandomSource(seed, 1))).toEqual(draw(one, new RandomSource(seed, 1)));
    });
    assert(drawsSame, { numRuns: 30 });
  });
});
