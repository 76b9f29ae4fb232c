import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '#domain/sha256.ts';

/** What decides: sources of the rooms, their plans and migrations, and the versions of everything installed. */
const decisive = ['domain', 'pipelines', 'models', 'activities', 'workflows', 'infra', 'workers', 'package-lock.json'];
const shownDigits = 12;

/**
 * The version of the code in a checkout, as a semantic version with build metadata: the package's own, then the Git
 * commit, and where the checkout differs from its commit or has none, a digest of the sources.
 * `0.1.0+4bf1a2c9d0e3`, `0.1.0+4bf1a2c9d0e3.sources-5f70bf18a086`, `0.1.0+sources-5f70bf18a086`.
 */
export function codeVersionOf(checkout: string): string {
  const { version } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const commit = git(checkout, ['rev-parse', 'HEAD'])?.slice(0, shownDigits);
  const isClean = git(checkout, ['status', '--porcelain', '--', ...decisive]) === '';
  const sources = isClean ? [] : [`sources-${sourceDigest(checkout).slice(0, shownDigits)}`];
  return `${version}+${[...(commit === undefined ? [] : [commit]), ...sources].join('.')}`;
}

function git(checkout: string, given: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', checkout, ...given], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.trim() : undefined;
}

function sourceDigest(checkout: string): string {
  const files = decisive
    .flatMap((place) => filesUnder(path.join(checkout, place)))
    .map((file) => `${path.relative(checkout, file)} ${sha256(readFileSync(file))}`);
  return sha256(new TextEncoder().encode(files.toSorted().join('\n')));
}

function filesUnder(place: string): readonly string[] {
  if (path.extname(place) !== '') return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
