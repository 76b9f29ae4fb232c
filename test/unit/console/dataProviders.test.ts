import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plimsoll } from './commandLine.ts';

const keys = {
  PLIMSOLL_DATA__PROVIDERS__ALPACA__KEY_ID: 'hidden-id',
  PLIMSOLL_DATA__PROVIDERS__ALPACA__SECRET_KEY: 'hidden-secret',
};

describe('data providers', () => {
  it('lists what each can do and the variables that are not set, and shows no key', async () => {
    const bare = await plimsoll('data providers');
    expect(bare.out).toContain('sample (chosen)');
    expect(bare.out).toContain(
      'set PLIMSOLL_DATA__PROVIDERS__ALPACA__KEY_ID, PLIMSOLL_DATA__PROVIDERS__ALPACA__SECRET_KEY',
    );
    const { out } = await plimsoll('data providers --json', { environment: keys });
    expect(JSON.parse(out)).toMatchObject({
      chosen: 'sample',
      providers: [
        { name: 'sample' },
        { name: 'fileDrop', isConfigured: false },
        { name: 'alpaca', isConfigured: true },
        { name: 'massive', isConfigured: false },
        { name: 'alphaVantage', isConfigured: false },
        { name: 'yahoo' },
        { name: 'ibkr', isConfigured: true },
      ],
    });
    expect(out).not.toContain('hidden');
  });

  it('lists live feeds with what they carry, the variable that is not set, and whether gaps are filled', async () => {
    const { out } = await plimsoll('data providers', { environment: { APCA_API_KEY_ID: 'hidden-id' } });
    expect(out).toMatch(/alpaca-sip +set APCA_API_SECRET_KEY .*filled/);
    expect(out).toMatch(/yahoo +ready +quotes, bars +left open/);
    const { feeds } = JSON.parse((await plimsoll('data providers --json', { environment: keys })).out);
    expect(feeds).toMatchObject([
      { name: 'alpaca', isConfigured: true },
      { name: 'alpaca-sip', isConfigured: true },
      { name: 'massive', isConfigured: false, credentials: [{ vendorVariable: 'MASSIVE_API_KEY', isSet: false }] },
      { name: 'yahoo', isConfigured: true, credentials: [], gapsFilledFrom: null },
      { name: 'ibkr', isConfigured: true, kinds: expect.arrayContaining(['depth']) },
    ]);
  });
});

describe('data download', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-download-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const line = (rest: string): string =>
    `data download --provider alpaca --symbols AAPL,NONE --from 2020-08-28 --to 2020-08-31 --output ${folder}/bars.csv ${rest}`;

  it('writes raw bars with their actions, tells how far it is, and names symbols without bars', async () => {
    const answers: Readonly<Record<string, unknown>> = {
      '/v2/stocks/bars': {
        bars: {
          AAPL: [
            { t: '2020-08-28T04:00:00Z', o: 504.05, h: 505.77, l: 498.31, c: 499.23, v: 46_907_479 },
            { t: '2020-08-31T04:00:00Z', o: 127.58, h: 131, l: 126, c: 129.04, v: 225_702_688 },
          ],
        },
        next_page_token: null,
      },
      '/v1/corporate-actions': {
        corporate_actions: { forward_splits: [{ symbol: 'AAPL', new_rate: 4, old_rate: 1, ex_date: '2020-08-31' }] },
        next_page_token: null,
      },
    };
    const server = createServer((request, response) => {
      response.end(JSON.stringify(answers[(request.url ?? '').split('?')[0]!]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { ...keys, PLIMSOLL_DATA__PROVIDERS__ALPACA__DATA_URL: url };
    const { out, error, exitCode } = await plimsoll(line('--json'), { environment });
    server.closeAllConnections();
    server.close();
    expect(JSON.parse(out)).toMatchObject({
      scale: 'raw',
      symbols: 1,
      rows: 2,
      withoutBars: ['NONE'],
      otherActions: [],
    });
    expect([exitCode, error]).toEqual([3, '2 of 2 symbols']);
    expect(readFileSync(`${folder}/bars.csv`, 'utf8')).toBe(
      'symbol,session,open,high,low,close,volume,adjusted_close,dividend,split_ratio\n' +
        'AAPL,2020-08-28,504.05,505.77,498.31,499.23,46907479,,0,1\n' +
        'AAPL,2020-08-31,127.58,131,126,129.04,225702688,,0,4\n',
    );
  });

  it('writes nothing without credentials, and refuses a length of bars that the provider does not have', async () => {
    expect((await plimsoll(line(''))).error).toContain('PROVIDER_CREDENTIALS_MISSING');
    expect((await plimsoll(line('--timeframe 2Min'))).exitCode).toBe(2);
    expect(() => readFileSync(`${folder}/bars.csv`)).toThrow('ENOENT');
  });
});
