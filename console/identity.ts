import { Failure } from '#domain/failure.ts';
import type { CommandContext } from './context.ts';
import type { People, Person } from './desk/desk.ts';

/**
 * The person a command acts for, after their password was checked.
 * @param given name on the command line; PLIMSOLL_REVIEWER when absent
 * @throws Failure CREDENTIALS_MISSING, CREDENTIALS_REFUSED
 */
export async function authenticated(
  context: CommandContext,
  people: People,
  given: string | undefined,
): Promise<Person> {
  const { name, password } = await askCredentials(context, given);
  const login = await people.login({ name, password, lifetimeMs: 60_000 });
  if (!login) throw new Failure('CREDENTIALS_REFUSED', `the password does not open ${name}`, { name });
  await people.logout(login.token);
  return login.person;
}

/** The password comes from PLIMSOLL_PASSWORD or the terminal, never from an argument that `ps` would show. @throws Failure CREDENTIALS_MISSING */
export async function askCredentials(
  context: CommandContext,
  given: string | undefined,
): Promise<{ readonly name: string; readonly password: string }> {
  const name = given ?? context.environment.PLIMSOLL_REVIEWER;
  if (name === undefined || name === '') throw new Failure('CREDENTIALS_MISSING', 'nobody was named');
  const password = context.environment.PLIMSOLL_PASSWORD ?? (await context.askSecret(`Password of ${name}: `));
  if (password === undefined) throw new Failure('CREDENTIALS_MISSING', `no password was given for ${name}`, { name });
  return { name, password };
}
