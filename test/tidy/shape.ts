import { Visitor, type Comment, parseSync } from 'oxc-parser';
import { lineOf, type Breach, type Source } from './sources.ts';

const fileLinesMax = 300;
const functionLinesMax = 70;
const parametersMax = 3;

/** Files over 300 lines, functions over 70 lines or three parameters. Tests may be long: `describe` is no function. */
export function lengthBreaches(source: Source): readonly Breach[] {
  const breaches: Breach[] = [];
  const add = (line: number, rule: string, message: string): void => {
    breaches.push({ path: source.path, line, rule, message });
  };
  const lines = source.text.trimEnd().split('\n').length;
  if (lines > fileLinesMax) add(1, 'file length', `${lines} lines, ${fileLinesMax} at most`);
  const isTest = source.path.endsWith('.test.ts');
  const check = (node: { start: number; end: number; params: readonly unknown[] }): void => {
    const from = lineOf(source.text, node.start);
    const length = lineOf(source.text, node.end) - from + 1;
    if (length > functionLinesMax && !isTest)
      add(from, 'function length', `${length} lines, ${functionLinesMax} at most`);
    if (node.params.length > parametersMax && !endsWithErrorOptions(source.text.slice(node.start, node.end))) {
      add(from, 'parameters', `${node.params.length} parameters: over ${parametersMax}, take one object`);
    }
  };
  new Visitor({
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  }).visit(parseSync(source.path, source.text).program);
  return breaches;
}

/** An error's constructor may take the platform's own options last, as every built-in error does. */
function endsWithErrorOptions(text: string): boolean {
  return /^\([^)]*options\?: ErrorOptions,?\s*\)/.test(text);
}

/** Exports without a docstring, and default exports. */
export function exportBreaches(source: Source): readonly Breach[] {
  const { program, comments } = parseSync(source.path, source.text);
  return program.body.flatMap((node): Breach[] => {
    const line = lineOf(source.text, node.start);
    if (node.type === 'ExportDefaultDeclaration') {
      return [{ path: source.path, line, rule: 'default export', message: 'name the export' }];
    }
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return [];
    return hasDocstring(source.text, comments, node.start)
      ? []
      : [
          {
            path: source.path,
            line,
            rule: 'docstring',
            message: `no docstring: ${firstLine(source.text, node.start)}`,
          },
        ];
  });
}

function hasDocstring(text: string, comments: readonly Comment[], start: number): boolean {
  return comments.some(
    (comment) =>
      comment.type === 'Block' &&
      comment.value.startsWith('*') &&
      comment.end <= start &&
      text.slice(comment.end, start).trim() === '',
  );
}

function firstLine(text: string, start: number): string {
  return text.slice(start).split('\n')[0]?.slice(0, 80) ?? '';
}
