import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeMs, isSession, nextSession, openMs, previousSession, sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const record = '../shared/data/reference/calendar/xnys.csv';
const laterRecord = '../shared/data/reference/calendar/exchange_calendars_1990_2027.json';
const exchangeRecord = z.object({
  XNYS: z.object({
    first: z.string(),
    last: z.string(),
    sessions: z.number(),
    exceptions: z.record(z.string(), z.tuple([z.string(), z.null(), z.null(), z.string()])),
    closed_weekdays: z.array(z.string()),
  }),
});

describe('the calendar of the New York Stock Exchange', () => {
  it.each(['2023-04-07', '2021-12-24', '2022-06-20', '2012-10-30', '2025-01-09', '2018-12-05', '2023-07-08'])(
    'is closed on %s',
    (date) => expect(isSession(sessionDate(date))).toBe(false),
  );

  it.each(['2021-12-31', '2021-06-18', '1997-01-20', '2023-09-21'])('is open on %s', (date) =>
    expect(isSession(sessionDate(date))).toBe(true),
  );

  it('opens and closes by New York time, in summer and in winter', () => {
    expect(iso(openMs(sessionDate('2023-07-05')))).toBe('2023-07-05T13:30:00.000Z');
    expect(iso(closeMs(sessionDate('2023-01-05')))).toBe('2023-01-05T21:00:00.000Z');
  });

  it('changes to daylight time on the second Sunday of March, before 2007 on the first of April', () => {
    expect(iso(openMs(sessionDate('2023-03-10')))).toBe('2023-03-10T14:30:00.000Z');
    expect(iso(openMs(sessionDate('2023-03-13')))).toBe('2023-03-13T13:30:00.000Z');
    expect(iso(openMs(sessionDate('2006-03-13')))).toBe('2006-03-13T14:30:00.000Z');
  });

  it('closes at one on the day after Thanksgiving', () =>
    expect(iso(closeMs(sessionDate('2023-11-24')))).toBe('2023-11-24T18:00:00.000Z'));

  it('steps over weekends and holidays both ways', () => {
    expect(nextSession(sessionDate('2023-06-30'))).toBe('2023-07-03');
    expect(nextSession(sessionDate('2023-07-03'))).toBe('2023-07-05');
    expect(previousSession(sessionDate('2023-07-05'))).toBe('2023-07-03');
  });

  it('refuses years it does not know', () => expect(() => isSession(sessionDate('1989-12-29'))).toThrow(RangeError));

  it('says when no session opens, or closes, on a day without trading', () => {
    expect(() => openMs(sessionDate('2023-07-04'))).toThrow('2023-07-04 is no session');
    expect(() => closeMs(sessionDate('2023-07-08'))).toThrow('2023-07-08 is no session');
  });

  it.skipIf(!existsSync(laterRecord))(`agrees with every closure and short session of ${laterRecord}`, () => {
    const { XNYS: known } = exchangeRecord.parse(JSON.parse(readFileSync(laterRecord, 'utf8')));
    const [first, last] = [sessionDate(known.first), sessionDate(known.last)];
    const sessions = sessionsBetween(first, last);
    expect(sessions).toHaveLength(known.sessions);
    expect(known.closed_weekdays.filter((date) => isSession(sessionDate(date)))).toEqual([]);
    // By New York's own clock, which the calendar computes without the time zone database.
    const newYork = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'short' });
    const short = sessions.flatMap((session) => {
      const hours = [newYork.format(openMs(session)), null, null, newYork.format(closeMs(session))];
      return hours[0] === '09:30' && hours[3] === '16:00' ? [] : [[session, hours]];
    });
    expect(Object.fromEntries(short)).toEqual(known.exceptions);
  });

  it.skipIf(!existsSync(record))(`agrees with every session, open and close of ${record}`, () => {
    const rows = readFileSync(record, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const days = rows.map(([day]) => sessionDate((day ?? '').slice(0, 10)));
    expect(sessionsBetween(days[0] ?? sessionDate('1990-01-02'), days.at(-1) ?? sessionDate('1990-01-02'))).toEqual(
      days,
    );
    expect(days.map((day) => [iso(openMs(day)), iso(closeMs(day))])).toEqual(
      rows.map(([, open, close]) => [open?.replace('Z', '.000Z'), close?.replace('Z', '.000Z')]),
    );
  });
});
