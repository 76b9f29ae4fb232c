import { status, type ServerStanding } from '#infra/stack/verbStatus.ts';
import { exitCodes, tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

/** `status`: how each server stands. */
export const registerStatus: CommandRegistration = (program, context) => {
  program
    .command('status')
    .description('ask every server how it is; exit code 1 unless all run and answer')
    .action(async () => {
      const found = await status(stackPlace(context).home);
      const isWhole = found.servers.length > 0 && found.servers.every(({ state }) => state === 'healthy');
      context.answer({
        value: found,
        text: found.servers.length === 0 ? `nothing runs in ${found.home}` : standingTable(found.servers),
        exitCode: isWhole ? exitCodes.ok : exitCodes.failure,
      });
    });
};

function standingTable(servers: readonly ServerStanding[]): string {
  const rows = servers.map(({ name, state, pid, address, memoryBytes, restarts, sinceMs }) => [
    name,
    state,
    new Date(sinceMs).toISOString().slice(0, 19),
    String(pid),
    memoryBytes === undefined ? '' : `${Math.round(memoryBytes / 2 ** 20)} MiB`,
    String(restarts),
    address ?? '',
  ]);
  return tableText(['server', 'state', 'since (UTC)', 'process', 'memory', 'restarts', 'address'], rows);
}
