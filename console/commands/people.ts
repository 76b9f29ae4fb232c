import { Option, type Command } from 'commander';
import type { RegisteredPerson } from '#infra/postgres/admissions.ts';
import { tableText, type Answer } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { askCredentials, askNewPassword, shellUser } from '../identity.ts';

const roles = ['engineer', 'reviewer', 'operator'] as const;
type Role = (typeof roles)[number];

interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

/** `people list | add | revoke | password`: who may log in, sign and operate. */
export const registerPeople: CommandRegistration = (program, context) => {
  const people = program.command('people').description('who may log in, sign and operate');
  people
    .command('list')
    .description('list people with their roles and keys')
    .action(() => atDesk(context, async ({ admissions }) => context.answer(listed(await admissions.list()))));
  registerAdd(people, context);
  people
    .command('revoke')
    .argument('<name>', 'who is let in no more')
    .description('end a person: no login and no signature from now on; what they signed still verifies')
    .action((name: string) =>
      atDesk(context, async ({ admissions }) => {
        await admissions.revoke({ name, by: shellUser() });
        context.answer({ value: { name, active: false }, text: `${name} is let in no more, their key is revoked` });
      }),
    );
  registerPassword(people, context);
};

function registerAdd(people: Command, context: CommandContext): void {
  people
    .command('add')
    .argument('<name>', 'lower-case letters, digits, dots and hyphens')
    .addOption(
      new Option('--role <role...>', 'what the person may do: one or several').choices(roles).makeOptionMandatory(),
    )
    .option('--password-stdin', 'take the password from the standard input instead of the terminal')
    .description('let a person in, with a password and a new signing key')
    .action((name: string, options: PasswordOptions & { readonly role: readonly Role[] }) =>
      atDesk(context, async ({ admissions }) => {
        const password = await askNewPassword(context, name, sourceOf(options));
        await admissions.add({ name, password, roles: options.role, by: shellUser() });
        const text = `${name} is let in as ${options.role.join(', ')}`;
        context.answer({ value: { name, roles: options.role, active: true }, text });
      }),
    );
}

function registerPassword(people: Command, context: CommandContext): void {
  people
    .command('password')
    .argument('<name>', 'whose password it is')
    .option('--reset', 'without the present password: the key is revoked and a new one made')
    .option('--password-stdin', 'take the new password from the standard input instead of the terminal')
    .description('change a password; the present one comes from PLIMSOLL_PASSWORD or the terminal')
    .action((name: string, options: PasswordOptions & { readonly reset?: boolean }) =>
      atDesk(context, async ({ admissions }) => {
        const { reset = false } = options;
        const present = reset ? undefined : await askCredentials(context, name);
        const password = await askNewPassword(context, name, sourceOf(options));
        if (present) await admissions.changePassword({ ...present, newPassword: password });
        else await admissions.resetPassword({ name, password, by: shellUser() });
        context.answer({
          value: { name, key: reset ? 'new' : 'kept' },
          text: `${name} has a new password${reset ? ' and a new key' : ' for the same key'}`,
        });
      }),
    );
}

function sourceOf({ passwordStdin = false }: PasswordOptions): 'standard input' | 'terminal' {
  return passwordStdin ? 'standard input' : 'terminal';
}

function listed(people: readonly RegisteredPerson[]): Answer {
  const rows = people.map(({ name, roles: given, active, keys }) => [
    name,
    active ? 'active' : 'revoked',
    given.join(', '),
    keys.find(({ revokedAtMs }) => revokedAtMs === undefined)?.key.slice(0, 16) ?? '',
    String(keys.filter(({ revokedAtMs }) => revokedAtMs !== undefined).length),
  ]);
  const text =
    people.length === 0 ? 'nobody is registered' : tableText(['person', 'state', 'roles', 'key', 'revoked keys'], rows);
  return { value: people, text };
}
