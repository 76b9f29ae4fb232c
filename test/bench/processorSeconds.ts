import { readFileSync } from 'node:fs';
import { processesOf } from '#test/chaos/leftBehind.ts';

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Processor seconds that this process and every process of a home have used so far, ended children included. Between two
 * asks it is what their work costs, whatever else keeps the machine busy.
 */
export function processorSeconds(home: string): number {
  const pids = [process.pid, ...processesOf(home).map(({ pid }) => pid)];
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond;
}

/** User and system time of a process and of its children that ended; 0 when it has ended itself. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields 14 to 17, counted from the third, which follows the name in parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0;
  }
}
