import { describe, expect, it } from 'vitest';
import { learningCurveSvg } from '#pipelines/learningCurve.ts';

const curve = Array.from({ length: 8 }, (_, index) => ({
  epoch: index + 1,
  trainingLoss: 1 - 0.02 * index,
  validationLoss: 1 + 0.003 * (index - 3) ** 2,
}));

describe('the picture of a learning curve', () => {
  it('says which epoch was kept and at which loss', () => {
    const svg = learningCurveSvg(curve, 4);
    expect(svg).toContain('kept: 1.000');
    expect(svg).toContain('aria-label="training and validation loss over 8 epochs; epoch 4 was kept at 1.000"');
  });

  it('draws both losses in colours for light and dark screens', () => {
    const svg = learningCurveSvg(curve, 4);
    expect(svg).toMatch(/<path [^>]*stroke="var\(--strategy\)"/);
    expect(svg).toMatch(/<path [^>]*stroke="var\(--benchmark\)"/);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toContain('#fe00');
  });

  it('is the same bytes for the same losses, however many were drawn before', () =>
    expect(learningCurveSvg(curve, 4)).toBe(learningCurveSvg(curve, 4)));

  it('of no epoch is an empty picture, of one epoch a point', () => {
    expect(learningCurveSvg([], 0)).toContain('over 0 epochs"');
    expect(learningCurveSvg(curve.slice(0, 1), 1)).toContain('epoch 1 was kept');
  });

  it('holds nothing that loads or runs', () => expect(learningCurveSvg(curve, 4)).not.toMatch(/<script|href=|@import/));
});
