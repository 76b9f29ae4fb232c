import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseSync, type Program } from 'oxc-parser';

/** A source file as the rules see it. */
export interface Source {
  /** Path from the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A breach of a rule, as it is shown to whoever broke it. */
export interface Breach {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Every file of the project that git tracks or would track. */
export function projectFiles(): readonly Source[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    encoding: 'utf8',
  });
  return listing
    .split('\n')
    .filter((path) => /\.(ts|mjs|md|json|ya?ml|css|html|sql)$|^\.ci\//.test(path) && path !== 'package-lock.json')
    .flatMap((path) => {
      try {
        return [{ path, text: readFileSync(path, 'utf8') }];
      } catch {
        return []; // deleted in the working tree
      }
    });
}

/** TypeScript files among sources. */
export function typeScript(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => path.endsWith('.ts'));
}

/** The syntax tree of a source. */
export function parse(source: Source): Program {
  return parseSync(source.path, source.text).program;
}

/** Line, from 1, of an offset in a text. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
