import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#domain/failure.ts';
import { resolveWithOrigins, type ResolvedSettings, type SettingSources } from './resolveSettings.ts';

/**
 * Resolves the settings of a checkout: `plimsoll.yaml` in it, or the file PLIMSOLL_CONFIG names.
 * @throws Failure CONFIGURATION_FILE_MISSING when the named file cannot be read, and what resolveSettings throws
 */
export function loadSettings(place: {
  readonly checkout: string;
  readonly environment: SettingSources['environment'];
}): ResolvedSettings {
  const { environment } = place;
  return resolveWithOrigins({ file: readFile(place.checkout, environment.PLIMSOLL_CONFIG), environment });
}

function readFile(checkout: string, named: string | undefined): SettingSources['file'] {
  const name = named ?? 'plimsoll.yaml';
  try {
    return { name, text: readFileSync(named ?? join(checkout, name), 'utf8') };
  } catch (error) {
    // Only the usual file may be absent; one that was named must be there.
    if (named === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('CONFIGURATION_FILE_MISSING', `cannot read ${name}`, { name }, { cause: error });
  }
}
