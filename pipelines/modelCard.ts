import type { ArtifactManifest } from '#domain/artifact.ts';
import type { WeighedGate } from '#domain/promotion.ts';
import type { TradingTerms } from '#domain/tradingTerms.ts';
import type { RiskRecord } from './backtest/playStrategy.ts';
import { figureLabel, figureOrder, figureText } from './figureText.ts';
import { gateTable, haltTable, riskTable, type TextTable } from './verdictTables.ts';

/** Named figures; null where a statistic is undefined. */
export type Figures = Readonly<Record<string, number | null>>;

/** Everything a reviewer must know before approving bytes; plain JSON (Mitchell et al. 2019, made for trading). */
export interface ModelCard {
  readonly model: string;
  readonly modelVersion: string;
  readonly author: string;
  readonly mlflowRunId: string;
  /** Bytes that would trade. */
  readonly artifactDigest: string;
  readonly data: {
    readonly dataset: string;
    /** Last session of the snapshot. */
    readonly asOf: string;
    readonly snapshotDigest: string;
    readonly featureDigest: string;
    readonly symbols: readonly string[];
    /** Rows of the snapshot. */
    readonly rows: number;
    /** Where the data came from and under which licence. */
    readonly origin: string;
  };
  readonly training: { readonly spec: ArtifactManifest['spec'] };
  /** On which every strategy below was played, and the session would trade. */
  readonly terms: TradingTerms;
  /** Gates as the figures of this card meet them, the one that decides first. */
  readonly gates: readonly WeighedGate[];
  /** The stitched out-of-sample curve of the walk-forward: it judges the procedure, never the bytes. */
  readonly procedure: Figures;
  /** Exactly the candidate's bytes on sessions its training never saw. */
  readonly holdout: Readonly<Record<string, number | string | null>> & {
    readonly from: string;
    readonly to: string;
  };
  /** What stood beside the procedure, by name, on the same sessions. */
  readonly baselines: Readonly<Record<string, Figures>>;
  /** What limits and breaker did to the model's account. */
  readonly risk: { readonly procedure: RiskRecord; readonly holdout: RiskRecord };
  /** What the procedure's curve is worth after the trials it was chosen from. */
  readonly selection: Figures;
  readonly monteCarlo: Figures;
  /** How the universe was chosen, and whom that flatters. */
  readonly survivorship: string;
  readonly caveats: readonly string[];
}

/** The card as Markdown. Text of others is escaped, so that it can neither break a table nor bring markup. */
export function modelCardMarkdown(card: ModelCard): string {
  const { data, holdout, baselines } = card;
  const holdoutFigures = numbersOf(holdout);
  const columns: Readonly<Record<string, Figures>> = {
    [`${card.model}, procedure`]: card.procedure,
    ...baselines,
    'candidate, holdout': holdoutFigures,
  };
  return [
    `# Model card: ${inline(card.model)} ${inline(card.modelVersion)}`,
    verdictOf(card),
    '## What it is for',
    'Ranking the symbols below once a session, for orders that a person has approved the model to place. It says ' +
      'nothing of other symbols, of other horizons, or of moves within a day.',
    '## What would trade',
    facts({
      Artifact: code(card.artifactDigest),
      Author: inline(card.author),
      'MLflow run': code(card.mlflowRunId),
      Specification: code(JSON.stringify(card.training.spec)),
      Terms: code(JSON.stringify(card.terms)),
    }),
    ...gateParts(card.gates),
    '## What it learnt from',
    facts({
      Dataset: `${inline(data.dataset)}, as of ${inline(data.asOf)}, ${figureText('rows', data.rows)} rows`,
      Symbols: inline(data.symbols.join(', ')),
      Snapshot: code(data.snapshotDigest),
      Features: code(data.featureDigest),
      Origin: inline(data.origin),
    }),
    `**Survivorship.** ${inline(card.survivorship)}`,
    '## How it did',
    'The walk-forward trains a new model in every window, so it judges the **procedure**. The holdout, ' +
      `${inline(holdout.from)} to ${inline(holdout.to)}, scores **exactly these bytes** on sessions they never saw; ` +
      `${sessionsWord(holdoutFigures.sessions)}prove little. Everything is after costs; losses are positive.`,
    figureTable(columns),
    ...riskParts(card.risk),
    '## What chance alone would do',
    'The Sharpe ratio of the out-of-sample curve, after as many specifications as were tried:',
    list(
      Object.entries(card.selection).map(([name, value]) => `${inline(figureLabel(name))}: ${figureText(name, value)}`),
    ),
    'Paths made of the daily returns of the out-of-sample curve; the tear sheet draws them and says how they were made.',
    list(Object.entries(card.monteCarlo).map(([name, value]) => `${inline(name)}: ${figureText(name, value)}`)),
    '## What these figures do not say',
    list(card.caveats.map(inline)),
    '',
  ].join('\n\n');
}

