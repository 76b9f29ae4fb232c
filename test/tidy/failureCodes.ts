import { failureAreas, failureEntry, isFailureCode } from '#domain/failures/catalogue.ts';
import { lineOf, type Breach, type Source } from './sources.ts';

/** docs/failures.md as the catalogue says it. */
export function failuresPage(): string {
  const areas = Object.entries(failureAreas).map(([area, entries]) => {
    const rows = Object.keys(entries)
      .filter(isFailureCode)
      .sort()
      .map((code) => {
        const { summary, action, retry } = failureEntry(code);
        return `| \`${code}\` | ${summary} | ${action} | ${retry === 'backoff' ? 'by itself, with back-off' : 'no'} |`;
      });
    const title = area.charAt(0).toUpperCase() + area.slice(1);
    return [
      `## ${title}`,
      '',
      '| code | what happened | what to do | tried again |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ];
  });
  return [
    '# Failures',
    '',
    'Every failure a user can meet, by its stable code. Written from `domain/failures/`; a test keeps both equal',
    '(`UPDATE_DOCS=1 npx vitest run --project tidy` writes this page anew) and asks a test for every code.',
    '',
    ...areas.flat(),
  ].join('\n');
}

/** Codes that no test provokes. */
export function unprovokedCodes(codes: readonly string[], tests: readonly Source[]): readonly string[] {
  return codes.filter((code) => !tests.some(({ text }) => new RegExp(`\\b${code}\\b`).test(text)));
}

/** `new Failure('CODE'` whose code the catalogue does not hold; types catch this in TypeScript, not in plain scripts. */
export function unknownCodes(source: Source): readonly Breach[] {
  return [...source.text.matchAll(/new Failure\(\s*'([^']+)'/g)].flatMap((match) =>
    isFailureCode(match[1] ?? '')
      ? []
      : [{ path: source.path, line: lineOf(source.text, match.index), rule: 'failure code', message: match[1] ?? '' }],
  );
}

// These two take a code of the catalogue by its type: what they make cannot have another.
const makers = ['workflows/refusal.ts', 'activities/toApplicationFailure.ts'];

/** Failures of Temporal made past the two functions that hold their type to the catalogue. */
export function untypedFailures({ path, text }: Source): readonly Breach[] {
  if (makers.includes(path)) return [];
  const made = /\bApplicationFailure\s*\.\s*(?:nonRetryable|retryable|create|fromError)\b|\bnew ApplicationFailure\b/g;
  return [...text.matchAll(made)].map((match) => ({
    path,
    line: lineOf(text, match.index),
    rule: 'failure type',
    message: `made outside ${makers.join(' and ')}`,
  }));
}
