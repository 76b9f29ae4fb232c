import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openMs } from '#domain/calendar.ts';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import type { Fill } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { plimsoll } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-executed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, rows: readonly string[]): string => {
  writeFileSync(path.join(folder, name), `${rows.join('\n')}\n`);
  return path.join(folder, name);
};

const header = 'date,symbol,open,high,low,close,volume';
const bars = file('bars.csv', [
  header,
  '2024-01-02,A,50,52,49,50,1000000',
  '2024-01-03,A,50.2,52,49,51,1000000',
  '2024-01-04,A,51,52,49,50,1000000',
]);
const fills = file('fills.csv', [
  'date,symbol,side,quantity,price,commission,fees',
  '2024-01-03,A,buy,60,50.25,0.5,0.1',
  '2024-01-03,A,buy,40,50.375,0.3,0.1',
  '2024-01-04,A,sell,100,50.9,0,0',
  '2024-01-02,A,buy,1,50,0,0',
]);

const told = async (line: string, given: Parameters<typeof plimsoll>[1] = {}): Promise<Record<string, unknown>> => {
  const { out, error } = await plimsoll(`${line} --json`, given);
  expect(error).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
};

describe('costs analyse', () => {
  it('tells delay, trading, commission and shortfall of each order, and of all', async () => {
    const { orders, total, unpriced } = (await told(`costs analyse --fills ${fills} --bars ${bars}`)) as {
      readonly orders: readonly Readonly<Record<string, number | string>>[];
      readonly total: Readonly<Record<string, number>>;
      readonly unpriced: readonly string[];
    };
    // Two fills of one order: 100 shares at 50.30, decided on at 50, come to the market at 50.20.
    expect(orders[0]).toMatchObject({ session: '2024-01-03', quantity: 100, decisionPrice: 50, arrivalPrice: 50.2 });
    expect(orders[0]!['averagePrice']).toBeCloseTo(50.3, 10);
    expect(orders[0]!['delay']).toBeCloseTo(20, 8);
    expect(orders[0]!['trading']).toBeCloseTo(10, 8);
    expect(orders[0]!['commission']).toBeCloseTo(1, 10);
    expect(orders[0]!['implementationShortfall']).toBeCloseTo(31, 8);
    expect(orders[1]!['trading']).toBeCloseTo(10, 8);
    expect(total['implementationShortfall']).toBeCloseTo(41, 8);
    expect(total['shortfallFraction']).toBeCloseTo(41 / 10_100, 10);
    expect(unpriced).toEqual(['A 2024-01-02']);
    const { out } = await plimsoll(`costs analyse --fills ${fills} --bars ${bars}`);
    expect(out).toMatch(/^2 orders: delay \$20\.00, trading \$20\.00, commission \$1\.00/m);
    expect(out).toMatch(/^without prices: A 2024-01-02$/m);
  });

  it("reads an account's fills from the ledger, by their orders", async () => {
    const fill = (executionId: string, clientOrderId: string, price: number): Fill => ({
      executionId,
      clientOrderId,
      symbol: 'A',
      side: 'buy',
      quantity: shares(50),
      price: moneyFromDollars(price),
      commission: money(5_000),
      marketTimeMs: openMs(sessionDate('2024-01-03')),
    });
    const desk = memoryDesk({ fills: [fill('1', 'one', 50.2), fill('2', 'one', 50.4), fill('3', 'two', 50.2)] });
    const { orders } = (await told(`costs analyse paper-main --bars ${bars}`, { desk })) as {
      readonly orders: readonly Readonly<Record<string, number>>[];
    };
    expect(orders.map(({ quantity }) => quantity)).toEqual([100, 50]);
    expect(orders[0]!['trading']).toBeCloseTo(10, 8);
    expect(orders[0]!['commission']).toBeCloseTo(1, 10);
  });

  it('needs one source, executions, and bars with opens', async () => {
    const error = async (line: string): Promise<string> => (await plimsoll(`costs analyse ${line}`)).error;
    expect(await error(`--bars ${bars}`)).toMatch(/^COMMAND_UNKNOWN: .*either/);
    expect(await error(`paper-main --fills ${fills} --bars ${bars}`)).toMatch(/^COMMAND_UNKNOWN: .*either/);
    const closed = file('closed.csv', ['symbol,opened,closed,profit', 'A,2024-01-02,2024-01-03,5']);
    expect(await error(`--fills ${closed} --bars ${bars}`)).toMatch(/^COST_INPUT_INVALID: .*executions/);
    const bare = file('bare.csv', ['date,high,low,close,volume', '2024-01-02,2,1,1,5', '2024-01-03,2,1,1,5']);
    expect(await error(`--fills ${fills} --bars ${bare}`)).toMatch(/^COST_INPUT_INVALID: .*opens/);
  });
});

describe('costs calibrate', () => {
  const days = Array.from({ length: 120 }, (_, day) => new Date(Date.parse('2023-01-01') + day * 86_400_000)).map(
    (at) => at.toISOString().slice(0, 10),
  );
  const history = file('history.csv', [
    header,
    ...days.map((day, at) => `${day},A,100,103,97,${at % 2 === 0 ? 101 : 99},1000000`),
  ]);
  // Volatility of a day is near two percent; slippage is two basis points and half of its root of the participation.
  const executed = file('executed.csv', [
    'date,symbol,side,quantity,price',
    ...days.slice(70).map((day, at) => {
      const quantity = 100 * (1 + (at % 10)) ** 2;
      const slippage = 0.0002 + 0.5 * 0.0201 * Math.sqrt(quantity / 1e6);
      return `${day},A,${at % 2 === 0 ? 'buy' : 'sell'},${quantity},${100 * (1 + (at % 2 === 0 ? slippage : -slippage))}`;
    }),
  ]);

  it('finds the half spread and the impact that fills paid', async () => {
    const calibration = await told(`costs calibrate --fills ${executed} --bars ${history}`);
    expect(calibration['halfSpreadFraction']).toBeCloseTo(0.0002, 6);
    expect(calibration['impactCoefficient']).toBeCloseTo(0.5, 1);
    expect(calibration['observations']).toBe(50);
    expect(calibration['impactStandardError']).toBeLessThan(0.01);
    const { out } = await plimsoll(`costs calibrate --fills ${executed} --bars ${history}`);
    expect(out).toMatch(/^half spread 2\.\d\d ± 0\.\d\d basis points$/m);
  });

  it('is refused of too few fills', async () =>
    expect((await plimsoll(`costs calibrate --fills ${fills} --bars ${bars}`)).error).toMatch(/^OBSERVATIONS_TOO_FEW/));
});
