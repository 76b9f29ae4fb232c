import { describe, expect, it } from 'vitest';
import { dropout } from '#models/graph/dropout.ts';
import { Graph } from '#models/graph/graph.ts';
import { GraphSession } from '#models/graph/graphSession.ts';
import { sum } from '#models/graph/operations.ts';

const count = 20_000;
const ones = new Float32Array(count).fill(1);

async function dropped(rate: number, seed: number) {
  const graph = new Graph();
  const x = graph.placeholder('x', [count]);
  const step = graph.placeholder('step', []);
  const y = dropout(graph, x, { rate, seed, step });
  const [gradient] = graph.gradients(sum(graph, y), [x]);
  graph.signature('run', { x, step }, { y: graph.after('y', y), gradient: graph.after('gradient', gradient!) });
  const session = await GraphSession.load(graph);
  return (at: number) => session.run('run', { x: ones, step: Float32Array.of(at) });
}

describe('dropout', () => {
  it('drops the fraction asked for, scales the rest so that the mean stays, and passes gradients alike', async () => {
    const { y, gradient } = (await dropped(0.3, 5))(1);
    const zeros = y!.filter((value) => value === 0).length;
    // Four standard deviations of a binomial count.
    expect(Math.abs(zeros / count - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count));
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(gradient).toEqual(y);
  });

  it('drops the same at the same step and seed, and other elements at another of either', async () => {
    const [first, again, other] = [await dropped(0.5, 5), await dropped(0.5, 5), await dropped(0.5, 6)];
    const alike = (a: Float32Array, b: Float32Array): number =>
      a.filter((value, index) => value === b[index]).length / count;
    expect(alike(first(1).y!, again(1).y!)).toBe(1);
    for (const another of [first(2), other(1)])
      expect(Math.abs(alike(first(1).y!, another.y!) - 0.5)).toBeLessThan(0.02);
  });

  it.each([-0.1, 1, Number.NaN])('refuses to drop a fraction of %d (MODEL_SHAPE_MISMATCH)', (rate) => {
    const graph = new Graph();
    const [x, step] = [graph.placeholder('x', [2]), graph.placeholder('step', [])];
    expect(() => dropout(graph, x, { rate, seed: 1, step })).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }),
    );
  });
});
