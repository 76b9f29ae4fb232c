const dayMs = 86_400_000;

/** Closures no rule foresees: a president's funeral, an attack, a hurricane (NYSE's own notices). */
const closures: ReadonlySet<string> = new Set([
  '1994-04-27',
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
]);

/** Early closes no rule foresees, by local hour. */
const earlyCloses: Readonly<Record<string, number>> = {
  '1990-12-24': 14,
  '1991-12-24': 14,
  '1992-11-27': 14,
  '1992-12-24': 14,
  '1997-12-26': 13,
  '1999-12-31': 13,
  '2003-12-26': 13,
};

/** First year for which the rules below were checked against the exchange's own record. */
export const firstKnownYear = 1990;

/** Whether the New York Stock Exchange is closed on a weekday: holidays by rule (NYSE rule 7.2) and one-off closures. */
export function isHoliday(date: string): boolean {
  return closures.has(date) || holidaysOf(Number(date.slice(0, 4))).has(date);
}

/** Local hour at which a session closes: 16, or 13 (before 1993: 14) on the eves the exchange shortens. */
export function closingHour(date: string): number {
  const known = earlyCloses[date];
  if (known !== undefined) return known;
  const year = Number(date.slice(0, 4));
  if (year < 1993) return 16;
  const thanksgiving = nthWeekday(`${year}-11`, 4, 4);
  const weekday = weekdayOf(date);
  const isEarly =
    date === addDays(thanksgiving, 1) ||
    (date.endsWith('-12-24') && weekday >= 1 && weekday <= 4) ||
    (date.endsWith('-07-03') && year >= 1995 && [1, 2, 4].includes(weekday)) ||
    // Around a July 4th on a Thursday the exchange shortened the Friday after, since 2013 the Wednesday before.
    (date.endsWith('-07-03') && year >= 2013 && weekday === 3) ||
    (date.endsWith('-07-05') && year >= 1996 && year < 2013 && weekday === 5);
  return isEarly ? 13 : 16;
}

/** Day of the week, 0 for Sunday. */
export function weekdayOf(date: string): number {
  return new Date(Date.parse(`${date}T00:00:00Z`)).getUTCDay();
}

/** The date some days later, or earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The nth weekday of a month `YYYY-MM`, n from 1; weekday 0 is Sunday. */
export function nthWeekday(month: string, weekday: number, n: number): string {
  const first = `${month}-01`;
  return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7);
}

// A year's holidays never change, so they are worked out once.
const knownYears = new Map<number, ReadonlySet<string>>();

function holidaysOf(year: number): ReadonlySet<string> {
  const known = knownYears.get(year) ?? holidaysByRule(year);
  knownYears.set(year, known);
  return known;
}

function holidaysByRule(year: number): ReadonlySet<string> {
  const newYear = dateOf(year, 1, 1);
  const days = [
    // A New Year's Day on a Saturday is not moved: the Friday before ends the exchange's year.
    weekdayOf(newYear) === 6 ? undefined : observed(newYear),
    year >= 1998 ? nthWeekday(`${year}-01`, 1, 3) : undefined,
    nthWeekday(`${year}-02`, 1, 3),
    addDays(easter(year), -2),
    addDays(nthWeekday(`${year}-06`, 1, 1), -7),
    year >= 2022 ? observed(dateOf(year, 6, 19)) : undefined,
    observed(dateOf(year, 7, 4)),
    nthWeekday(`${year}-09`, 1, 1),
    nthWeekday(`${year}-11`, 4, 4),
    observed(dateOf(year, 12, 25)),
  ];
  return new Set(days.filter((day) => day !== undefined));
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(date: string): string {
  const weekday = weekdayOf(date);
  if (weekday === 6) return addDays(date, -1);
  return weekday === 0 ? addDays(date, 1) : date;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher; Nature, 20 April 1876). */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor((8 * b + 13) / 25);
  const e = (19 * a + b - d - Math.floor(b / 4) + 15) % 30;
  const f = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - e - (c % 4)) % 7;
  const g = Math.floor((a + 11 * e + 22 * f) / 451);
  const sum = e + f - 7 * g + 114;
  return dateOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}

function dateOf(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
