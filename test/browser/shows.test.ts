import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTraceReceiver, type TraceReceiver } from '../integration/workers/traceReceiver.ts';
import { findChromium } from './chromium.ts';
import { startDemonstration, type Demonstration } from './demonstration.ts';
import { phoneOverflow, photograph, photographOnce, textOfFrames } from './screens.ts';

const found = findChromium(process.env['PLIMSOLL_CHROMIUM']);
if (found.kind === 'missing') console.warn(found.line);

const windows = 2;
const startTimeoutMs = 900_000;
const patienceMs = 60_000;

describe.skipIf(found.kind === 'missing')('in a real browser', () => {
  let home: string;
  let demonstration: Demonstration;
  let browser: Browser;
  let page: Page;
  let screens: string;
  let traces: TraceReceiver;

  beforeAll(async () => {
    if (found.kind === 'missing') return;
    home = await mkdtemp(path.join(tmpdir(), 'plimsoll-browser-'));
    // PostgreSQL refuses to run as root and then runs as another user, who must reach its folder.
    await chmod(home, 0o755);
    screens = process.env['PLIMSOLL_SCREENSHOTS'] ?? path.join(home, 'screenshots');
    traces = await startTraceReceiver();
    demonstration = await startDemonstration({ home, windows, otlpEndpoint: traces.endpoint });
    browser = await chromium.launch({ executablePath: found.executable, args: ['--no-sandbox'] });
    page = await newPage();
  }, startTimeoutMs);

  afterAll(async () => {
    await browser?.close();
    await demonstration?.stop();
    traces?.close();
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  }, 120_000);

  async function newPage(): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    opened.setDefaultTimeout(patienceMs);
    return opened;
  }

  async function logIn(at: Page, person: Demonstration['people'][number]): Promise<void> {
    await at.goto(`${demonstration.consoleUrl}/login`);
    await at.getByLabel('Name').fill(person.name);
    await at.getByLabel('Password').fill(person.password);
    await at.keyboard.press('Enter');
    await at.waitForURL('**/models');
  }

  /** Address of another server, as the console's footer links to it. */
  async function linkTo(name: string): Promise<string> {
    await page.goto(`${demonstration.consoleUrl}/models`);
    const address = await page.getByRole('contentinfo').getByRole('link', { name, exact: true }).getAttribute('href');
    return address!;
  }

  async function openCandidate(at: Page): Promise<void> {
    await at.goto(`${demonstration.consoleUrl}/models`);
    await at.getByRole('listitem').getByRole('link').first().click();
    await at.getByRole('heading', { level: 1 }).waitFor();
  }

  test('the review page shows the verdict table, the digest and the documents', async () => {
    await page.goto(`${demonstration.consoleUrl}/login`);
    await photograph(page, screens, 'login');
    await logIn(page, demonstration.people[0]!);
    expect(await page.getByText('One candidate waits for people.').count()).toBe(1);
    await photograph(page, screens, 'models');
    await openCandidate(page);
    expect(await page.getByRole('heading', { name: 'Gate' }).count()).toBeGreaterThan(0);
    expect(await page.locator('table.gate tbody tr').count()).toBeGreaterThan(0);
    expect(await page.getByText(/^[0-9a-f]{64}$/).count()).toBeGreaterThan(0);
    expect(await page.getByText('0 of 2 approvals').count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Model card' }).count()).toBe(1);
    expect(await page.getByText('There is no champion yet.').count()).toBe(1);
    await photograph(page, screens, 'review');
    expect(await phoneOverflow(page)).toBe(0);
  });

  test('two reviewers approve through the page, and the day is traded', async () => {
    for (const [index, person] of demonstration.people.entries()) {
      const reviewer = await newPage();
      await logIn(reviewer, person);
      await openCandidate(reviewer);
      await reviewer.getByLabel('Why').fill('read the card and the verdicts');
      // Whoever signs proves again who they are.
      const password = reviewer.getByLabel('Password');
      if ((await password.count()) > 0) await password.fill(person.password);
      await reviewer.getByRole('button', { name: 'Approve' }).click();
      await reviewer.getByText(`${index + 1} of 2 approvals`).waitFor();
      if (index === 1) await photograph(reviewer, screens, 'approved');
      await reviewer.context().close();
    }
    await expect(demonstration.traded).resolves.toBeUndefined();
  }, 400_000);

  test('training runs are chosen by keyboard and stand side by side, without any script', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const reader = await plain.newPage();
    await logIn(reader, demonstration.people[0]!);
    await reader.getByRole('link', { name: 'Runs', exact: true }).click();
    const choices = reader.getByRole('checkbox');
    // One training stands there: choosing it alone is answered with what to choose.
    await choices.first().focus();
    await reader.keyboard.press('Space');
    await reader.keyboard.press('Enter');
    await reader.getByRole('alert').waitFor();
    expect(await reader.getByRole('alert').innerText()).toBe('Choose 2 to 6 runs.');
    await photograph(reader, screens, 'runs');
    await plain.close();
  });

  test('one trace leads from the start through the life cycle to the orders of the day', async () => {
    const roots = () => traces.spans.filter(({ service, name }) => service === 'plimsoll-start' && name === 'start');
    // It ends, and is sent, right after the day.
    await expect.poll(roots, { timeout: patienceMs }).toHaveLength(1);
    const [{ traceId } = { traceId: '' }] = roots();
    const names = traces.spans
      .filter((span) => span.traceId === traceId)
      .map(({ service, name }) => `${service} ${name}`);
    const steps = ['plimsoll-start StartWorkflow:modelLifecycle', 'plimsoll-start StartWorkflow:tradingSession'];
    expect(names).toEqual(expect.arrayContaining([...steps, 'plimsoll-trading RunWorkflow:tradingSession']));
  });

  test('Temporal lists workflows by business ids and finds them by search attributes', async () => {
    const temporal = await linkTo('Temporal');
    await page.goto(temporal);
    await page.getByText('session:paper-main:').first().waitFor();
    await page.getByText('guard:paper-main').first().waitFor();
    await photographOnce(page, screens, 'temporal-workflows');
    await page.goto(`${temporal}?query=${encodeURIComponent('`PlimsollAccount`="breaker-demo"')}`);
    await page.getByText('escalate:breaker-demo:1').first().waitFor();
    expect(await page.getByText('session:paper-main:').count()).toBe(0);
    await photographOnce(page, screens, 'temporal-search');
  });

  test('what docs/console.md says of the list is so: its queries are understood, its columns can be added', async () => {
    const temporal = await linkTo('Temporal');
    const said = readFileSync(new URL('../../docs/console.md', import.meta.url), 'utf8');
    const queries = [...said.matchAll(/^\|.*\| `(Plimsoll[^`]+)` +\|$/gm)].map(([, query]) => query!);
    expect(queries.length).toBeGreaterThanOrEqual(4);
    for (const query of queries) {
      const list = temporal.replace('/namespaces/', '/api/v1/namespaces/');
      const answer = await page.request.get(`${list}?query=${encodeURIComponent(query)}`);
      expect([query, answer.status()]).toEqual([query, 200]);
    }
    await page.goto(temporal);
    await page.getByRole('button', { name: 'Configure Columns' }).click();
    const columns = ['PlimsollAccount', 'PlimsollStage', 'PlimsollVerdict'];
    for (const name of columns) {
      expect(said).toContain(`\`${name}\``);
      await page.getByRole('button', { name: `Add ${name} column` }).click();
    }
    await page.keyboard.press('Escape');
    for (const name of columns) await page.getByRole('columnheader', { name }).waitFor();
    await photographOnce(page, screens, 'temporal-columns');
  });

  test("a workflow's page shows its summary, current details and search attributes", async () => {
    const temporal = await linkTo('Temporal');
    await page.goto(`${temporal}/${encodeURIComponent('guard:breaker-demo')}`);
    await page.getByText('tightenTradingState').first().waitFor();
    await photographOnce(page, screens, 'temporal-guard');
    await page
      .getByRole('tab', { name: 'User Metadata' })
      .or(page.getByRole('link', { name: 'User Metadata' }))
      .first()
      .click();
    // Temporal shows what workflows say of themselves as Markdown in frames of their own.
    await expect.poll(() => textOfFrames(page), { timeout: patienceMs }).toContain('guard of breaker-demo');
    await expect.poll(() => textOfFrames(page), { timeout: patienceMs }).toContain('halted');
    await photographOnce(page, screens, 'temporal-metadata');
    await page
      .getByRole('tab', { name: 'Search Attributes' })
      .or(page.getByRole('link', { name: 'Search Attributes' }))
      .first()
      .click();
    await page.getByText('PlimsollAccount').first().waitFor();
    expect(await page.getByText('halted').count()).toBeGreaterThan(0);
    await photographOnce(page, screens, 'temporal-attributes');
  });

  test('the schedules are there and paused', async () => {
    const temporal = await linkTo('Temporal');
    await page.goto(temporal.replace(/workflows$/, 'schedules'));
    for (const name of ['ingest', 'retrain', 'session', 'watch']) {
      await page.getByText(`plimsoll-${name}`).first().waitFor();
    }
    expect(await page.getByText('Paused', { exact: true }).count()).toBeGreaterThanOrEqual(4);
    await photographOnce(page, screens, 'temporal-schedules');
  });

  test('MLflow shows the run with curves and artifacts, and the registry with its champion', async () => {
    const mlflow = await linkTo('MLflow');
    await page.goto(`${mlflow}/#/models`);
    await page.getByText('champion').first().waitFor();
    // MLflow greets a new browser with news.
    await page
      .getByRole('button', { name: 'Try it now' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await photographOnce(page, screens, 'mlflow-registry');
    const versions = `${mlflow}/ajax-api/2.0/mlflow/runs/search`;
    const experiments = await page.request.post(`${mlflow}/ajax-api/2.0/mlflow/experiments/search`, {
      data: { max_results: 100 },
    });
    const known = (await experiments.json()) as { readonly experiments: readonly { readonly experiment_id: string }[] };
    const ids = known.experiments.map(({ experiment_id: id }) => id);
    const answer = await page.request.post(versions, { data: { experiment_ids: ids, max_results: 10 } });
    const { runs } = (await answer.json()) as {
      readonly runs: readonly { readonly info: { readonly run_id: string; readonly experiment_id: string } }[];
    };
    const { run_id: run, experiment_id: experiment } = runs[0]!.info;
    const address = `${mlflow}/#/experiments/${experiment}/runs/${run}`;
    await page.goto(`${address}/model-metrics`);
    await page.getByPlaceholder('Search metric charts').fill('loss');
    await page.locator('.js-plotly-plot').first().waitFor();
    await photographOnce(page, screens, 'mlflow-curves');
    await page.goto(`${address}/artifacts`);
    await page.getByText('curves', { exact: true }).first().waitFor();
    expect(await page.getByText('validation', { exact: true }).count()).toBeGreaterThan(0);
    await photographOnce(page, screens, 'mlflow-artifacts');
  });

  test('an operator sees sessions and guards, and halts an account by its button', async () => {
    await page.goto(`${demonstration.consoleUrl}/sessions`);
    expect(await page.getByRole('heading', { name: 'paper-main' }).count()).toBe(1);
    await photograph(page, screens, 'sessions');
    expect(await phoneOverflow(page)).toBe(0);
    await page.goto(`${demonstration.consoleUrl}/accounts`);
    expect(await page.getByText('PostgreSQL: active').count()).toBe(1);
    await photograph(page, screens, 'accounts');
    expect(await phoneOverflow(page)).toBe(0);
    await page.getByRole('link', { name: 'paper-main', exact: true }).click();
    await page.getByRole('heading', { name: 'Positions' }).waitFor();
    await photograph(page, screens, 'account');
    expect(await phoneOverflow(page)).toBe(0);
    const guard = page.getByRole('link', { name: 'its guard' });
    expect(await guard.getAttribute('href')).toBe(`${await linkTo('Temporal')}/guard%3Apaper-main`);
    await page.goto(`${demonstration.consoleUrl}/accounts/paper-main`);
    await page.getByRole('link', { name: 'Halt', exact: true }).click();
    await page.getByLabel('Why').fill('news of a trading stop');
    await photograph(page, screens, 'halt');
    await page.getByRole('button', { name: 'Halt paper-main now' }).click();
    await page.getByRole('heading', { name: 'paper-main is halted' }).waitFor();
    await photograph(page, screens, 'halted');
    await page.goto(`${demonstration.consoleUrl}/accounts`);
    expect(await page.getByText('PostgreSQL: active').count()).toBe(0);
    expect(await page.getByText('news of a trading stop').count()).toBe(1);
  });
});
