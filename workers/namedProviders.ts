import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { Failure } from '#domain/failure.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { providerNames } from '#infra/configuration/sections/providers.ts';
import { openProvider } from '#infra/providers/marketDataProviders.ts';

/** Providers of this worker by their names; one that is asked for again is the same, with its place in its plan. */
export interface NamedProviders {
  /** @throws Failure PROVIDER_UNKNOWN, PROVIDER_CREDENTIALS_MISSING */
  named(name: string): MarketDataProvider;
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** The providers as they are configured. @param stocksPath the file of the packaged sample */
export function createNamedProviders(data: Settings['data'], stocksPath: string): NamedProviders {
  const opened = new Map<string, MarketDataProvider>();
  return {
    named(name) {
      const known = providerNames.find((one) => one === name);
      if (!known) throw new Failure('PROVIDER_UNKNOWN', `there is no provider ${name}`, { provider: name });
      const provider = opened.get(known) ?? openProvider(known, data.providers, stocksPath);
      opened.set(known, provider);
      return provider;
    },
    async close() {
      await Promise.all([...opened.values()].map(async (provider) => provider.close?.()));
    },
  };
}
