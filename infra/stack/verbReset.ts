import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { homeStateFile } from './homeState.ts';
import { down } from './verbsUpDown.ts';

/**
 * Stops the stack of a home and deletes the home with everything in it. The cache of binaries stays.
 * @throws Failure RESET_UNCONFIRMED unless confirmed, HOME_UNRECOGNISED when the folder is not a home of ours
 */
export async function reset({
  home,
  confirmed,
}: {
  readonly home: string;
  readonly confirmed: boolean;
}): Promise<void> {
  // A mistyped home must not cost somebody a folder of theirs.
  if (!existsSync(homeStateFile(home))) {
    throw new Failure('HOME_UNRECOGNISED', `${path.resolve(home)} is not the home of a stack; nothing was deleted`, {
      home,
    });
  }
  if (!confirmed) {
    const message = `this deletes all data, models, orders and records in ${path.resolve(home)}`;
    throw new Failure('RESET_UNCONFIRMED', message, { home });
  }
  await down(home);
  await rm(home, { recursive: true, force: true });
}
