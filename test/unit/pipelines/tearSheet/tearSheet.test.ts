import { describe, expect, it } from 'vitest';
import { curveSheet } from '#pipelines/curveSheet.ts';
import { tearSheetHtml, tearSheetJson, tearSheetParts } from '#pipelines/tearSheet.ts';
import type { TearSheet } from '#pipelines/tearSheet/sheet.ts';
import { randomSheet } from './sheets.ts';

const htmlOf = (shown: TearSheet): string => tearSheetHtml(shown, tearSheetParts(shown));
const jsonOf = (shown: TearSheet): string => tearSheetJson(shown, tearSheetParts(shown));
const sheet = randomSheet(400);

describe('the page of a tear sheet', () => {
  const html = htmlOf(sheet);

  it('holds every picture twice, for wide and for narrow screens, none of them empty', () => {
    const pictures = html.match(/<svg .*?<\/svg>/gs) ?? [];
    // Growth, drawdown, rolling Sharpe and beta, exposure, turnover, costs, windows, simulation, a crisis, trades.
    expect(pictures).toHaveLength(22);
    for (const picture of pictures) expect(picture).toMatch(/stroke="var\(--|fill="var\(--/);
    expect(pictures.filter((picture) => picture.includes('viewBox="0 0 380'))).toHaveLength(11);
  });

  it('loads and runs nothing', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|(?:src|href)=/);
    expect(html).toContain(`content="default-src 'none';style-src 'unsafe-inline'"`);
  });

  it('has colours for light and dark, and no placeholder of one', () => {
    expect(html).toContain('@media(prefers-color-scheme:dark)');
    expect(html).not.toContain('#fe00');
  });

  it('has ids that no other picture on the page has', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  it('is the same bytes for the same sheet, however many were drawn before', () =>
    expect(htmlOf(randomSheet(400))).toBe(html));

  it('says how the windows did and that they overlap, and unfolds every one with its dates', () => {
    expect(html).toContain('mean 0.50, deviation 1.41, lowest −0.50, positive in 33.3 % of 3.');
    expect(html).toContain('count sessions more than once');
    expect(html).toMatch(/admits the overlap \(Newey and West\): (?:–|[\d.]+)\./);
    expect(html.match(/<th scope="row">\d<\/th>/g)).toHaveLength(3);
    expect(html).toContain('<td>2020-02-28</td><td>2020-05-26</td><td>0.00 %</td><td>–</td>');
  });

  it('shows each gate criterion by criterion, and every halt with its date and rule', () => {
    expect(html).toContain('<h2>Gate “worth trading”: failed</h2>');
    expect(html).toContain('1 of 1 criteria are not met.');
    expect(html).toContain(
      '<th scope="row">walkForward.sharpe</th><td>at least 1.00</td><td>0.50</td><td>fail</td><td>pays for its risk</td>',
    );
    expect(html).toContain('<th scope="row">Orders refused</th><td>2 (POSITION_OVER_LIMIT 2)</td><td>0</td>');
    expect(html).toContain(`<th scope="row">${sheet.sessions[3]}</th><td>close</td><td>drawdown 10.20 %</td>`);
    expect(html.match(/<summary>Halts, /g)).toHaveLength(1);
  });

  it('escapes every text', () => {
    const hostile = `"><script>alert('x')</script>&`;
    const [first] = sheet.windows;
    const page = htmlOf({
      ...sheet,
      title: hostile,
      subtitle: hostile,
      baselines: { [hostile]: sheet.strategy },
      metrics: { [hostile]: { sharpe: 1 } },
      windows: [{ ...first!, testFrom: hostile, testTo: hostile }],
      monteCarlo: { ...sheet.monteCarlo, method: hostile, summary: { [hostile]: 1 } },
      trades: [{ ...sheet.trades[0]!, symbol: hostile }],
      costs: { dollars: { [hostile]: 1, other: 2 }, tradedDollars: null },
      exposure: { unknown: hostile },
      caveats: [hostile],
      gates: [
        {
          name: hostile,
          verdict: 'failed',
          checks: [{ ...sheet.gates[0]!.checks[0]!, metric: hostile, reason: hostile }],
        },
      ],
      risk: {
        [hostile]: { ...sheet.risk.procedure!, changes: [{ ...sheet.risk.procedure!.changes[0]!, reason: hostile }] },
      },
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain(`="">`);
    expect(page).toContain('&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;');
  });

  it('of a short sample says what it lacks instead of drawing it', () => {
    const page = htmlOf({
      ...randomSheet(63),
      windows: [],
      monteCarlo: { method: '', fan: [], summary: {} },
      trades: [],
      caveats: [],
    });
    expect(page).toContain(
      '<dt>Sharpe ratio of the last half year</dt><dd>it needs more than 126 sessions; there are 63.',
    );
    expect(page).toContain('<dt>Walk-forward windows</dt><dd>there are none.');
    expect(page).toContain('<dd>nothing was simulated.');
    expect(page).toContain('<dt>Trades</dt><dd>none was closed.');
    expect(page).not.toContain('What these figures do not say');
  });

  it('of a curve alone draws what a curve tells, and says of everything else why it is not there', () => {
    const why = { unknown: 'only returns were given.' };
    const { strategy, sessions } = randomSheet(400);
    const parts = {
      benchmark: why,
      windows: why,
      monteCarlo: why,
      exposure: why,
      turnover: why,
      costs: why,
      trades: why,
      book: why,
    };
    const alone = curveSheet({ title: 'alone', subtitle: '', sessions, strategy, ...parts });
    const page = htmlOf(alone);
    // Growth, drawdown, rolling Sharpe, the crisis of 2020.
    expect(page.match(/<svg /g)).toHaveLength(8);
    expect(page.match(/<dd>only returns were given\.<\/dd>/g)).toHaveLength(7);
    expect(page).not.toMatch(/benchmark (?:–|\d)/);
    const { leftOut } = JSON.parse(jsonOf(alone)) as { readonly leftOut: readonly { readonly part: string }[] };
    expect(leftOut.map(({ part }) => part)).toEqual([
      'Beta of the last half year',
      'Exposure',
      'Turnover',
      'Costs',
      'Limits and breaker',
      'Walk-forward windows',
      'What else could have become of it',
      'Trades',
    ]);
  });

  it('draws no flat line for an account that did nothing', () => {
    const nothing = sheet.sessions.map(() => 0);
    const page = htmlOf({ ...sheet, strategy: nothing, exposure: nothing, turnover: nothing });
    expect(page).toContain('<dt>Drawdown</dt><dd>the curve never fell below its highest value.');
    expect(page).toContain('<dt>Exposure</dt><dd>nothing was ever held.');
    expect(page).toContain('<dt>Turnover</dt><dd>nothing was ever traded.');
  });

  it('says that one session is no curve, and draws an account that lost everything', () => {
    expect(htmlOf(randomSheet(1))).toContain('one session is no curve.');
    const lost = { ...sheet, strategy: sheet.strategy.map((value, row) => (row === 200 ? -1 : value)) };
    expect(htmlOf(lost)).toContain('Deepest 100 %');
  });

  it('refuses curves of other sessions, and none', () => {
    expect(() => htmlOf({ ...sheet, benchmark: sheet.benchmark.slice(1) })).toThrow(RangeError);
    expect(() => htmlOf({ ...sheet, exposure: sheet.exposure.slice(1) })).toThrow(RangeError);
    expect(() => htmlOf({ ...sheet, strategy: [...sheet.strategy.slice(1), Number.NaN] })).toThrow(RangeError);
    expect(() => jsonOf({ ...sheet, sessions: [], strategy: [], benchmark: [], baselines: {} })).toThrow(RangeError);
  });
});

describe('the JSON of a tear sheet', () => {
  it('holds the sheet and everything the page derives', () => {
    const parsed = JSON.parse(jsonOf(sheet)) as Readonly<Record<string, unknown>>;
    expect(parsed).toMatchObject({ title: sheet.title, strategy: sheet.strategy, windows: sheet.windows });
    expect(parsed.growth).toHaveLength(400);
    expect((parsed.growth as readonly number[]).at(-1)).toBeCloseTo(1 + sheet.metrics.strategy!.totalReturn!, 10);
    expect(Math.max(...(parsed.drawdown as readonly number[]))).toBe(sheet.metrics.strategy!.maximumDrawdown);
    expect(parsed.crises).toMatchObject([
      { name: 'pandemic-2020', from: '2020-02-20', to: '2020-03-23', sessions: 23 },
    ]);
    expect(parsed.leftOut).toEqual([]);
    expect(parsed.windowStatistics).toMatchObject({ windows: 3, undefinedWindows: 1, minSharpe: -0.5 });
  });
});
