import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { twsMessages } from '#test/fakes/twsMessages.ts';
import { startTwsVendor, type TwsVendor } from '#test/fakes/twsVendor.ts';
import { plimsoll } from './commandLine.ts';

describe('data of Interactive Brokers at the command line', () => {
  let vendor: TwsVendor;
  let folder: string;
  const environment = (): Record<string, string> => ({
    PLIMSOLL_DATA__PROVIDERS__IBKR__PORT: String(vendor.server.port),
    PLIMSOLL_DATA__PROVIDERS__IBKR__CLIENT_ID: '31',
  });
  beforeEach(async () => {
    vendor = await startTwsVendor();
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-ibkr-'));
  });
  afterEach(async () => {
    await vendor.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is listed with what the socket has, and needs no key', async () => {
    const { out } = await plimsoll('data providers --json');
    const { providers } = JSON.parse(out) as { providers: readonly { readonly name: string }[] };
    expect(providers.find(({ name }) => name === 'ibkr')).toMatchObject({
      isConfigured: true,
      capabilities: ['historicalBars', 'quotes', 'trades', 'instruments'],
      timeframes: ['1Min', '5Min', '15Min', '30Min', '1Hour', '1Day'],
    });
  });

  test('is downloaded under the client id of the settings, told as adjusted for splits', async () => {
    vendor.bars = [['20260402', '254.20', '256.13', '250.65', '255.89', '13580739', '252.266', 13633]];
    const line = `data download --provider ibkr --symbols AAPL --from 2026-04-02 --to 2026-04-02 --output ${folder}/a.csv`;
    const { out, exitCode } = await plimsoll(line, { environment: environment() });
    expect([exitCode, out]).toEqual([0, expect.stringContaining('prices ADJUSTED for splits by the vendor')]);
    expect(readFileSync(`${folder}/a.csv`, 'utf8')).toContain('AAPL,2026-04-02,254.2,256.13,250.65,255.89,13580739');
    expect(new Set(vendor.asked.map(({ clientId }) => clientId))).toEqual(new Set([31]));
  });

  test('is captured live with its books, under the next client id', async () => {
    const subscribed = ['AllLast', 'depth'];
    const play = async (): Promise<'SIGINT'> => {
      const standing = (): readonly string[] => vendor.subscriptions.map(({ kind }) => kind).sort();
      await vi.waitFor(() => expect(standing()).toEqual(subscribed), { timeout: 20_000 });
      const time = Math.floor(Date.now() / 1_000);
      vendor.publish('AllLast', (id) => twsMessages.trade(id, { time, price: '126.51', size: 100 }));
      vendor.publish('depth', (id) => twsMessages.depthRow(id, [0, 'ARCA', 0, 1, 126.5, 100]));
      vendor.publish('depth', (id) => twsMessages.error(id, 2152, 'additional permissions would give more exchanges'));
      await delay(2_000);
      return 'SIGINT';
    };
    const line = `data capture --provider ibkr --symbols AAPL --kinds trades,depth --folder ${folder}/live --json`;
    const { out, exitCode } = await plimsoll(line, { environment: environment(), stopped: play() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      provider: 'ibkr',
      events: 3,
      lost: 0,
      byKind: { trade: 1, depthSnapshot: 1, depthUpdate: 1 },
    });
    expect(readdirSync(`${folder}/live`).length).toBeGreaterThan(0);
    expect(new Set(vendor.asked.map(({ clientId }) => clientId))).toEqual(new Set([32]));
  });
});
