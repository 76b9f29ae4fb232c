import { Failure } from '#domain/failure.ts';
import { createUniverse, type Membership, type Universe } from '#domain/universe.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { readNamedColumns } from './namedColumns.ts';

const names = {
  symbol: ['symbol', 'ticker'],
  from: ['from', 'start_date'],
  until: ['until', 'end_date'],
} as const;

type Cells = Readonly<Record<keyof typeof names, string>>;

/**
 * Reads memberships of an index: symbol, the first day, and the first day no more a member (empty while it is one).
 * @throws Failure UNIVERSE_INVALID naming the file and the line
 */
export async function readMemberships(path: string): Promise<Universe> {
  const rows = await readNamedColumns(path, names).catch((error: unknown) => {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  });
  return createUniverse(
    rows.map((cells, row) => {
      const membership = membershipOf(cells);
      if (membership) return membership;
      throw invalid(path, `line ${row + 2} is no membership: ${Object.values(cells).join(', ')}`);
    }),
  );
}

function membershipOf({ symbol, from, until }: Cells): Membership | undefined {
  const first = sessionOfText(from);
  const end = sessionOfText(until);
  if (symbol === '' || first === undefined || (until !== '' && end === undefined)) return undefined;
  return { symbol, from: first, ...(end !== undefined && { until: end }) };
}

function invalid(path: string, what: string): Failure {
  return new Failure('UNIVERSE_INVALID', `${path}: ${what}`, { path });
}
