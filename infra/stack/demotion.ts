import { Failure } from '#domain/failure.ts';
import { run } from './run.ts';

/** A way to run a program that refuses root, when we are root. */
export interface Demotion {
  readonly name: string;
  /** What stands before the program's command. */
  readonly prefix: readonly string[];
  /** User id that has to own the program's files, as everyone else sees it. */
  readonly owner: number;
}

const nobody = 65_534;

/** In the order they are tried. */
export const demotions: readonly Demotion[] = [
  {
    // Nobody within a namespace of its own: outside it is still us, so every file and folder is in reach.
    name: 'user namespace',
    prefix: ['unshare', '-U', `--map-user=${nobody}`, `--map-group=${nobody}`],
    owner: 0,
  },
  {
    // Containers often forbid namespaces. Nobody for everyone, who may pass the closed folders above its own.
    name: 'unprivileged user',
    prefix: [
      'setpriv',
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      '--inh-caps=+dac_read_search',
      '--ambient-caps=+dac_read_search',
    ],
    owner: nobody,
  },
];

/**
 * The first way in which a program runs here; undefined when we are not root and none is needed.
 * @param program is tried with `--version`
 * @throws Failure POSTGRES_ROOT_REFUSED when we are root and no way works
 */
export async function findDemotion(
  program: string,
  from: { readonly ways?: readonly Demotion[]; readonly userId?: number | undefined } = {},
): Promise<Demotion | undefined> {
  const { ways = demotions, userId = process.getuid?.() } = from;
  if (userId !== 0) return undefined;
  const faults: string[] = [];
  for (const way of ways) {
    const [command, ...args] = [...way.prefix, program, '--version'];
    const tried = await run(command, args).catch((error: unknown) => ({ status: null, output: String(error) }));
    if (tried.status === 0) return way;
    faults.push(`${way.name}: ${tried.output.trim().split('\n').at(-1) ?? ''}`);
  }
  const message = `PostgreSQL does not run as root, and no other way works here (${faults.join('; ')}): start as another user, or name a server with PLIMSOLL_POSTGRES_URL`;
  throw new Failure('POSTGRES_ROOT_REFUSED', message, { faults });
}
