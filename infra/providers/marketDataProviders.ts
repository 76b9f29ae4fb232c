import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { Failure } from '#domain/failure.ts';
import { createAlpacaMarketData } from '../alpaca/alpacaMarketData.ts';
import { createAlphaVantageMarketData } from '../alphaVantage/alphaVantageMarketData.ts';
import { variableOf } from '../configuration/environmentKeys.ts';
import type { Settings } from '../configuration/schema.ts';
import { createFileDropProvider } from '../fileDrop/fileDropProvider.ts';
import { createIbkrMarketData } from '../ibkr/ibkrMarketData.ts';
import { createMassiveMarketData } from '../massive/massiveMarketData.ts';
import { createSampleProvider } from '../sample/sampleProvider.ts';
import { createYahooMarketData } from '../yahoo/yahooMarketData.ts';
import { rateAllowance } from './rateAllowance.ts';

/** Settings of every vendor. */
export type ProviderSettings = Settings['data']['providers'];

/** Name of a provider, as `data.provider` says it. */
export type ProviderName = Settings['data']['provider'];

interface ProviderKind {
  /** Settings below `data.providers` without which it cannot be asked, with their values. */
  readonly credentials: (settings: ProviderSettings) => Readonly<Record<string, string | null>>;
  /** Opens no connection. */
  readonly create: (settings: ProviderSettings, stocksPath: string) => MarketDataProvider;
}

const kinds: Readonly<Record<ProviderName, ProviderKind>> = {
  sample: { credentials: () => ({}), create: (_, stocksPath) => createSampleProvider({ stocksPath }) },
  fileDrop: {
    credentials: ({ fileDrop: { folder } }) => ({ 'fileDrop.folder': folder }),
    create: ({ fileDrop: { folder, format } }) => createFileDropProvider({ folder: folder ?? '', format }),
  },
  alpaca: {
    credentials: ({ alpaca: { keyId, secretKey } }) => ({ 'alpaca.keyId': keyId, 'alpaca.secretKey': secretKey }),
    create: ({ alpaca: { keyId, secretKey, requestsPerMinute, ...place } }) =>
      createAlpacaMarketData({
        ...place,
        credentials: { keyId: keyId ?? '', secretKey: secretKey ?? '' },
        allowance: rateAllowance(requestsPerMinute),
      }),
  },
  massive: {
    credentials: ({ massive: { apiKey } }) => ({ 'massive.apiKey': apiKey }),
    create: ({ massive: { url, apiKey, requestsPerMinute } }) =>
      createMassiveMarketData({ url, apiKey: apiKey ?? '', allowance: rateAllowance(requestsPerMinute) }),
  },
  alphaVantage: {
    credentials: ({ alphaVantage: { apiKey } }) => ({ 'alphaVantage.apiKey': apiKey }),
    create: ({ alphaVantage: { apiKey, requestsPerMinute, ...place } }) =>
      createAlphaVantageMarketData({ ...place, apiKey: apiKey ?? '', allowance: rateAllowance(requestsPerMinute) }),
  },
  yahoo: {
    credentials: () => ({}),
    create: ({ yahoo: { url, requestsPerMinute } }) =>
      createYahooMarketData({ url, allowance: rateAllowance(requestsPerMinute) }),
  },
  // TWS holds the login; whoever reaches its port is let in.
  ibkr: { credentials: () => ({}), create: ({ ibkr }) => createIbkrMarketData(ibkr) },
};

/** What people are told of a provider. */
export interface DescribedProvider {
  readonly name: ProviderName;
  readonly origin: string;
  readonly capabilities: readonly string[];
  readonly timeframes: readonly string[];
  /** Settings it needs, each with the variable that gives it and whether it is set; never its value. */
  readonly credentials: readonly { readonly key: string; readonly variable: string; readonly isSet: boolean }[];
  /** Whether it can be asked as it is configured. */
  readonly isConfigured: boolean;
}

const capabilities = [
  'historicalBars',
  'corporateActions',
  'quotes',
  'trades',
  'depth',
  'instruments',
  'benchmark',
] as const;

/** Every provider, with what it can do and what it lacks. */
export function describeProviders(settings: ProviderSettings): readonly DescribedProvider[] {
  return (Object.keys(kinds) as readonly ProviderName[]).map((name) => {
    const { origin, timeframes, ...provider } = kinds[name].create(settings, '');
    const credentials = Object.entries(kinds[name].credentials(settings)).map(([place, value]) => {
      const key = `data.providers.${place}`;
      return { key, variable: variableOf(key.split('.')), isSet: value !== null };
    });
    return {
      name,
      origin,
      capabilities: capabilities.filter((capability) => provider[capability] !== undefined),
      timeframes,
      credentials,
      isConfigured: credentials.every(({ isSet }) => isSet),
    };
  });
}

/**
 * A provider by its name.
 * @param stocksPath the file of the packaged sample
 * @throws Failure PROVIDER_CREDENTIALS_MISSING naming the settings that are absent
 */
export function openProvider(name: ProviderName, settings: ProviderSettings, stocksPath: string): MarketDataProvider {
  const absent = Object.entries(kinds[name].credentials(settings))
    .filter(([, value]) => value === null)
    .map(([place]) => `data.providers.${place}`);
  if (absent.length > 0) {
    const variables = absent.map((key) => variableOf(key.split('.')));
    throw new Failure(
      'PROVIDER_CREDENTIALS_MISSING',
      `${name} needs ${absent.join(', ')}: set ${variables.join(', ')}`,
      {
        provider: name,
        absent,
      },
    );
  }
  return kinds[name].create(settings, stocksPath);
}
