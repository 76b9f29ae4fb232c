import { existsSync } from 'node:fs';

/** A browser found on this machine, or why there is none. */
export type ChromiumLookup =
  { readonly kind: 'found'; readonly executable: string } | { readonly kind: 'missing'; readonly line: string };

// Where packages of Debian, Fedora, Google and macOS put it.
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
] as const;

/**
 * Finds a Chromium.
 * @param given path from `PLIMSOLL_CHROMIUM`; when given, no other place is looked at
 * @param exists whether a path is there
 */
export function findChromium(
  given: string | undefined,
  exists: (path: string) => boolean = existsSync,
): ChromiumLookup {
  const places = given === undefined || given === '' ? usualPlaces : [given];
  const executable = places.find(exists);
  return executable === undefined
    ? { kind: 'missing', line: `skipped: no Chromium at ${places.join(', ')}; set PLIMSOLL_CHROMIUM to its path` }
    : { kind: 'found', executable };
}
