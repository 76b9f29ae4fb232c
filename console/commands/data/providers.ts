import type { Command } from 'commander';
import { feedNames } from '#infra/feeds/feedStreams.ts';
import { describeFeed } from '#infra/feeds/openFeed.ts';
import { describeProviders } from '#infra/providers/marketDataProviders.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** `data providers`: where market data can come from. */
export function registerDataProviders(data: Command, context: CommandContext): void {
  data
    .command('providers')
    .description(
      'list the providers of market data and live feeds: what each gives, which keys it lacks; no key is shown',
    )
    .action(() => {
      const { settings } = context.settings();
      const providers = describeProviders(settings.data.providers);
      const rows = providers.map(({ name, isConfigured, capabilities, timeframes, credentials }) => [
        name === settings.data.provider ? `${name} (chosen)` : name,
        isConfigured ? 'ready' : `set ${credentials.flatMap((one) => (one.isSet ? [] : [one.variable])).join(', ')}`,
        capabilities.join(', '),
        timeframes.join(', '),
      ]);
      const { environment } = context;
      const feeds = feedNames.map((name) => describeFeed(name, { settings: settings.data, environment }));
      const feedRows = feeds.map(({ name, isConfigured, kinds, credentials, gapsFilledFrom }) => [
        name,
        isConfigured
          ? 'ready'
          : `set ${credentials.flatMap((one) => (one.isSet ? [] : [one.vendorVariable])).join(', ')}`,
        kinds.join(', '),
        gapsFilledFrom === null ? 'left open' : 'filled',
      ]);
      context.answer({
        value: { chosen: settings.data.provider, providers, feeds },
        text: [
          tableText(['provider', 'credentials', 'gives', 'bars of'], rows),
          tableText(['live feed', 'credentials', 'carries', 'gaps are'], feedRows),
        ].join('\n\n'),
      });
    });
}
