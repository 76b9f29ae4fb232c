import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes an executable shell script and returns its folder, to be a PATH of its own. */
export function programIn(folder: string, name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return folder;
}
