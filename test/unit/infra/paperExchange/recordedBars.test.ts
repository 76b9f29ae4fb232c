import { describe, expect, test } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { parseRecordedBars, readRecordedBars } from '#infra/paperExchange/recordedBars.ts';

const header = 'symbol,date,open,high,low,close,volume,adjusted';
const row = 'META,2013-01-02,27.440000534057617,28.18000030517578,27.420000076293945,28,69846400,28';

describe('recorded bars', () => {
  test('are read in any order of rows and columns, prices rounded to ten-thousandths', () => {
    const bars = parseRecordedBars([header, 'META,2013-01-03,28,28.5,27.5,27.77,63140600,27.77', row, ''].join('\r\n'));
    expect(bars.sessions).toEqual(['2013-01-02', '2013-01-03']);
    expect(bars.bar('META', sessionDate('2013-01-02'))).toEqual({
      session: '2013-01-02',
      open: 274_400,
      high: 281_800,
      low: 274_200,
      close: 280_000,
      volume: 69_846_400,
    });
    const shuffled = parseRecordedBars(['date,close,open,symbol,low,high,volume', '2013-01-02,2,1,X,1,3,4'].join('\n'));
    expect(shuffled.bar('X', sessionDate('2013-01-02'))).toMatchObject({ open: 10_000, close: 20_000, high: 30_000 });
  });

  test('before a session are the last of any earlier one, over gaps', () => {
    const bars = parseRecordedBars([header, row].join('\n'));
    expect(bars.barBefore('META', sessionDate('2013-01-02'))).toBeUndefined();
    expect(bars.barBefore('META', sessionDate('2013-02-01'))?.session).toBe('2013-01-02');
    expect(bars.barBefore('NONE', sessionDate('2013-02-01'))).toBeUndefined();
  });

  test.each([
    { when: 'a column is missing', first: 'symbol,date,open,high,low,close', rest: 'x', line: 'line 1' },
    { when: 'a price is text', first: header, rest: 'A,2013-01-02,one,2,1,1,5,1', line: 'line 2' },
    { when: 'a price is missing', first: header, rest: 'A,2013-01-02,,2,1,1,5,1', line: 'line 2' },
    { when: 'a price is zero', first: header, rest: 'A,2013-01-02,0,2,1,1,5,1', line: 'line 2' },
    { when: 'the high is below the close', first: header, rest: 'A,2013-01-02,1,1.5,1,2,5,1', line: 'line 2' },
    { when: 'the volume is missing', first: header, rest: 'A,2013-01-02,1,2,1,1,,1', line: 'line 2' },
    { when: 'the date is no day', first: header, rest: 'A,2013-02-30,1,2,1,1,5,1', line: 'line 2' },
    { when: 'a session comes twice', first: header, rest: `${row}\n${row}`, line: 'line 3' },
  ])('are refused with their line when $when', ({ first, rest, line }) => {
    expect(() => parseRecordedBars(`${first}\n${rest}`)).toThrow(
      expect.objectContaining({ code: 'RECORDED_BARS_UNREADABLE', message: expect.stringContaining(line) }),
    );
  });

  test('of a missing file are refused too', () => {
    expect(() => readRecordedBars('/nonexistent/bars.csv')).toThrow(
      expect.objectContaining({ code: 'RECORDED_BARS_UNREADABLE' }),
    );
  });
});
