import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openMs } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { zipOf } from '#test/zipOf.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-costs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

const order = 'costs estimate --symbol AAPL --side sell --quantity 1000 --price 100';
const market = '--average-daily-volume 1000000 --volatility 0.32';
const told = async (line: string): Promise<Record<string, unknown>> => {
  const { out, error } = await plimsoll(`${line} --json`);
  expect(error).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
};
const failing = async (line: string): Promise<string> => {
  const { error, exitCode } = await plimsoll(line);
  expect(exitCode).not.toBe(0);
  return error;
};

/** Days of a share whose closes bounce between bid and ask. */
function bars(symbols: readonly string[], days = 30, dayMs = 86_400_000): string {
  const rows = symbols.flatMap((symbol, index) =>
    Array.from({ length: days }, (_, day) => {
      const bounce = (1 + (index % 4)) * 0.1 * (day % 2 === 0 ? 1 : -1);
      const close = 100 + bounce + (day % 5) * 0.01 * (index + 1);
      const stamp = new Date(Date.parse('2024-01-01') + day * dayMs).toISOString();
      return [stamp, symbol, close + 1, close - 1, close, 1_000 * (index + 1) ** 2].join(',');
    }),
  );
  return file(`bars-${symbols.length}-${days}-${dayMs}.csv`, ['time,symbol,high,low,close,volume', ...rows].join('\n'));
}

