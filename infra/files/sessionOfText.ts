import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';

// Symbols share their sessions, so each text is read once.
const known = new Map<string, SessionDate | undefined>();
const knownMax = 50_000;

/**
 * The date that a cell names: `2021-04-21`, `2021.04.21`, `20210421` or `4/21/2021`, `4/21/21` (month first, as US exports
 * write it), with or without a time of midnight.
 * @returns undefined for anything else
 */
export function sessionOfText(text: string): SessionDate | undefined {
  if (known.has(text)) return known.get(text);
  const session = parsed(text);
  if (known.size < knownMax) known.set(text, session);
  return session;
}

function parsed(text: string): SessionDate | undefined {
  const date = text.trim().replace(/[T ]00:00(?::00(?:\.0+)?)?Z?$/, '');
  const compact = /^(\d{4})(\.?)(\d{2})\2(\d{2})$/.exec(date);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/.exec(date);
  try {
    if (compact) return sessionDate(`${compact[1]}-${compact[3]}-${compact[4]}`);
    if (american) {
      const [month, day, year] = american.slice(1).map((part) => part.padStart(2, '0'));
      return sessionDate(`${year!.length === 2 ? centuryOf(year!) : ''}${year}-${month}-${day}`);
    }
    return sessionDate(date);
  } catch {
    return undefined;
  }
}

/** Exchanges' electronic histories begin in the sixties. */
function centuryOf(year: string): string {
  return Number(year) < 60 ? '20' : '19';
}
