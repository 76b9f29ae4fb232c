import { describe, expect, it } from 'vitest';
import { coveredCrises, marketCrises } from '#pipelines/stress/coveredCrises.ts';
import { weekdays } from '../randomBars.ts';

const sessions = weekdays(700);
const names = (covered: ReturnType<typeof coveredCrises>): readonly string[] =>
  covered.map(({ crisis }) => crisis.name);

describe('crises that a curve lived through', () => {
  it('are those whose every session it has, from the first of the fall to the lowest', () => {
    const [pandemic, ...others] = coveredCrises(sessions.slice(0, 400));
    expect(others).toEqual([]);
    expect(sessions.slice(pandemic!.fromRow, pandemic!.endRow)).toHaveLength(23);
    expect(sessions[pandemic!.fromRow]).toBe('2020-02-20');
    expect(sessions[pandemic!.endRow - 1]).toBe('2020-03-23');
  });

  it('are none that had begun, had not ended, or of which a month is missing', () => {
    expect(names(coveredCrises(sessions.filter((session) => session >= '2020-02-21')))).not.toContain('pandemic-2020');
    expect(names(coveredCrises(sessions.filter((session) => session < '2020-03-23')))).not.toContain('pandemic-2020');
    const holed = sessions.filter((session) => session < '2020-02-25' || session > '2020-03-05');
    expect(names(coveredCrises(holed))).not.toContain('pandemic-2020');
    expect(coveredCrises([])).toEqual([]);
  });

  it('may begin with the first session of the fall: its loss is the first return', () =>
    expect(names(coveredCrises(sessions.filter((session) => session >= '2020-02-20')))).toContain('pandemic-2020'));

  it('are the dated falls of the index, each a loss', () => {
    expect(marketCrises.map(({ days }) => days.to.slice(0, 4))).toEqual([
      '1987',
      '2002',
      '2009',
      '2010',
      '2020',
      '2022',
    ]);
    for (const { indexReturn } of marketCrises) expect(indexReturn).toBeLessThan(-0.08);
  });
});
