import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plimsoll } from './commandLine.ts';

interface Order {
  readonly symbol: string;
  readonly side: 'buy' | 'sell' | null;
  readonly quantity: number;
  readonly reason: string;
  readonly priceDollars: number;
  readonly costDollars: number;
  readonly benefitDollars: number | null;
}

interface Standing {
  readonly distance: number;
  readonly effectivePositions: number;
  readonly diversification?: { readonly ratio: number };
  readonly exposures: Readonly<Record<string, number>>;
  readonly driftBreaches: readonly { readonly name: string }[];
}

interface Told {
  readonly equityDollars: number;
  readonly leftoverDollars: number;
  readonly spentDollars: number;
  readonly costDollars: number;
  readonly orders: readonly Order[];
  readonly before: Standing;
  readonly after: Standing;
  readonly releasedFromBand: readonly string[];
}

describe('portfolio rebalance', () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-rebalance-'));
    writeFileSync(file('h.csv'), 'symbol,shares\nAAPL,30\nCVX,10\nXOM,50\n');
    writeFileSync(file('w.csv'), 'symbol,weight\nAAPL,0.4\nMSFT,0.3\nXOM,0.2\n');
    writeFileSync(file('p.csv'), 'symbol,price\nAAPL,190.5\nCVX,150\nMSFT,420.25\nXOM,110\nIBM,1\n');
    const closes = Array.from({ length: 60 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      const prices = [190.5, 150, 420.25, 110].map((last, k) =>
        day === 59 ? last : last * (1 + 0.004 * (k + 1) * Math.sin((k + 2) * day * day)),
      );
      return [date, ...prices.map((price) => price.toFixed(4))].join(',');
    });
    writeFileSync(file('series.csv'), `date,AAPL,CVX,MSFT,XOM\n${closes.join('\n')}\n`);
    const sectors = 'sectors: { energy: [XOM, CVX] }\n';
    const betas = 'factors: { market: { AAPL: 1.2, CVX: 0.9, MSFT: 1.1, XOM: 0.8 } }\n';
    writeFileSync(file('e.yaml'), `${sectors}${betas}driftMax: { energy: 0.01, market: 0.5 }\n`);
    writeFileSync(file('free.yaml'), `${sectors}${betas}`);
    writeFileSync(file('betas.yaml'), 'factors: { market: { AAPL: 1.2 } }\n');
    writeFileSync(file('both.yaml'), `sectors: { market: [XOM] }\n${betas}`);
    writeFileSync(file('unknown.yaml'), 'driftMax: { size: 0.1 }\n');
    writeFileSync(file('half.csv'), 'symbol,shares\nAAPL,0.5\n');
    writeFileSync(file('short.csv'), 'symbol,weight\nAAPL,-0.1\n');
    writeFileSync(file('over.csv'), 'symbol,weight\nAAPL,0.6\nXOM,0.5\n');
    writeFileSync(file('twice.csv'), 'symbol,weight\nAAPL,0.1\nAAPL,0.1\n');
    writeFileSync(file('other.csv'), 'symbol,weight\nTSLA,0.1\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const line = (options: string): string => {
    const given = ['--holdings h.csv', '--targets w.csv', '--prices p.csv', '--cash 2500'];
    const taken = given.filter((one) => !options.includes(one.split(' ')[0]!));
    const names = `${taken.join(' ')} ${options}`.replace(/\b[a-z]+\.(?:csv|yaml)\b/g, (name) => file(name));
    return `portfolio rebalance ${names}`;
  };
  const told = async (options: string): Promise<Told> => {
    const { out, error, exitCode } = await plimsoll(`${line(options)} --json`);
    expect(error).toBe('');
    expect(exitCode).toBe(0);
    return JSON.parse(out) as Told;
  };
  const ordersOf = ({ orders }: Told): Record<string, string> =>
    Object.fromEntries(orders.map(({ symbol, side, quantity, reason }) => [symbol, `${side} ${quantity} ${reason}`]));

  it('tells an order or a reason for every symbol, and cash to the last cent', async () => {
    const answer = await told('--schedule ibkr-fixed --date 2024-06-03');
    expect(ordersOf(answer)).toEqual({
      AAPL: 'buy 1 toTarget',
      CVX: 'sell 10 leaves',
      MSFT: 'buy 10 toTarget',
      XOM: 'sell 23 toTarget',
    });
    const [equity, spent] = [2_500 + 30 * 190.5 + 10 * 150 + 50 * 110, 2_500 - answer.leftoverDollars];
    expect(answer.equityDollars).toBe(equity);
    expect(answer.spentDollars).toBeCloseTo(spent, 9);
    const paid = answer.orders.reduce((sum, { side, quantity, priceDollars, costDollars }) => {
      return sum + (side === 'buy' ? 1 : -1) * quantity * priceDollars + costDollars;
    }, 0);
    expect(paid).toBeCloseTo(spent, 9);
    // A dollar an order at least.
    expect(answer.costDollars).toBeGreaterThan(4);
    expect(answer.after.distance).toBeLessThan(0.05);
    expect(answer.before.distance).toBeGreaterThan(0.3);
  });

  it('leaves what lies within its band, and has nothing to do twice', async () => {
    const answer = await told('--band 0.05 --band-to target');
    expect(ordersOf(answer)).toMatchObject({ AAPL: 'null 0 withinBand', CVX: 'sell 10 leaves' });
    const held = { AAPL: 30, CVX: 10, MSFT: 0, XOM: 50 };
    for (const { symbol, side, quantity } of answer.orders) {
      held[symbol as keyof typeof held] += side === 'buy' ? quantity : -quantity;
    }
    const rows = Object.entries(held).map(([symbol, count]) => `${symbol},${count}`);
    writeFileSync(file('after.csv'), ['symbol,shares', ...rows].join('\n'));
    const again = await told(`--band 0.05 --band-to target --holdings after.csv --cash ${answer.leftoverDollars}`);
    expect(again.orders.map(({ side }) => side)).toEqual([null, null, null]);
  });

  it('leaves trades that cost more than they are worth, by a history of closes', async () => {
    const careless = await told('--prices series.csv --risk-aversion 0.0001 --schedule ibkr-fixed --date 2024-06-03');
    expect(ordersOf(careless)).toMatchObject({
      MSFT: 'null 0 costOverBenefit',
      XOM: 'null 0 costOverBenefit',
      CVX: 'sell 10 leaves',
    });
    const careful = await told('--prices series.csv --risk-aversion 1000 --schedule ibkr-fixed --date 2024-06-03');
    expect(ordersOf(careful)).toMatchObject({ MSFT: 'buy 10 toTarget', XOM: 'sell 23 toTarget' });
    for (const { quantity, reason, costDollars, benefitDollars } of careful.orders) {
      expect(quantity > 0 && reason !== 'leaves' && costDollars > benefitDollars!).toBe(false);
    }
    expect(careful.after.diversification!.ratio).toBeGreaterThan(1);
  });

  it('gives up the bands of what drifted too far together, and tells exposures before and after', async () => {
    const wide = '--band 0.3 --exposures';
    const kept = await told(`${wide} free.yaml`);
    expect(ordersOf(kept)).toMatchObject({ XOM: 'null 0 withinBand' });
    expect(kept.before.exposures).toEqual({ energy: expect.closeTo(0.4602, 3), market: expect.closeTo(0.8283, 3) });
    const limited = await told(`${wide} e.yaml`);
    expect(limited.before.driftBreaches).toMatchObject([{ name: 'energy' }]);
    expect(limited.releasedFromBand).toEqual(['CVX', 'XOM']);
    expect(ordersOf(limited)).toMatchObject({ XOM: 'sell 23 toTarget', AAPL: 'null 0 withinBand' });
    expect(limited.after.driftBreaches).toEqual([]);
  });

  it('shows a table to people', async () => {
    const { out } = await plimsoll(line('--prices series.csv --risk-aversion 1 --band 0.3 --exposures e.yaml'));
    expect(out).toMatch(/^symbol +held +target +order +reason +cost +benefit/);
    expect(out).toMatch(/Cash \$2,500\.00, left over \$/);
    expect(out).toMatch(/Effective positions .* diversification ratio/);
    expect(out).toMatch(/no band held CVX, XOM/);
  });

  it.each([
    ['--holdings half.csv', 'AAPL is held 0.5 times'],
    ['--targets short.csv', 'a rebalance is long only'],
    ['--targets over.csv', 'the targets sum to 1.1'],
    ['--targets twice.csv', 'AAPL comes twice'],
    ['--targets other.csv', 'TSLA has no price'],
    ['--targets other.csv --prices series.csv', 'has no column TSLA'],
    ['--risk-aversion 1', 'needs closes over time'],
    ['--exposures betas.yaml', 'market has no beta of CVX, MSFT, XOM'],
    ['--exposures both.yaml', 'market is a sector and a factor'],
    ['--exposures unknown.yaml', 'drift of size'],
  ])('refuses %s: %s', async (options, problem) => {
    const { error, exitCode } = await plimsoll(`${line(options)} --json`);
    expect(exitCode).toBeGreaterThan(0);
    const { code, message } = (JSON.parse(error) as { error: { code: string; message: string } }).error;
    expect(code).toBe('PORTFOLIO_INPUT_INVALID');
    expect(message).toContain(problem);
  });
});
