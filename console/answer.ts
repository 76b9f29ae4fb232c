/** What a command found out or did: said once as a value for programs and once as text for people. */
export interface Answer {
  /** Plain JSON, printed with --json. */
  readonly value: unknown;
  readonly text: string;
  /** Exit status; 0 when absent. */
  readonly exitCode?: ExitCode;
}

/** Exit codes of the command line: stable, so that scripts can rely on them. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, refused: 3, interrupted: 130 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Aligns rows in columns under their headings, two spaces between. */
export function tableText(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