describe('costs estimate', () => {
  it('tells commission, spread, market impact, slippage, total and fraction, with units', async () => {
    const estimate = await told(`${order} --broker ibkr-tiered ${market} --date 2023-06-01`);
    expect(estimate).toMatchObject({
      symbol: 'AAPL',
      broker: 'ibkr-tiered',
      session: '2023-06-01',
      notionalDollars: 100_000,
      spreadDollars: 10,
      slippageDollars: 0,
    });
    const charges = estimate['charges'] as readonly { readonly kind: string; readonly dollars: number }[];
    expect(charges.map(({ kind, dollars }) => [kind, dollars])).toEqual([
      ['commission', 3.5],
      ['section31', 0.8],
      ['tradingActivity', 0.145],
      ['exchange', 3],
      ['clearing', 0.2],
      ['nysePassThrough', 0.0007],
      ['finraPassThrough', 0.002],
    ]);
    // The volatility of a day times the root of a thousandth, of 100,000 dollars.
    expect(estimate['marketImpactDollars']).toBeCloseTo((0.32 / Math.sqrt(252)) * Math.sqrt(0.001) * 100_000, 3);
    const parts = ['commissionDollars', 'spreadDollars', 'marketImpactDollars', 'slippageDollars'];
    const sum = parts.reduce((all, part) => all + (estimate[part] as number), 0);
    expect(estimate['totalDollars']).toBeCloseTo(sum, 8);
    expect(estimate['totalFraction']).toBeCloseTo(sum / 100_000, 12);
    expect(estimate['units']).toMatchObject({ fraction: expect.stringContaining('notional') });
  });

  it('takes the newest rates that are known when no date is named', async () => {
    const { session } = await told(`${order} --broker alpaca ${market}`);
    expect(session).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(String(session) <= '2026-11-29').toBe(true);
  });

  it('refuses a date that the schedule does not know', async () =>
    expect(await failing(`${order} --broker schwab ${market} --date 2015-01-02`)).toMatch(
      /^COST_RATE_UNKNOWN: .*schwab/,
    ));

  it.each([
    ['--impact almgren-chriss --duration-minutes 39', (1_000 * (0.02 / 1e4)) / 0.1 + (1_000 * (0.02 / 1e5)) / 2],
    ['--impact kyle --lambda 0.00002', 0.01],
    ['--impact square-root --impact-coefficient 0', 0],
  ])('moves the price by the model that is named: %s', async (model, dollarsAShare) => {
    const estimate = await told(`${order} --broker schwab ${market} ${model}`);
    expect(estimate['marketImpactDollars']).toBeCloseTo(dollarsAShare * 1_000, 3);
  });

  it('tells the same of the model of 2005, which needs the shares of the company', async () => {
    const estimate = await told(`${order} --broker schwab ${market} --impact almgren-2005 --shares-outstanding 1e9`);
    expect(estimate['permanentImpactDollars']).toBeGreaterThan(0);
    expect(await failing(`${order} --broker schwab ${market} --impact almgren-2005`)).toMatch(
      /^COST_INPUT_INVALID: .*--shares-outstanding/,
    );
    expect(await failing(`${order} --broker schwab ${market} --impact kyle`)).toMatch(/--lambda/);
  });

  it('counts drift from the decision on', async () => {
    const timing = '--drift-basis-points 39 --delay-minutes 100 --duration-minutes 200';
    const estimate = await told(`${order} --broker schwab ${market} ${timing}`);
    expect(estimate['slippageDollars']).toBeCloseTo((100_000 * 0.0039 * 200) / 390, 8);
  });

  it('takes volume, volatility and a spread from daily bars', async () => {
    const input = bars(['AAPL', 'MSFT']);
    const estimate = await told(`${order} --broker schwab --bars ${input} --spread-estimator roll`);
    const { assumed } = estimate as { readonly assumed: Readonly<Record<string, unknown>> };
    expect(assumed).toMatchObject({ averageDailyVolume: 1_000, spreadFrom: 'roll' });
    expect(assumed['spreadFraction']).toBeGreaterThan(0.0015);
    const given = await told(`${order} --broker schwab --bars ${input} ${market} --spread-basis-points 5`);
    expect(given['assumed']).toMatchObject({ averageDailyVolume: 1_000_000, spreadFraction: 0.0005 });
  });

  it('takes a spread from a model that `costs spread` printed', async () => {
    const symbols = 'ABCDEFGHIJKLMNOP'.split('');
    const { out } = await plimsoll(`costs spread --input ${bars(symbols)} --json`);
    expect((JSON.parse(out) as { readonly model: unknown }).model).not.toBeNull();
    const model = file('model.json', out);
    const { assumed } = await told(`${order} --broker schwab ${market} --spread-model ${model}`);
    expect((assumed as { readonly spreadFraction: number }).spreadFraction).toBeGreaterThan(0);
    const broken = file('broken.json', '{}');
    expect(await failing(`${order} --broker schwab ${market} --spread-model ${broken}`)).toMatch(/^COST_INPUT_INVALID/);
    expect(await failing(`${order} --broker schwab ${market} --spread-model /nowhere/x`)).toMatch(/^FILE_UNREADABLE/);
  });

  it.each([
    ['--volatility 0.2', '--average-daily-volume'],
    ['--average-daily-volume 5', '--volatility'],
    [`${market} --spread-basis-points 1 --spread-estimator roll`, 'one of'],
    [`${market} --spread-estimator roll`, '--bars'],
  ])('refuses what does not say enough: %s', async (said, named) => {
    const error = await failing(`${order} --broker schwab ${said}`);
    expect(error).toMatch(/^COST_INPUT_INVALID/);
    expect(error).toContain(named);
  });

  it.each(['--quantity 1.5', '--price 0', '--participation 1.1', '--side hold', '--volatility x', '--broker fidelity'])(
    'does not understand %s',
    async (said) => expect(await failing(`${order} --broker schwab ${market} ${said}`)).toMatch(/^COMMAND_UNKNOWN/),
  );

  it('refuses bars of another symbol, of minutes, and too few of them', async () => {
    const of = (input: string): Promise<string> => failing(`${order} --broker schwab --bars ${input}`);
    expect(await of(bars(['MSFT', 'IBM']))).toMatch(/^COST_INPUT_INVALID: .*AAPL/);
    expect(await of(bars(['AAPL'], 30, 60_000))).toMatch(/^COST_INPUT_INVALID: .*daily/);
    expect(await of(bars(['AAPL'], 20))).toMatch(/^OBSERVATIONS_TOO_FEW/);
    expect(await of(file('closes.csv', 'time,close,volume\n2024-01-02,1,1\n'))).toMatch(/^COST_INPUT_INVALID: .*high/);
    const outside = file('outside.csv', 'time,high,low,close,volume\n2024-01-02,2,1,3,1\n');
    expect(await of(outside)).toMatch(/^COST_INPUT_INVALID: .*outside/);
  });

  it('says it to people', async () => {
    const { out } = await plimsoll(`${order} --broker ibkr-fixed ${market} --date 2023-06-01`);
    expect(out).toMatch(/^commission and fees +\$5\.95 +0\.595$/m);
    expect(out).toMatch(/^total +/m);
    expect(out).toContain('one standard deviation');
  });
});

