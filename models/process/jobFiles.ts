import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ArtifactFiles } from '#domain/artifact.ts';

/** A file replaces the one before in one step: a reader never sees half. */
export function replaceFile(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

/** Every file of a folder. */
export function filesOf(folder: string): ArtifactFiles {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
}
