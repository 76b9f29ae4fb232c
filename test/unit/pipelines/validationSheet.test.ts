import { describe, expect, it } from 'vitest';
import { tearSheetHtml, tearSheetParts } from '#pipelines/tearSheet.ts';
import { leftOutOf } from '#pipelines/tearSheet/part.ts';
import { randomEvidence } from './randomEvidence.ts';
import { modelSheet } from './tearSheet/sheets.ts';

const evidence = randomEvidence();
const sheet = modelSheet(evidence);
const parts = tearSheetParts(sheet);

describe('the sheet of a model', () => {
  it('leaves nothing out: growth, months, rolling figures, activity, costs, windows, paths, stress, crises, trades', () => {
    expect(leftOutOf(parts)).toEqual([]);
    const headings = [...tearSheetHtml(sheet, parts).matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, title]) => title);
    expect(headings).toEqual(expect.arrayContaining(['Exposure', 'Turnover', 'Costs', 'Stress', 'Trades']));
  });

  it('tells what the stitched account did, to the figures of the card', () => {
    const { stitched } = evidence;
    const { activity } = stitched;
    const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(sheet).toMatchObject(activity);
    expect(mean(activity.exposure)).toBeCloseTo(stitched.exposure, 12);
    expect(mean(activity.turnover)).toBeCloseTo(stitched.turnover, 12);
    const paid = Object.values(activity.costs.dollars).reduce((sum, dollars) => sum + dollars, 0);
    expect(paid).toBeCloseTo(stitched.costs, 6);
    expect(activity.trades.length).toBeGreaterThan(0);
  });

  it('survives the store as it was judged', () => expect(JSON.parse(JSON.stringify(sheet))).toEqual(sheet));
});
