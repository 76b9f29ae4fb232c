import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const fileName = 'control.key';

/**
 * The control key of a paper exchange's home directory, made at the first asking (256 random bits, readable by the owner
 * only). Two processes asking at once get the same key: only the first may link its file into place.
 */
export function controlKeyOf(home: string): string {
  const keyPath = path.join(home, fileName);
  const known = readKey(keyPath);
  if (known !== undefined) return known;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const draft = `${keyPath}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, keyPath);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  const key = readKey(keyPath);
  if (key === undefined) throw new Error(`${keyPath} vanished`);
  return key;
}

function readKey(keyPath: string): string | undefined {
  try {
    return readFileSync(keyPath, 'utf8').trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
