import { describe, expect, test } from 'vitest';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import type { LiveTradingSwitches } from '#infra/alpaca/liveTrading.ts';

const credentials = { keyId: 'key', secretKey: 'secret' };
const both: LiveTradingSwitches = { configuration: 'live', operator: 'trade-real-money' };

describe('an address that would trade real money', () => {
  test.each<unknown>([
    undefined,
    {},
    { configuration: 'live' },
    { operator: 'trade-real-money' },
    { configuration: 'paper', operator: 'trade-real-money' },
    { configuration: 'live', operator: true },
  ])('is refused without both switches: %j', (live) => {
    const options = { tradingUrl: 'https://api.alpaca.markets', credentials, live: live as LiveTradingSwitches };
    expect(() => new AlpacaBroker(options)).toThrow(expect.objectContaining({ code: 'LIVE_TRADING_NOT_ENABLED' }));
  });

  test.each([
    'https://paper-api.alpaca.markets.example.com',
    'https://api.alpaca.markets/paper-api.alpaca.markets',
    'https://paper-api.alpaca.markets@api.alpaca.markets',
    'http://10.0.0.1:8080',
  ])('is any address that is not known to be paper, however alike it looks: %s', (tradingUrl) => {
    expect(() => new AlpacaBroker({ tradingUrl, credentials })).toThrow(
      expect.objectContaining({ code: 'LIVE_TRADING_NOT_ENABLED' }),
    );
  });

  test('opens with both switches and says in its name that it is live; paper needs none', () => {
    expect(new AlpacaBroker({ tradingUrl: 'https://api.alpaca.markets', credentials, live: both }).name).toBe(
      'alpaca-live',
    );
    expect(new AlpacaBroker({ tradingUrl: 'https://paper-api.alpaca.markets', credentials }).name).toBe('alpaca-paper');
    expect(new AlpacaBroker({ tradingUrl: 'http://127.0.0.1:1', credentials }).name).toBe('alpaca-paper');
  });
});
