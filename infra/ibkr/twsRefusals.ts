/**
 * What a refusal of a request means for us:
 * - `empty`: there is no such data, which is an answer
 * - `pacing`: too much was asked; wait long and ask again
 * - `passing`: a fault that may be over soon; ask again
 * - `notEntitled`: the subscription does not cover it
 * - `refused`: asking again changes nothing
 */
export type RefusalMeaning = 'empty' | 'pacing' | 'passing' | 'notEntitled' | 'refused';

// TWS API, "Message codes". Several mean different things by their words.
const meanings: Readonly<Record<number, RefusalMeaning>> = {
  100: 'pacing',
  162: 'refused',
  200: 'refused',
  309: 'refused',
  320: 'refused',
  321: 'refused',
  322: 'refused',
  354: 'notEntitled',
  366: 'passing',
  420: 'notEntitled',
  504: 'passing',
  10089: 'notEntitled',
  10090: 'notEntitled',
  10092: 'refused',
  10168: 'notEntitled',
  10182: 'passing',
  10186: 'notEntitled',
  10187: 'refused',
  10189: 'refused',
  10190: 'refused',
  10197: 'passing',
};

const words: readonly (readonly [pattern: RegExp, meaning: RefusalMeaning])[] = [
  [/pacing violation|max rate of messages/i, 'pacing'],
  [/returned no data|no historical data/i, 'empty'],
  [/no market data permissions|not subscribed|requires additional subscription/i, 'notEntitled'],
  [/query cancel|connected from a different ip|trading tws session|connection broken|not connected/i, 'passing'],
];
/** Codes whose words decide. */
const byWords: ReadonlySet<number> = new Set([162, 420, 10187, 10189]);

/** What a refusal means, by its code and, where codes are shared, its words. */
export function meaningOf({ code, text }: { readonly code: number; readonly text: string }): RefusalMeaning {
  const said = byWords.has(code) ? words.find(([pattern]) => pattern.test(text))?.[1] : undefined;
  return said ?? meanings[code] ?? 'refused';
}

/** Codes that come with a request's id and refuse nothing: delayed data, an old field, a warning (2100 to 2199). */
export function isWarning(code: number): boolean {
  return (code >= 2100 && code < 2200) || code === 10167 || code === 399;
}
