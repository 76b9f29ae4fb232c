import { lineOf, type Breach, type Source } from './sources.ts';

const forbidden: readonly { readonly rule: string; readonly pattern: RegExp }[] = [
  // A home directory, a scratch folder or a workplace names one machine; system paths such as /usr do not.
  { rule: 'machine path', pattern: /(?<![\w.~-])\/(?:root|home\/\w+|work|tmp|Users\/\w+)\/[\w.-]/g },
  { rule: 'suppression', pattern: /@ts-(?:ignore|nocheck|expect-error)|(?:ox|es)lint-disable/g },
  { rule: 'unfinished', pattern: /\b(?:TODO|FIXME|XXX)\b/g },
  {
    rule: 'registry address',
    pattern: /\b(?:registry\.npmjs\.org|pypi\.org\/simple|files\.pythonhosted\.org|proxy\.golang\.org)\b/g,
  },
];

/** Words no file of the project may hold. */
export function wordBreaches(source: Source): readonly Breach[] {
  return forbidden.flatMap(({ rule, pattern }) =>
    [...source.text.matchAll(pattern)].map((match) => ({
      path: source.path,
      line: lineOf(source.text, match.index),
      rule,
      message: match[0],
    })),
  );
}
