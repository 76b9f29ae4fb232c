import type { CommandRegistration } from '../context.ts';
import { describeSettings, settingLines } from '#infra/configuration/describeSettings.ts';

/** `config show`: the resolved settings, secrets hidden. */
export const registerConfig: CommandRegistration = (program, context) => {
  program
    .command('config')
    .description('settings')
    .command('show')
    .description('print every setting with its value and where it came from; secrets are hidden')
    .action(() => {
      const described = describeSettings(context.settings());
      context.answer({ value: described, text: settingLines(described) });
    });
};
