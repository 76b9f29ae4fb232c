import { readFileSync, readdirSync } from 'node:fs';

const kibibyte = 1024;

/**
 * Memory of a process and all it started, in bytes: proportional set size, which counts shared pages once.
 * Undefined where there is no /proc.
 */
export function treeMemoryBytes(pid: number): number | undefined {
  const members = processTree(pid);
  return members === undefined ? undefined : members.reduce((sum, member) => sum + memoryBytes(member), 0);
}

/** A process and its descendants; undefined where there is no /proc. */
export function processTree(root: number): readonly number[] | undefined {
  const childrenOf = new Map<number, number[]>();
  let entries: readonly string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return undefined;
  }
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(entry)]);
  }
  const members = [root];
  for (const member of members) members.push(...(childrenOf.get(member) ?? []));
  return members;
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it ended while we looked
  }
}

function memoryBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * kibibyte;
  } catch {
    return 0;
  }
}