/** One sentence that no table can hide: whether the procedure beat what needs no model. */
function verdictOf({ procedure, baselines }: ModelCard): string {
  const own = procedure.sharpe ?? null;
  const beaten = (name: string): boolean => own !== null && own > (baselines[name]?.sharpe ?? Number.POSITIVE_INFINITY);
  const better = Object.keys(baselines).filter((name) => !beaten(name));
  if (own === null) return 'The out-of-sample Sharpe ratio is **undefined**: nothing can be said for the model.';
  const said = `Out of sample the procedure has a Sharpe ratio of **${figureText('sharpe', own)}**`;
  if (Object.keys(baselines).length === 0) return `${said}; **no** baseline stood beside it.`;
  return better.length === 0
    ? `${said}, above that of every baseline beside it.`
    : `${said}; it does **not** beat ${inline(better.join(' and '))}.`;
}

function sessionsWord(sessions: number | null | undefined): string {
  return sessions === null || sessions === undefined ? 'so few sessions ' : `${sessions} sessions `;
}

function numbersOf(figures: Readonly<Record<string, number | string | null>>): Figures {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) => (typeof value === 'string' ? [] : [[name, value]])),
  );
}

function gateParts(gates: readonly WeighedGate[]): readonly string[] {
  return gates.flatMap((gate) => [`## Gate “${inline(gate.name)}”: ${gate.verdict}`, table(gateTable(gate))]);
}

function riskParts({ procedure, holdout }: ModelCard['risk']): readonly string[] {
  const halts = haltTable(procedure);
  const heldOut = haltTable(holdout);
  return [
    '## What limits and breaker did',
    'Every order was held against the limits that the session trades by, and the account was weighed by its breaker.',
    table(riskTable({ procedure, holdout })),
    ...(halts.rows.length > 0 ? ['Halts of the procedure:', table(halts)] : []),
    ...(heldOut.rows.length > 0 ? ['Halts in the holdout:', table(heldOut)] : []),
  ];
}

function figureTable(columns: Readonly<Record<string, Figures>>): string {
  const names = Object.keys(columns);
  const present = [
    ...figureOrder,
    ...new Set(names.flatMap((name) => Object.keys(columns[name]!)).filter((figure) => !isOrdered(figure))),
  ].filter((figure) => names.some((name) => columns[name]![figure] !== undefined));
  const rows = present.map((figure) => [
    inline(figureLabel(figure)),
    ...names.map((name) => figureText(figure, columns[name]![figure])),
  ]);
  return [line(['', ...names.map(inline)]), line(['---', ...names.map(() => '---:')]), ...rows.map(line)].join('\n');
}

function table({ head, rows }: TextTable): string {
  const cells = (texts: readonly string[]): string => line(texts.map(inline));
  return [cells(head), line(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function isOrdered(figure: string): boolean {
  return (figureOrder as readonly string[]).includes(figure);
}

function facts(named: Readonly<Record<string, string>>): string {
  return list(Object.entries(named).map(([name, text]) => `${name}: ${text}`));
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'None.' : items.map((item) => `- ${item}`).join('\n');
}

/** Text of others inside a line: no markup of Markdown or HTML, no line of its own. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|~&]/g, (character) => `\\${character}`);
}

function code(text: string): string {
  return `\`${text.replace(/[`\n|<>]/g, ' ')}\``;
}
