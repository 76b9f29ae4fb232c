import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '#domain/failure.ts';

const pollMs = 300;
const tailBytes = 256 * 1024;

/** Which logs to read. */
export interface LogsRequest {
  readonly home: string;
  /** One server's; all when absent. */
  readonly server?: string;
  /** Last lines of each. */
  readonly lines: number;
  /** Gets each line; with several logs it starts with the server's name. */
  readonly write: (line: string) => void;
  /** Goes on with new lines until this aborts; absent, only what is there is read. */
  readonly follow?: AbortSignal;
}

/**
 * Reads the servers' logs, and follows them.
 * @throws Failure STACK_NOT_RUNNING when the home holds no such log
 */
export async function logs({ home, server, lines, write, follow }: LogsRequest): Promise<void> {
  const folder = path.join(home, 'logs');
  const there = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.log')).toSorted();
  const files = server === undefined ? there : there.filter((file) => file === `${server}.log`);
  if (files.length === 0) {
    const names = there.map((file) => path.basename(file, '.log')).join(', ');
    const message =
      server === undefined ? `${home} holds no logs` : `no log of ${server}; there are: ${names || 'none'}`;
    throw new Failure('STACK_NOT_RUNNING', message, { home });
  }
  const width = Math.max(...files.map((file) => file.length - '.log'.length));
  const followed = await Promise.all(
    files.map(async (file) => {
      const name = path.basename(file, '.log').padEnd(width);
      const log = new FollowedLog(path.join(folder, file), (line) =>
        write(files.length === 1 ? line : `${name}  ${line}`),
      );
      await log.writeLast(lines);
      return log;
    }),
  );
  const isFollowed = (): boolean => follow?.aborted === false;
  while (isFollowed()) {
    await sleep(pollMs, undefined, { signal: follow }).catch(() => undefined);
    for (const log of followed) await log.writeNew();
  }
}

class FollowedLog {
  private readonly file: string;
  private readonly write: (line: string) => void;
  private offset = 0;
  private rest = '';

  constructor(file: string, write: (line: string) => void) {
    this.file = file;
    this.write = write;
  }

  async writeLast(count: number): Promise<void> {
    const { size } = await stat(this.file);
    this.offset = Math.max(0, size - tailBytes);
    for (const line of (await this.read(size)).slice(-count || Infinity)) this.write(line);
  }

  async writeNew(): Promise<void> {
    const { size } = await stat(this.file);
    // A log that became shorter was begun anew.
    if (size < this.offset) this.offset = 0;
    if (size > this.offset) for (const line of await this.read(size)) this.write(line);
  }

  /** Whole lines up to a size; the begun last one waits for its end. */
  private async read(size: number): Promise<readonly string[]> {
    const handle = await open(this.file);
    try {
      const buffer = Buffer.alloc(size - this.offset);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.offset);
      this.offset += bytesRead;
      const all = (this.rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      this.rest = all.pop() ?? '';
      return all;
    } finally {
      await handle.close();
    }
  }
}
