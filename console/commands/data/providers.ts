import type { Command } from 'commander';
import { describeProviders } from '#infra/providers/marketDataProviders.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** `data providers`: where market data can come from. */
export function registerDataProviders(data: Command, context: CommandContext): void {
  data
    .command('providers')
    .description('list the providers of market data, what each can do, and which keys it lacks; no key is shown')
    .action(() => {
      const { settings } = context.settings();
      const providers = describeProviders(settings.data.providers);
      const rows = providers.map(({ name, isConfigured, capabilities, timeframes, credentials }) => [
        name === settings.data.provider ? `${name} (chosen)` : name,
        isConfigured ? 'ready' : `set ${credentials.flatMap((one) => (one.isSet ? [] : [one.variable])).join(', ')}`,
        capabilities.join(', '),
        timeframes.join(', '),
      ]);
      context.answer({
        value: { chosen: settings.data.provider, providers },
        text: tableText(['provider', 'credentials', 'gives', 'bars of'], rows),
      });
    });
}
