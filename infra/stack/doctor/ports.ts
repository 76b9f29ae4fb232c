import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { isFree } from '../ports.ts';
import { fault, well, type Finding } from './finding.ts';

/** Whether each configured port is free; 0 stands for any free one and is not looked at. */
export async function portFindings(configured: Readonly<Record<string, number>>): Promise<readonly Finding[]> {
  const fixed = Object.entries(configured).filter(([, port]) => port > 0);
  if (fixed.length === 0) return [well('ports', 'none is fixed, free ones are taken')];
  return Promise.all(
    fixed.map(async ([name, port]) => {
      const check = `port of ${name}`;
      if (await isFree(port)) return well(check, `${port} is free`);
      return fault(check, 'PORT_TAKEN', `${port} is taken by ${portHolder(port) ?? 'another program'}`);
    }),
  );
}

/** Name and number of the process that listens on a port; undefined where it is not ours to see. */
export function portHolder(port: number): string | undefined {
  const socket = listeningSocket(port);
  if (socket === undefined) return undefined;
  for (const pid of namesIn('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const isHolder = namesIn(`/proc/${pid}/fd`).some(
      (file) => target(`/proc/${pid}/fd/${file}`) === `socket:[${socket}]`,
    );
    if (isHolder) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (${pid})`;
  }
  return undefined;
}

// What ended since, or is not ours to look into, has no names and no target.
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** Inode of the socket that listens on a port, from the kernel's tables; undefined where there are none. */
function listeningSocket(port: number): string | undefined {
  const listening = '0A';
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      const rows = readFileSync(table, 'utf8')
        .split('\n')
        .map((row) => row.trim().split(/\s+/));
      const row = rows.find(([, local, , state]) => local?.endsWith(end) === true && state === listening);
      if (row?.[9] !== undefined) return row[9];
    } catch {
      // Not a Linux, or no IPv6.
    }
  }
  return undefined;
}
