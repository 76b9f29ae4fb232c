import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { provide, type Progress } from './cache.ts';
import { findPython } from './pythonServers.ts';
import { flags, mustRun, run } from './run.ts';
import { downloadWheel, type PinnedWheel } from './wheel.ts';

const version = '2.18.1';
const addonVersion = '4.22.0';
const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
/** The wheels that hold libtensorflow, by machine; PyPI's package without GPU parts is there for x86_64 only. */
const wheels: Readonly<Record<string, PinnedWheel>> = {
  x86_64: {
    name: 'tensorflow-cpu',
    version,
    platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    file: 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    digest: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
  },
  aarch64: {
    name: 'tensorflow',
    version,
    platforms: ['manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
    file: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    digest: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
  },
};
/** Version of what the cache holds: libtensorflow's, the machine it is for, and the addon's. */
export const tensorflowVersion = `${version}-${machine}-tfjs${addonVersion}`;
const compilers = ['c++', 'g++', 'clang++'];

/**
 * Makes `@tensorflow/tfjs-node-gpu` of this checkout native: libtensorflow out of a PyPI wheel, the addon compiled
 * against it once, both in the cache, linked into the package, and proven by a matrix product in a child process.
 * @throws Failure TENSORFLOW_PLATFORM_UNSUPPORTED, COMPILER_MISSING without a C++ compiler, TENSORFLOW_NOT_NATIVE when the product does not come out
 */
export async function provideTensorflow(
  cache: string,
  progress: Progress,
  packageFolder = installedPackage(),
): Promise<void> {
  if (await isNative(packageFolder)) return;
  const folder = await provide({
    cache,
    name: 'tensorflow',
    version: tensorflowVersion,
    async fill(part) {
      const wheel = pinnedWheel(machine);
      // Asked first: the download is large.
      const compiler = await findCompiler();
      progress('tensorflow', 'downloading libtensorflow');
      await unpackWheel(part, wheel);
      progress('tensorflow', 'compiling the addon');
      await compile({ compiler, part, packageFolder });
    },
  });
  await link(folder, packageFolder);
  if (!(await isNative(packageFolder))) {
    const message = `the addon in ${folder} does not load: remove that folder and start again (plimsoll doctor checks it)`;
    throw new Failure('TENSORFLOW_NOT_NATIVE', message, { folder });
  }
}

function installedPackage(): string {
  return path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/** Whether the package in a folder multiplies matrices natively; asked of a child: a broken library may abort it. */
async function isNative(packageFolder: string): Promise<boolean> {
  if (!existsSync(path.join(packageFolder, 'lib/napi-v8/tfjs_binding.node'))) return false;
  const program = `
    const util = require('util');
    util.isNullOrUndefined ??= (value) => value == null;
    util.isArray ??= Array.isArray;
    const tf = require(${JSON.stringify(packageFolder)});
    process.exit(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).sum().dataSync()[0] === 12 ? 0 : 3);`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return (await run(process.execPath, ['-e', program], { env })).status === 0;
}

/** @throws Failure COMPILER_MISSING when none of the usual compilers is on the path */
export async function findCompiler(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const candidates = environment.CXX === undefined ? compilers : [environment.CXX];
  for (const candidate of candidates) {
    const answer = await run(candidate, ['--version'], { env: environment }).catch(() => undefined);
    if (answer?.status === 0) return candidate;
  }
  const message = `no C++ compiler found (tried ${candidates.join(', ')}): install one, e.g. apt-get install g++`;
  throw new Failure('COMPILER_MISSING', message);
}

const unpackScript = `
import os, re, shutil, sys, zipfile
wheel, target = sys.argv[1], sys.argv[2]
rules = [(r'tensorflow/(libtensorflow_(?:cc|framework)\\.so\\.2)$', 'lib'),
         (r'tensorflow/include/((?:tensorflow/(?:c/|core/platform/ctstring|tsl/platform/ctstring)|tsl/platform/ctstring|xla/tsl/c/|xla/tsl/platform/ctstring).*\\.h)$', 'include')]
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        for pattern, folder in rules:
            match = re.match(pattern, entry.filename)
            if match:
                path = os.path.join(target, folder, match.group(1))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with archive.open(entry) as source, open(path, 'wb') as sink:
                    shutil.copyfileobj(source, sink, 1 << 22)
`;

/**
 * The wheel that holds libtensorflow for a machine, e.g. `x86_64`.
 * @throws Failure TENSORFLOW_PLATFORM_UNSUPPORTED where none is pinned
 */
export function pinnedWheel(forMachine: string, platform: string = process.platform): PinnedWheel {
  const wheel = platform === 'linux' ? wheels[forMachine] : undefined;
  if (wheel) return wheel;
  const message = `no wheel with libtensorflow ${version} is pinned for ${platform} on ${forMachine}; there are ones for linux on ${Object.keys(wheels).join(', ')}`;
  throw new Failure('TENSORFLOW_PLATFORM_UNSUPPORTED', message, { platform, machine: forMachine });
}

async function unpackWheel(part: string, pinned: PinnedWheel): Promise<void> {
  const folder = path.join(part, 'wheel');
  const wheel = await downloadWheel(folder, pinned);
  await mustRun(await findPython(), ['-c', unpackScript, wheel, part]);
  await rm(folder, { recursive: true });
  for (const name of ['cc', 'framework']) {
    const plain = name === 'cc' ? 'libtensorflow.so' : 'libtensorflow_framework.so';
    await symlink(`libtensorflow_${name}.so.2`, path.join(part, 'lib', plain));
  }
}

/** The two files and flags of the package's own build description, without node-gyp. */
async function compile(build: {
  readonly compiler: string;
  readonly part: string;
  readonly packageFolder: string;
}): Promise<void> {
  const { compiler, part, packageFolder } = build;
  const headers = createRequire(import.meta.url)('node-api-headers') as { readonly include_dir: string };
  const definitions = ['-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION', '-DNODE_GYP_MODULE_NAME=tfjs_binding'];
  const options = ['-O2', '-std=c++17', '-fPIC', '-shared', ...definitions];
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(packageFolder, 'binding', file));
  const found = flags({ '-I': [headers.include_dir, path.join(part, 'include')], '-L': path.join(part, 'lib') });
  const libraries = ['-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/lib'];
  const addon = path.join(part, 'tfjs_binding.node');
  await mustRun(compiler, [...options, ...found, ...sources, ...libraries, '-o', addon]);
}

/** Links addon and libraries where the package looks for them; replaced in one step, so that no reader sees half. */
async function link(folder: string, packageFolder: string): Promise<void> {
  const place = path.join(packageFolder, 'lib', 'napi-v8');
  await mkdir(place, { recursive: true });
  const fresh = path.join(place, `.link-${process.pid}`);
  await rm(fresh, { force: true });
  await symlink(path.join(folder, 'tfjs_binding.node'), fresh);
  await rename(fresh, path.join(place, 'tfjs_binding.node'));
}