describe('costs schedules', () => {
  it('lists every schedule and fee with dates and sources', async () => {
    const listed = await told('costs schedules');
    const { schedules, fees } = listed as {
      readonly schedules: readonly { readonly name: string; readonly from: string; readonly source: string }[];
      readonly fees: readonly { readonly name: string; readonly rates: readonly object[] }[];
    };
    expect(schedules.map(({ name }) => name)).toEqual(['alpaca', 'ibkr-fixed', 'ibkr-tiered', 'schwab']);
    expect(schedules.every(({ from, source }) => from.startsWith('20') && source !== '')).toBe(true);
    expect(fees.find(({ name }) => name === 'section31')!.rates.at(-1)).toEqual({ from: '2026-04-04', rate: 20.6 });
    expect(fees.find(({ name }) => name === 'tradingActivity')!.rates.at(-1)).toEqual({
      from: '2026-01-01',
      rate: 0.000195,
      tradeMaxDollars: 9.79,
    });
  });

  it('says it to people', async () => {
    const { out } = await plimsoll('costs schedules');
    expect(out).toMatch(/^ibkr-tiered .* 0\.0035 to 0\.0005 a share, at least 0\.35, at most 1 %/m);
    expect(out).toMatch(/2026-04-04 +20\.60/);
  });
});

