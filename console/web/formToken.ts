import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Tokens that prove a form came from a page of the same login. */
export interface FormTokens {
  /** The token of a login's forms. */
  of(loginToken: string): string;
  /** Whether a form carries its login's token. */
  matches(loginToken: string, given: string): boolean;
}

/** Form tokens under a key that this process made: they end with it, as do its pages. */
export function createFormTokens(): FormTokens {
  const key = randomBytes(32);
  const of = (loginToken: string): string => createHmac('sha256', key).update(loginToken).digest('base64url');
  return {
    of,
    matches: (loginToken, given) => {
      const [expected, actual] = [Buffer.from(of(loginToken)), Buffer.from(given)];
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },
  };
}
