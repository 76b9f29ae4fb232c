import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Database } from '#infra/postgres/database.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { writePrivate } from '#infra/stack/homeState.ts';
import type { StackPlace } from '../stackPlace.ts';

/** A person of the demonstration with the password made for this installation. */
export interface DemonstrationPerson {
  readonly name: string;
  readonly password: string;
}

const names = ['ada', 'grace'];

/** Whether the demonstration may invent people: only in a PostgreSQL of our own, never in one that was given. */
export function mayInventPeople({ given }: Pick<StackPlace, 'given'>): boolean {
  return given.postgresUrl === undefined;
}

/**
 * The two demonstration reviewers, registered once; nobody where PostgreSQL was given to us.
 * @param url our own PostgreSQL, as the stack started it
 */
export async function registerDemonstrationPeople(
  place: Pick<StackPlace, 'home' | 'given'>,
  url: string,
): Promise<readonly DemonstrationPerson[]> {
  if (!mayInventPeople(place)) return [];
  const { home } = place;
  const file = path.join(home, 'demonstration-people.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as readonly DemonstrationPerson[];
  const people = names.map((name) => ({ name, password: randomBytes(12).toString('base64url') }));
  const database = new Database({ url, applicationName: 'plimsoll-start', connectionsMax: 1 });
  try {
    const register = createPeople(database);
    for (const person of people) await register.register({ ...person, roles: ['reviewer', 'operator'] });
  } finally {
    await database.close();
  }
  // Written last: an interrupted start makes new passwords and registers them in place of the old.
  await writePrivate(file, people);
  return people;
}
