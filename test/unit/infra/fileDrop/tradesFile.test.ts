import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTradesFile } from '#infra/fileDrop/tradesFile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-trades-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(...lines: readonly string[]): string {
  const file = path.join(folder, 'trades.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('a file of trades', () => {
  it('may hold executions with their costs by kind, told by their price; oldest first', async () => {
    const file = fileOf(
      'Date,Symbol,Side,Quantity,Price,Commission,slippage,note',
      '2024-01-03,AAA,SELL,10,12.5,1,0.5,x',
      '2024-01-02 10:00:00,AAA,buy,10,10,1,0,y',
    );
    expect(await readTradesFile(file)).toEqual({
      kind: 'fills',
      fills: [
        {
          session: '2024-01-02',
          symbol: 'AAA',
          side: 'buy',
          quantity: 10,
          priceDollars: 10,
          costsDollars: { commission: 1 },
          costsInPriceDollars: { slippage: 0 },
        },
        {
          session: '2024-01-03',
          symbol: 'AAA',
          side: 'sell',
          quantity: 10,
          priceDollars: 12.5,
          costsDollars: { commission: 1 },
          costsInPriceDollars: { slippage: 0.5 },
        },
      ],
    });
  });

  it('tells purchases from sales by the sign of the quantity where it has no side', async () => {
    const read = await readTradesFile(fileOf('date,symbol,qty,price', '2024-01-02,A,5,1', '2024-01-03,A,-5,1'));
    expect(read.kind === 'fills' && read.fills.map(({ side, quantity }) => [side, quantity])).toEqual([
      ['buy', 5],
      ['sell', 5],
    ]);
  });

  it('may hold closed trades, in the order in which they closed', async () => {
    const file = fileOf(
      'ticker,direction,size,entry_date,exitDate,pnl,return',
      'B,short,4,2024-01-02,2024-02-02,-7.5,-0.01',
      'A,long,3,2024-01-05,2024-01-09,12,0.05',
    );
    expect(await readTradesFile(file)).toEqual({
      kind: 'trades',
      trades: [
        {
          symbol: 'A',
          side: 'long',
          quantity: 3,
          openedOn: '2024-01-05',
          closedOn: '2024-01-09',
          profitDollars: 12,
          profitFraction: 0.05,
        },
        {
          symbol: 'B',
          side: 'short',
          quantity: 4,
          openedOn: '2024-01-02',
          closedOn: '2024-02-02',
          profitDollars: -7.5,
          profitFraction: -0.01,
        },
      ],
    });
  });

  it.each([
    ['a missing column', ['date,symbol,price', '2024-01-02,A,1'], /no column quantity/],
    ['a side of its own', ['date,symbol,side,quantity,price', '2024-01-02,A,hold,1,1'], /line 2: "hold" is neither/],
    [
      'a price that is none',
      ['date,symbol,quantity,price', '2024-01-02,A,1,1', '2024-01-03,A,-1,x'],
      /line 3: price is no/,
    ],
    ['a price of nothing', ['date,symbol,quantity,price', '2024-01-02,A,1,0'], /line 2: .* over zero/],
    ['a date that is none', ['date,symbol,quantity,price', 'soon,A,1,1'], /line 2: "soon" is no date/],
    ['a symbol that is empty', ['date,symbol,quantity,price', '2024-01-02,,1,1'], /line 2: symbol is empty/],
    [
      'a trade that ends before it begins',
      ['symbol,opened,closed,profit', 'A,2024-01-03,2024-01-02,1'],
      /before it was/,
    ],
  ])('is refused for %s, by its line (TRADES_UNREADABLE)', async (_, lines, told) => {
    await expect(readTradesFile(fileOf(...lines))).rejects.toMatchObject({
      code: 'TRADES_UNREADABLE',
      message: expect.stringMatching(told) as string,
    });
  });

  it('that is not there is said so', async () =>
    expect(readTradesFile(path.join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' }));
});
