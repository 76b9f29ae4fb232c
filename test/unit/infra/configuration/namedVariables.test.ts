import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureAreas } from '#domain/failures/catalogue.ts';
import type { FailureEntry } from '#domain/failures/entry.ts';
import { knownVariables } from '#infra/configuration/environmentKeys.ts';

const root = new URL('../../../../', import.meta.url);
const variable = /\bPLIMSOLL_[A-Z0-9_]*[A-Z0-9]\b/g;
const unknownIn = (text: string): readonly string[] =>
  (text.match(variable) ?? []).filter((name) => !knownVariables.includes(name));

/** Everything people are shown: pages, programs with their messages, plans. Tests may name what must be refused. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(?:ts|mts|mjs|md|ya?ml|json)$/.test(file) && !file.startsWith('test/'));

describe('a variable of ours that is named', () => {
  it('in a failure’s text exists', () => {
    const texts = Object.values<Readonly<Record<string, FailureEntry>>>(failureAreas).flatMap((area) =>
      Object.values(area).map(({ summary, action }) => `${summary} ${action}`),
    );
    expect(texts.join('\n')).toMatch(variable);
    expect(texts.flatMap(unknownIn)).toEqual([]);
  });

  it('in a page, a message or a program exists', () => {
    const named = files.flatMap((file) => readFileSync(new URL(file, root), 'utf8').match(variable) ?? []);
    expect(new Set(named).size).toBeGreaterThan(10);
    const wrong = files.flatMap((file) =>
      unknownIn(readFileSync(new URL(file, root), 'utf8')).map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('is told from one that does not exist', () => {
    expect(unknownIn('set PLIMSOLL_STACK__POSTGRESURL or PLIMSOLL_POSTGRES_URL')).toEqual([
      'PLIMSOLL_STACK__POSTGRESURL',
    ]);
  });
});
