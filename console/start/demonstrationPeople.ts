import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Database } from '#infra/postgres/database.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { writePrivate } from '#infra/stack/homeState.ts';

/** A person of the demonstration with the password made for this installation. */
export interface DemonstrationPerson {
  readonly name: string;
  readonly password: string;
}

const names = ['ada', 'grace'];

/** The two demonstration reviewers, registered once; they exist in the embedded profile only. */
export async function registerDemonstrationPeople(home: string, url: string): Promise<readonly DemonstrationPerson[]> {
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