describe('costs spread', () => {
  it('tells spreads of every symbol, and none where prices tell none', async () => {
    const { symbols, model } = (await told(`costs spread --input ${bars(['AAPL'])}`)) as {
      readonly symbols: readonly {
        readonly spreads: Readonly<Record<string, { readonly spreadFraction: number | null }>>;
      }[];
      readonly model: unknown;
    };
    expect(model).toBeNull();
    expect(symbols[0]!.spreads['roll']!.spreadFraction).toBeCloseTo(0.004, 3);
    expect(Object.keys(symbols[0]!.spreads)).toEqual(['abdi-ranaldo', 'corwin-schultz', 'roll']);
  });

  it('says it to people, with the model of many', async () => {
    const { out } = await plimsoll(`costs spread --input ${bars('ABCDEFGHIJKLMNOP'.split(''))}`);
    expect(out).toMatch(/^A +30 +1,000 /m);
    expect(out).toMatch(/^spread = exp\(/m);
  });
});

describe('costs profile', () => {
  const minutes = (session: string, volumeOf: (minute: number) => number): readonly string[] =>
    Array.from({ length: 390 }, (_, minute) => {
      const at = new Date(openMs(sessionDate(session)) + minute * 60_000).toISOString();
      return `${at},1,1,1,1,${volumeOf(minute)}`;
    });
  const input = (): string =>
    file(
      'AAPL_1min.csv',
      [
        'datetime,open,high,low,close,volume',
        ...minutes('2024-01-02', (minute) => (minute < 30 ? 7 : 1)),
        ...minutes('2024-01-03', (minute) => (minute < 30 ? 7 : 1)),
      ].join('\n'),
    );

  it('tells what part of the volume trades when, and cuts an order by it', async () => {
    const { symbols } = (await told(`costs profile --input ${input()} --quantity 570`)) as {
      readonly symbols: readonly {
        readonly sessions: number;
        readonly parts: readonly { readonly fraction: number }[];
        readonly shares: readonly number[];
      }[];
    };
    expect(symbols[0]!.sessions).toBe(2);
    expect(symbols[0]!.parts[0]!.fraction).toBeCloseTo(210 / 570, 12);
    expect(symbols[0]!.shares).toEqual([210, ...Array.from({ length: 12 }, () => 30)]);
    const { out } = await plimsoll(`costs profile --input ${input()}`);
    expect(out).toMatch(/^AAPL, 2 sessions$/m);
    expect(out).toMatch(/^15:30 +5\.26 % +0\.00$/m);
  });

  it('refuses parts that do not divide a session', async () =>
    expect(await failing(`costs profile --input ${input()} --minutes 195 --quantity 0`)).toMatch(/^COMMAND_UNKNOWN/));
});

describe('costs impact', () => {
  const openTick = 34_200_000;
  /** Every minute a buyer or a seller of shares, and quotes whose middle moved by a hundredth of a cent for each. */
  const tape = (): { readonly trades: string; readonly quotes: string } => {
    const trades: string[] = [];
    const quotes: string[] = [`${openTick},1000000,1,1000200,1,P,0,0`];
    let middle = 1_000_100;
    for (let minute = 0; minute < 60; minute += 1) {
      const bought = (minute % 2 === 0 ? 1 : -1) * 100 * (1 + (minute % 7));
      const at = openTick + minute * 60_000;
      trades.push(`${at + 1_000},${middle + Math.sign(bought) * 50},${Math.abs(bought)},P,0,0`);
      middle += bought;
      // Each side is told apart, as the tape does.
      quotes.push(`${at + 2_000},${middle - 100},1,0,0,P,0,0`, `${at + 3_000},0,0,${middle + 100},1,P,0,0`);
    }
    return { trades: `${trades.join('\n')}\n`, quotes: `${quotes.join('\n')}\n` };
  };
  const recordings = (): string =>
    [
      file('trades.zip', zipOf('20131007_ibm_Trade_Tick.csv', tape().trades)),
      file('quotes.zip', zipOf('20131007_ibm_Quote_Tick.csv', tape().quotes)),
    ].join(' ');

  it("tells Kyle's lambda by middles, with its standard error, and the quoted spread", async () => {
    const { symbols } = (await told(`costs impact --trades ${recordings()}`)) as {
      readonly symbols: readonly Readonly<Record<string, number | string>>[];
    };
    expect(symbols).toHaveLength(1);
    expect(symbols[0]).toMatchObject({ symbol: 'IBM', prices: 'middles' });
    // A ten-thousandth of a dollar for each share.
    expect(symbols[0]!['lambda']).toBeCloseTo(1e-4, 10);
    expect(symbols[0]!['standardError']).toBeLessThan(1e-8);
    expect(symbols[0]!['quotedSpreadFraction']).toBeCloseTo(0.0002, 6);
    const { out } = await plimsoll(`costs impact --trades ${recordings()}`);
    expect(out).toMatch(/^IBM +5\d +middles +0\.0001 /m);
  });

  it('goes by the prices of trades where there are no quotes', async () => {
    const trades = file('alone.zip', zipOf('20131007_ibm_Trade_Tick.csv', tape().trades));
    const { symbols } = (await told(`costs impact --trades ${trades}`)) as {
      readonly symbols: readonly Readonly<Record<string, number | string | null>>[];
    };
    expect(symbols[0]).toMatchObject({ prices: 'trades', quotedSpreadFraction: null });
    expect(symbols[0]!['lambda']).toBeGreaterThan(0);
  });

  it('tells nothing from a few minutes', async () => {
    const few = file('few.zip', zipOf('20131007_ibm_Trade_Tick.csv', `${openTick + 1},1000000,5,P,0,0\n`));
    expect(await failing(`costs impact --trades ${few}`)).toMatch(/^OBSERVATIONS_TOO_FEW/);
  });
});
