import {
  activityTexts,
  baselineTexts,
  curveTexts,
  furtherTexts,
  returnTexts,
  selectionTexts,
  simulationTexts,
  trainingTexts,
  watchTexts,
  windowTexts,
  type MetricText,
} from './metricTexts.ts';
import { peerTexts } from './peerTexts.ts';

/** docs/metrics.md as the metrics' texts say it. */
export function metricsPage(): string {
  const curves = Object.entries(curveTexts);
  return [
    '# Metrics',
    '',
    'Every figure that is printed, its formula, its unit and where the formula comes from. Written from',
    '`test/tidy/metricTexts.ts`, which the compiler holds to the figures in code; a test keeps the page equal and looks for',
    'the name of every figure of a validation (`UPDATE_DOCS=1 npx vitest run --project tidy` writes this page anew).',
    '',
    'Rates and losses are fractions: percent exists on a screen only. A year has 252 sessions. A figure that is undefined is',
    'null, a dash on a page, and fails any gate that asks for it: fewer than 20 sessions, nothing that varies, or nothing to',
    'divide by. Total return and drawdown are facts of any sample.',
    '',
    '## The candidate',
    '',
    '`walkForward` is the stitched out-of-sample curve: each window trains a new model, so it judges the procedure.',
    '`holdout` scores exactly the bytes that would trade. Below, r are daily returns after costs, b those of the benchmark,',
    's is the sample standard deviation.',
    '',
    ...table(forEach(['walkForward', 'holdout'], returnTexts)),
    '',
    '## What its account did',
    '',
    'Played on the terms of the account that would trade: `trading.limits`, `trading.costs` and the breaker. The breaker',
    'weighs after the opening auction and at the close; two people are taken to restart the account after',
    '`validation.restartAfterSessions`. Card and sheet name the date and the rule of every halt.',
    '',
    ...table(forEach(['walkForward', 'holdout'], activityTexts)),
    '',
    '## What stands beside it',
    '',
    ...curves.map(([name, text]) => `- \`${name}\`: ${text}`),
    '',
    ...table([
      ...forEach(
        curves.map(([name]) => `baseline.${name}`),
        baselineTexts,
      ),
      ...curves.map(([name]): Row => [
        [`walkForward.excessSharpe.${name}`],
        [`walkForward.sharpe less baseline.${name}.sharpe`, 'ratio a year', 'difference, untested'],
      ]),
    ]),
    '',
    '## Chance and plumbing',
    '',
    'The stationary block bootstrap resamples the stitched returns: what is not among them comes in no path.',
    '',
    ...table(alone(furtherTexts)),
    '',
    ...table(alone(simulationTexts)),
    '',
    '## After the trials',
    '',
    'Of the stitched curve; how it is worked out, and what a choice among returns that are kept adds: [validation](validation.md).',
    '',
    ...table(forEach(['overfit'], selectionTexts)),
    '',
    '## Windows',
    '',
    ...table(alone(windowTexts)),
    '',
    '## Training',
    '',
    ...table(alone(trainingTexts)),
    '',
    ...watching(),
    ...peers(),
  ].join('\n');
}

function watching(): readonly string[] {
  return ['## Watching', '', ...table(alone(watchTexts)), ''];
}

function peers(): readonly string[] {
  return [
    '## Where libraries define otherwise',
    '',
    'Everything else agrees with empyrical 0.7.1, quantstats 0.0.86 and skfolio 1.12.2 to ten digits where they have it, and with',
    "ffn to the three that ffn's own tests tell: so do skfolio's probabilistic, expected maximum and deflated Sharpe ratios.",
    '',
    '| figure | library | theirs |',
    '| --- | --- | --- |',
    ...peerTexts.map(([figure, library, theirs]) => `| \`${figure}\` | ${library} | ${theirs} |`),
    '',
  ];
}

/** A line of a table: every name the text holds for. */
type Row = readonly [names: readonly string[], text: MetricText];

function forEach(prefixes: readonly string[], texts: Readonly<Record<string, MetricText>>): readonly Row[] {
  return Object.entries(texts).map(([name, text]) => [prefixes.map((prefix) => `${prefix}.${name}`), text]);
}

function alone(texts: Readonly<Record<string, MetricText>>): readonly Row[] {
  return Object.entries(texts).map(([name, text]) => [[name], text]);
}

function table(rows: readonly Row[]): readonly string[] {
  return [
    '| figure | formula | unit | source |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ([names, [formula, unit, source]]) =>
        `| ${names.map((name) => `\`${name}\``).join('<br>')} | ${formula} | ${unit} | ${source} |`,
    ),
  ];
}

/** Names that a page does not hold between backquotes. */
export function unexplained(names: readonly string[], page: string): readonly string[] {
  return names.filter((name) => !page.includes(`\`${name}\``));
}
