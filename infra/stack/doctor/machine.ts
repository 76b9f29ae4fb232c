import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { isNodeSupported } from '../bootstrap.mjs';
import { fault, well, type Finding } from './finding.ts';

const gibibyte = 1024 ** 3;

/** Whether this Node, e.g. `20.19.4`, runs Plimsoll. */
export function nodeFinding(version: string): Finding {
  return isNodeSupported(version)
    ? well('node', `Node ${version}`)
    : fault('node', 'NODE_UNSUPPORTED', `this is Node ${version}; 20.19 or later is needed`);
}

/** Whether enough memory is left. `availableBytes` heeds the limit of the container. */
export function memoryFinding(memory: { readonly availableBytes: number; readonly neededBytes: number }): Finding {
  const { availableBytes, neededBytes } = memory;
  const available = `${gibibytes(availableBytes)} of memory available`;
  return availableBytes >= neededBytes
    ? well('memory', available)
    : fault('memory', 'MEMORY_SHORT', `${available}; ${gibibytes(neededBytes)} are needed, or servers will be killed`);
}

/** Whether a disk has room. The folder need not be there yet. */
export async function diskFinding(disk: {
  readonly name: string;
  readonly folder: string;
  readonly neededBytes: number;
}): Promise<Finding> {
  const { name, folder, neededBytes } = disk;
  const { bavail, bsize } = await statfs(nearestFolder(path.resolve(folder)));
  const left = bavail * bsize;
  const check = `disk of the ${name}`;
  const message = `${gibibytes(left)} left for ${folder}`;
  return left >= neededBytes
    ? well(check, message)
    : fault(check, 'DISK_FULL', `${message}; ${gibibytes(neededBytes)} are needed`);
}

function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
}

function gibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
