import path from 'node:path';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { Digest } from '#domain/digest.ts';
import { digestOf } from '#domain/sha256.ts';
import { fileDigest } from '#infra/files/fileDigest.ts';
import { TableCache } from '#infra/files/tableCache.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { codeVersionOf } from '#infra/stack/codeVersion.ts';
import type { CommandContext } from '../../context.ts';
import { computeDeclared, type CompiledDeclaration, type DeclaredRequest } from './declaredFeatures.ts';

/** A table and where it came from. */
export interface CachedTable {
  readonly table: ColumnTable;
  /** `read` from the cache, or computed and `kept` there; `changing`: computed, and not kept, since a file changed. */
  readonly cache: 'read' | 'kept' | 'changing';
}

/**
 * Computes declared features, or reads what the same bytes of bars, declaration and observations gave by the same code.
 * @throws Failure as `computeDeclared`
 */
export async function cachedFeatures(
  context: Pick<CommandContext, 'checkout' | 'environment'>,
  declaration: CompiledDeclaration,
  request: DeclaredRequest,
): Promise<CachedTable> {
  const cache = new TableCache(path.join(cacheFolder(context.environment), 'features'));
  const code = codeVersionOf(context.checkout);
  const key = await keyOf(code, request);
  const known = await cache.read(key);
  if (known) return { table: known, cache: 'read' };
  const table = await computeDeclared(declaration, request);
  // What was written to meanwhile was perhaps computed from other bytes than were digested.
  if ((await keyOf(code, request)) !== key) return { table, cache: 'changing' };
  await cache.write(key, table);
  return { table, cache: 'kept' };
}

/** Digest of everything that decides the table: bytes, code, and what Node computes and knows of time zones with. */
async function keyOf(code: string, { origin, declaration, observations }: DeclaredRequest): Promise<Digest> {
  const digests = (paths: readonly string[]): Promise<readonly Digest[]> => Promise.all(paths.map(fileDigest));
  const { node, tz = '' } = process.versions;
  const sets = Object.keys(observations).toSorted();
  return digestOf({
    code,
    node,
    zones: tz,
    processor: process.arch,
    declaration: await fileDigest(declaration),
    origin:
      origin.kind === 'bars'
        ? {
            kind: 'bars',
            stamps: origin.stamps,
            ending: path.extname(origin.path),
            bytes: await fileDigest(origin.path),
          }
        : { kind: 'events', terms: { ...origin.terms }, bytes: await digests(origin.paths) },
    observations: { sets, bytes: await digests(sets.map((set) => observations[set]!)) },
  });
}
