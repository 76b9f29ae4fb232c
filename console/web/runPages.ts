import type { TrackedRun } from '#infra/mlflow/trackedRuns.ts';
import { digitsText } from '../figureText.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { chip, instantText, page, type Visit } from './layout.ts';
import { silenceNotice, type Part } from './part.ts';
import { breakable, digestText, rowsByName, sideBySide, type ComparedRow } from './sideBySide.ts';
import { namedTable } from './table.ts';

/** How many runs are compared at once. */
export const comparedRuns = { min: 2, max: 6 } as const;

/** Forecasters of a training, ours first. */
const forecasters = ['network', 'ridge', 'naive'] as const;
const baselinePattern = /^validation\.([^.]+)\.([^.]+)$/;

/**
 * Training runs, newest first, to choose some from.
 * @param fault why a choice could not be compared
 */
export function runsPage(visit: Visit, runs: Part<readonly TrackedRun[]>, fault?: string): Html {
  const body = html`<h1>Training runs</h1>
    <p class="lead">
      Runs that MLflow keeps, newest first. Choose ${comparedRuns.min} to ${comparedRuns.max} and compare them.
    </p>
    ${fault === undefined ? '' : html`<p class="chip bad" role="alert">${fault}</p>`}
    ${silenceNotice(runs, 'Runs stand there alone, so none can be shown.')}
    ${runs.kind === 'answered' ? runForm(runs.value) : ''}`;
  return page(visit, { title: 'Training runs', place: 'runs', body });
}

function runForm(runs: readonly TrackedRun[]): Html {
  if (runs.length === 0) return html`<section class="sheet"><p>No model was trained yet.</p></section>`;
  const error = (run: TrackedRun, forecaster: string): string =>
    metricText(run.metrics[`validation.${forecaster}.meanSquaredError`]);
  const rows = runs.map((run) => [
    html`<label class="choice"><input type="checkbox" name="run" value="${run.runId}" /> ${run.name}</label>`,
    statusChip(run),
    instantText(run.startedAtMs),
    ...forecasters.map((forecaster) => error(run, forecaster)),
    html`<a href="${run.url}" aria-label="${run.name} in MLflow">MLflow</a>`,
  ]);
  const columns = [
    { title: 'Run' },
    { title: 'Status' },
    { title: 'Started' },
    ...forecasters.map((forecaster) => ({ title: `Error, ${forecaster}`, isNumber: true })),
    { title: 'Details' },
  ];
  return html`<form class="sheet" method="get" action="/runs/compare">
    ${namedTable('Training runs', columns, rows)}
    <p class="soft">Errors are mean squared errors on the validation part.</p>
    <div class="actions"><button>Compare the chosen</button></div>
  </form>`;
}

/** Chosen runs side by side: what they were, what was asked of them, how they did beside the baselines. */
export function comparisonPage(visit: Visit, runs: readonly TrackedRun[]): Html {
  const sides = runs.map(({ name }) => name);
  const others = runs.map(({ metrics }) =>
    textsOf(Object.entries(metrics).filter(([name]) => !baselinePattern.test(name))),
  );
  const body = html`<h1>${runs.length} training runs</h1>
    <section class="sheet">
      <h2>Runs</h2>
      ${sideBySide('Runs', sides, factRows(runs))}
    </section>
    <section class="sheet">
      <h2>Parameters</h2>
      ${sideBySide('Parameters', sides, rowsByName(runs.map(({ params }) => params)))}
    </section>
    <section class="sheet">
      <h2>Validation, beside the baselines</h2>
      <p class="soft">The same samples and labels for each: the network pays only where it beats ridge and naive.</p>
      ${metricTable('Validation, beside the baselines', sides, baselineRows(runs))}
    </section>
    <section class="sheet">
      <h2>Other metrics, last values</h2>
      ${metricTable(
        'Other metrics',
        sides,
        rowsByName(others).map(({ name, texts }) => [name, ...texts.map((text) => text ?? '')]),
      )}
      <div class="actions"><a class="button quiet" href="/runs">Choose others</a></div>
    </section>`;
  return page(visit, { title: 'Compare runs', place: 'runs', body });
}

function factRows(runs: readonly TrackedRun[]): readonly ComparedRow[] {
  const digests = (tag: string): Pick<ComparedRow, 'texts' | 'shown'> => {
    const texts = runs.map(({ tags }) => tags[tag]);
    return { texts, shown: texts.map((text) => text && digestText(text)) };
  };
  const links = runs.map(({ url, name }) => html`<a href="${url}" aria-label="${name} in MLflow">in MLflow</a>`);
  return [
    { name: 'Details', texts: runs.map(({ runId }) => runId), shown: links, isIdentity: true },
    { name: 'Model', texts: runs.map(({ experiment }) => experiment) },
    { name: 'Author', texts: runs.map(({ tags }) => tags['plimsoll.author']) },
    { name: 'Status', texts: runs.map(({ status }) => statusWords[status] ?? status) },
    { name: 'Started', texts: runs.map(({ startedAtMs }) => instantText(startedAtMs)), isIdentity: true },
    { name: 'Took', texts: runs.map(tookText), isIdentity: true },
    { name: 'Snapshot', ...digests('plimsoll.snapshot') },
    { name: 'Features', ...digests('plimsoll.dataset.features') },
    { name: 'Training', ...digests('plimsoll.training') },
    { name: 'Decision', texts: runs.map(({ tags }) => tags['plimsoll.decision']) },
  ];
}

/** Rows by figure, and within it by forecaster, ours first. */
function baselineRows(runs: readonly TrackedRun[]): readonly (readonly HtmlValue[])[] {
  const all = runs.flatMap(({ metrics }) => Object.keys(metrics));
  const names = [...new Set(all)].filter((name) => baselinePattern.test(name));
  const key = (name: string): string => {
    const [, forecaster = '', figure = ''] = baselinePattern.exec(name) ?? [];
    const place = forecasters.findIndex((known) => known === forecaster);
    return `${figure} ${place < 0 ? forecasters.length : place} ${forecaster}`;
  };
  return names
    .sort((one, other) => key(one).localeCompare(key(other)))
    .map((name) => [breakable(name), ...runs.map(({ metrics }) => metricText(metrics[name]))]);
}

function metricTable(name: string, sides: readonly string[], rows: readonly (readonly HtmlValue[])[]): Html {
  if (rows.length === 0) return html`<p>None was logged.</p>`;
  return namedTable(name, [{ title: '' }, ...sides.map((title) => ({ title, isNumber: true }))], rows);
}

function textsOf(metrics: readonly (readonly [string, number | null])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(metrics.map(([name, value]) => [name, digitsText(value)]));
}

function metricText(value: number | null | undefined): string {
  return value === undefined ? '' : digitsText(value);
}

const statusWords: Readonly<Record<string, string>> = {
  FINISHED: 'finished',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'stopped',
};

function statusChip({ status }: TrackedRun): Html {
  const mood = status === 'FINISHED' ? 'good' : status === 'RUNNING' ? 'plain' : 'bad';
  return chip(statusWords[status] ?? status, mood);
}

function tookText({ startedAtMs, endedAtMs }: TrackedRun): string | undefined {
  return endedAtMs === undefined ? undefined : `${Math.round((endedAtMs - startedAtMs) / 1_000)} s`;
}
