import { userInfo } from 'node:os';
import { Failure } from '#domain/failure.ts';
import type { CommandContext } from './context.ts';
import type { People, Person } from './desk/desk.ts';

/**
 * The operator a command acts for, after their password was checked.
 * @param given name on the command line; PLIMSOLL_REVIEWER when absent
 * @throws Failure CREDENTIALS_MISSING, CREDENTIALS_REFUSED
 */
export async function authenticatedOperator(
  context: CommandContext,
  people: People,
  given: string | undefined,
): Promise<Person> {
  return operatorOf(people, await askCredentials(context, given));
}

/** The operator with this name and password. @throws Failure CREDENTIALS_REFUSED */
export async function operatorOf(
  people: People,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Person> {
  const login = await people.login({ name, password, lifetimeMs: 60_000 });
  if (!login) throw new Failure('CREDENTIALS_REFUSED', `the password does not open ${name}`, { name });
  await people.logout(login.token);
  requireOperator(login.person);
  return login.person;
}

/** @throws Failure CREDENTIALS_REFUSED for whoever is no operator */
export function requireOperator({ name, roles }: Person): void {
  if (!roles.includes('operator')) throw new Failure('CREDENTIALS_REFUSED', `${name} is no operator`, { name });
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

/**
 * A password that is to be kept: the only line of the standard input, or typed twice on a terminal.
 * @throws Failure CREDENTIALS_MISSING without either, PASSWORD_REFUSED when the two differ
 */
export async function askNewPassword(
  context: CommandContext,
  name: string,
  from: 'standard input' | 'terminal',
): Promise<string> {
  if (from === 'standard input') return (await context.readInput()).replace(/\r?\n$/, '');
  const typed = await context.askSecret(`New password of ${name}: `);
  if (typed === undefined) throw new Failure('CREDENTIALS_MISSING', `no password was given for ${name}`, { name });
  if (typed !== (await context.askSecret('The same again: '))) {
    throw new Failure('PASSWORD_REFUSED', 'the two passwords differ', { name });
  }
  return typed;
}

/** Who uses this machine, by its own word: names whoever changes what needs no password of ours. */
export function shellUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
