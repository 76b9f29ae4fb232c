import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { Digest } from '#domain/digest.ts';
import { sha256 } from '#domain/sha256.ts';
import { parquetTables } from '../parquet/parquetTables.ts';

/** Tables that are kept; the one that was not read for longest goes first. */
const tablesMax = 64;

/**
 * Computed tables in a folder, by the digest of everything they were computed from. A file's name holds the digest of its
 * own bytes too, so that one that was cut short or altered is never taken for the table.
 */
export class TableCache {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The table of a digest; undefined when there is none that is whole. */
  async read(key: Digest): Promise<ColumnTable | undefined> {
    for (const name of await this.names()) {
      const [of, bytesDigest] = name.split('.');
      if (of !== key) continue;
      const file = path.join(this.folder, name);
      // Another program may have let it go meanwhile.
      const bytes = await readFile(file).catch(() => undefined);
      if (!bytes || sha256(bytes) !== bytesDigest) continue;
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return parquetTables.decode(bytes);
    }
    return undefined;
  }

  /** Keeps a table, and lets the oldest go. */
  async write(key: Digest, table: ColumnTable): Promise<void> {
    const bytes = await parquetTables.encode(table);
    await mkdir(this.folder, { recursive: true });
    const part = path.join(this.folder, `${randomUUID()}.part`);
    await writeFile(part, bytes);
    await rename(part, path.join(this.folder, `${key}.${sha256(bytes)}.parquet`));
    await this.letGo();
  }

  private async letGo(): Promise<void> {
    const aged = await Promise.all(
      (await this.names()).map(async (name) => {
        const found = await stat(path.join(this.folder, name)).catch(() => undefined);
        return { name, atMs: found?.mtimeMs ?? 0 };
      }),
    );
    for (const { name } of aged.toSorted((a, b) => b.atMs - a.atMs).slice(tablesMax)) {
      await rm(path.join(this.folder, name), { force: true });
    }
  }

  private async names(): Promise<readonly string[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => name.endsWith('.parquet'));
  }
}
