import { describe, expect, test } from 'vitest';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { providerNames } from '#infra/configuration/sections/providers.ts';
import { describeProviders, openProvider } from '#infra/providers/marketDataProviders.ts';

const keys = {
  PLIMSOLL_DATA__PROVIDERS__ALPACA__KEY_ID: 'hidden-id',
  PLIMSOLL_DATA__PROVIDERS__ALPACA__SECRET_KEY: 'hidden-secret',
};

describe('providers of market data', () => {
  test('are told with what they can do and which settings they lack, never with a key', () => {
    const bare = describeProviders(resolveSettings({ environment: {} }).data.providers);
    const alpaca = (described: typeof bare) => described.find(({ name }) => name === 'alpaca');
    expect(bare.map(({ name }) => name)).toEqual([...providerNames]);
    expect(bare[0]).toMatchObject({ name: 'sample', isConfigured: true, timeframes: ['1Day'], credentials: [] });
    expect(alpaca(bare)).toMatchObject({
      name: 'alpaca',
      isConfigured: false,
      capabilities: ['historicalBars', 'corporateActions', 'quotes', 'trades', 'instruments'],
    });
    expect(alpaca(bare)?.credentials.map(({ variable }) => variable)).toEqual(Object.keys(keys));
    const configured = describeProviders(resolveSettings({ environment: keys }).data.providers);
    expect(alpaca(configured)?.isConfigured).toBe(true);
    expect(JSON.stringify(configured)).not.toContain('hidden');
  });

  const { providers } = resolveSettings({ environment: {} }).data;
  const lacking = describeProviders(providers).flatMap(({ name, credentials }) =>
    credentials.map(({ variable }) => [name, variable] as const),
  );

  test.each(lacking)('%s is not opened without %s: PROVIDER_CREDENTIALS_MISSING names it', (name, variable) => {
    expect(() => openProvider(name, providers, 'stocks.csv')).toThrow(
      expect.objectContaining({ code: 'PROVIDER_CREDENTIALS_MISSING', message: expect.stringContaining(variable) }),
    );
  });

  test('that need no key are opened under their names', () => {
    const free = describeProviders(providers).filter(({ isConfigured }) => isConfigured);
    expect(free.map(({ name }) => openProvider(name, providers, 'stocks.csv').name)).toEqual(
      free.map(({ name }) => name),
    );
  });

  test('other than the sample need symbols, for a vendor has too many', () => {
    const choose = (symbols: string) =>
      resolveSettings({ environment: { PLIMSOLL_DATA__PROVIDER: 'alpaca', PLIMSOLL_DATA__SYMBOLS: symbols } });
    expect(choose('[AAPL, BRK.B]').data.symbols).toEqual(['AAPL', 'BRK.B']);
    expect(() => choose('[]')).toThrow('data.symbols');
  });
});
