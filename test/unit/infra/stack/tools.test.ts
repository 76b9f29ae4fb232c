import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findGo, provideMinio } from '#infra/stack/minio.ts';
import { chooseObjectServer, objectsFolder } from '#infra/stack/objectServer.ts';
import { findPython } from '#infra/stack/pythonServers.ts';
import { findCompiler } from '#infra/stack/tensorflow.ts';
import { programIn } from './program.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('looking for Python', () => {
  it('ends with PYTHON_MISSING when there is none on the path', async () => {
    await expect(findPython({ PATH: temporaryFolder() })).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      message: expect.stringContaining('python3 is not on the path') as string,
    });
  });

  it.each([
    ['is too old', 'exit 3', 'is older than 3.10'],
    ['has no venv', 'echo No module named venv >&2; exit 1', 'has no venv module'],
  ])('ends with PYTHON_MISSING when it %s', async (_, script, reason) => {
    const PATH = programIn(temporaryFolder(), 'python3', script);
    await expect(findPython({ PATH })).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('takes the one that PYTHON names', async () => {
    const python = `${programIn(temporaryFolder(), 'python-of-mine', 'exit 0')}/python-of-mine`;
    expect(await findPython({ PATH: '', PYTHON: python })).toBe(python);
  });
});

describe('looking for a compiler', () => {
  it('ends with COMPILER_MISSING when none of the usual ones is on the path', async () => {
    await expect(findCompiler({ PATH: temporaryFolder() })).rejects.toMatchObject({ code: 'COMPILER_MISSING' });
  });

  it('takes the next when one does not run', async () => {
    const folder = programIn(temporaryFolder(), 'c++', 'exit 1');
    expect(await findCompiler({ PATH: programIn(folder, 'clang++', 'exit 0') })).toBe('clang++');
  });
});

describe('looking for Go', () => {
  it('ends with GO_MISSING when the object store has to be built and there is none', async () => {
    const environment = { PATH: temporaryFolder() };
    await expect(findGo(environment)).rejects.toMatchObject({ code: 'GO_MISSING' });
    await expect(provideMinio(temporaryFolder(), () => undefined, environment)).rejects.toMatchObject({
      code: 'GO_MISSING',
    });
  });

  it('ends with GO_MISSING when it is older than those that fetch the one they need', async () => {
    const environment = { PATH: programIn(temporaryFolder(), 'go', 'echo go version go1.19.8 linux/amd64') };
    await expect(findGo(environment)).rejects.toMatchObject({
      code: 'GO_MISSING',
      message: expect.stringContaining('too old (go version go1.19.8') as string,
    });
  });

  it('is not needed for a binary that was named', async () => {
    const binary = `${programIn(temporaryFolder(), 'minio', 'exit 0')}/minio`;
    const environment = { PATH: '', PLIMSOLL_MINIO_BINARY: binary };
    expect(await provideMinio(temporaryFolder(), () => undefined, environment)).toBe(binary);
  });
});

describe('the server of the objects', () => {
  const withoutGo = (): NodeJS.ProcessEnv => ({ PATH: temporaryFolder() });
  const withGo = (): NodeJS.ProcessEnv => ({
    PATH: programIn(temporaryFolder(), 'go', 'echo go version go1.24.1 linux/amd64'),
  });

  it('is MinIO where it was named or can be built, else SeaweedFS', async () => {
    const cache = temporaryFolder();
    expect(await chooseObjectServer({ cache, environment: withGo() })).toBe('minio');
    expect(await chooseObjectServer({ cache, environment: withoutGo() })).toBe('seaweedfs');
    const named = { ...withoutGo(), PLIMSOLL_MINIO_BINARY: '/bin/true' };
    expect(await chooseObjectServer({ cache, environment: named })).toBe('minio');
  });

  it.each([
    ['minio', withoutGo],
    ['seaweedfs', withGo],
  ] as const)('stays %s in a home that was begun with it', async (server, environmentOf) => {
    const home = temporaryFolder();
    mkdirSync(objectsFolder(home, server));
    expect(await chooseObjectServer({ home, cache: temporaryFolder(), environment: environmentOf() })).toBe(server);
  });
});
