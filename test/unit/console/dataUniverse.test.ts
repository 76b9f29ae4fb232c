import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { plimsoll } from './commandLine.ts';

const reference = '../shared/data/reference';
const recordedMemberships = `${reference}/sp500_membership/sp500_ticker_start_end.csv`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-universe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, lines: readonly string[]): string => {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
const memberships = (): string =>
  write('members.csv', ['symbol,from,until', 'OLD,2022-01-03,2023-01-04', 'NEW,2023-01-04,', 'STAY,2000-01-03,']);

interface Members {
  readonly members: readonly { readonly symbol: string; readonly sector?: string | null }[];
}

async function membersOn(file: string, on: string): Promise<readonly string[]> {
  const { out } = await plimsoll(`data universe ${file} --on ${on} --json`);
  return (JSON.parse(out) as Members).members.map(({ symbol }) => symbol);
}

describe('the members of an index', () => {
  test('are those of the day, whatever became of them', async () => {
    expect(await membersOn(memberships(), '2023-01-03')).toEqual(['OLD', 'STAY']);
    expect(await membersOn(memberships(), '2023-01-04')).toEqual(['NEW', 'STAY']);
  });

  test('carry their sector where a file tells it', async () => {
    const sectors = write('sectors.csv', ['Symbol,GICS Sector,GICS Sub-Industry', 'STAY,Energy,Oil']);
    const { out } = await plimsoll(`data universe ${memberships()} --on 2023-01-04 --sectors ${sectors} --json`);
    expect((JSON.parse(out) as Members).members).toEqual([
      { symbol: 'NEW', sector: null },
      { symbol: 'STAY', sector: 'Energy' },
    ]);
  });

  test.each([
    ['a column that is missing', ['symbol,from', 'A,2020-01-02'], 'it has no column until or end_date'],
    ['a line that is no membership', ['symbol,from,until', 'A,2020-01-02,', 'B,soon,'], 'line 3'],
  ])('UNIVERSE_INVALID names %s', async (_what, lines, told) => {
    const { exitCode, error } = await plimsoll(`data universe ${write('bad.csv', lines)} --on 2023-01-04`);
    expect(exitCode).not.toBe(0);
    expect(error).toMatch(/^UNIVERSE_INVALID: /);
    expect(error).toContain(told);
  });

  test.skipIf(!existsSync(recordedMemberships))(
    `change on the days that ${reference}/sp500_membership has in its own list of changes`,
    { timeout: 60_000 },
    async () => {
      const changes = readFileSync(`${reference}/sp500_membership/sp500_changes_since_2019.csv`, 'utf8')
        .split('\n')
        .slice(1)
        .flatMap((line) => {
          const [, date, added, removed] = /^(\d{4}-\d{2}-\d{2}),"?([^"]*?)"?,"?([^"]*?)"?$/.exec(line.trim()) ?? [];
          const list = (text = ''): readonly string[] => text.split(',').filter(Boolean).toSorted();
          return date === undefined ? [] : [{ date, added: list(added), removed: list(removed) }];
        });
      // The memberships end in July 2025, and date two renamings (WLTW to WTW, RE to EG) otherwise than the list.
      const common = changes.filter(({ date }) => date < '2025-07-18' && !['2022-01-10', '2023-07-10'].includes(date));
      expect(common).toHaveLength(94);
      for (const { date, added, removed } of common) {
        const eve = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
        const [before, on] = [await membersOn(recordedMemberships, eve), await membersOn(recordedMemberships, date)];
        expect({ date, joined: on.filter((symbol) => !before.includes(symbol)) }).toEqual({ date, joined: added });
        expect({ date, gone: before.filter((symbol) => !on.includes(symbol)) }).toEqual({ date, gone: removed });
      }
    },
  );
});

describe('survivorship', () => {
  const bars = (name: string): string =>
    write(`${name}.csv`, [
      'timestamp,open,high,low,close,volume,adjusted_close,dividend_amount,split_coefficient',
      ...sessionsBetween(sessionDate('2022-12-28'), sessionDate('2023-01-06')).map(
        (session) => `${session},10,11,9,10,100,10,0,1`,
      ),
    ]);

  test('tells that bars hold the members that stayed and lack those that left', async () => {
    const files = [bars('STAY'), bars('NEW')].join(' ');
    const { out } = await plimsoll(`data survivorship ${memberships()} ${files} --format alpha-vantage --json`);
    const span = sessionsBetween(sessionDate('2022-12-28'), sessionDate('2023-01-06'));
    const early = span.filter((session) => session < '2023-01-04').length;
    expect(JSON.parse(out)).toMatchObject({
      first: '2022-12-28',
      last: '2023-01-06',
      stayed: { memberSessions: span.length + span.length - early, held: span.length + span.length - early },
      left: { memberSessions: early, held: 0 },
      neverHeld: ['OLD'],
    });
  });

  test('is told by year in text', async () => {
    const { out } = await plimsoll(`data survivorship ${memberships()} ${bars('STAY')} --format alpha-vantage`);
    expect(out).toMatch(/2022 +100\.00 % +0\.00 %/);
    expect(out).toContain('2 members have no bar at all');
  });
});
