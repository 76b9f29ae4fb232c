const hidden = '(hidden)';
const secretParameter = /key|token|secret|signature|credential|password|auth/i;

/**
 * An address without what lets somebody in: user, password, and values of parameters named for a secret.
 * What is no address is hidden whole.
 */
export function redactAddress(address: string): string {
  if (!URL.canParse(address)) return hidden;
  const url = new URL(address);
  for (const part of ['username', 'password'] as const) if (url[part] !== '') url[part] = 'hidden';
  for (const name of new Set(url.searchParams.keys())) {
    if (secretParameter.test(name)) url.searchParams.set(name, hidden);
  }
  return url.href;
}
