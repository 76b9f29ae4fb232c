/** What stands in place of a secret. */
const hidden = '(hidden)';

const secretName = /password|passphrase|secret|token|authorization|cookie|credential|api[-_.]?key|access[-_.]?key/i;
const depthMax = 8;

/**
 * A copy of a value in which everything under a secret's name is hidden, at any depth.
 * Errors and other class instances are kept as they are: they are formatted before they come here.
 */
export function redactSecrets(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '(too deep)';
  if (Array.isArray(value)) return value.map((item) => redactSecrets(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && member !== null && member !== undefined ? hidden : redactSecrets(member, depth + 1),
    ]),
  );
}

/**
 * Makes a function that hides known secrets, and passwords inside addresses, in a line of JSON.
 * @param secrets values to hide wherever they stand; ones under six characters are left out, as they would hide words
 */
export function lineRedactor(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter(({ length }) => length >= 6).map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    const withoutKnown = known.reduce((text, secret) => text.replaceAll(secret, hidden), line);
    return withoutKnown.replaceAll(/(:\/\/[^:@/\s"]*):[^@/\s"]+@/g, `$1:${hidden}@`);
  };
}
