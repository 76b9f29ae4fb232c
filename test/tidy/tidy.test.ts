import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { failureAreas } from '#domain/failures/catalogue.ts';
import { failuresPage, unknownCodes, unprovokedCodes, untypedFailures } from './failureCodes.ts';
import { importBreaches } from './imports.ts';
import { randomEvidence } from '#test/unit/pipelines/randomEvidence.ts';
import { validationFigures } from '#pipelines/validationFigures.ts';
import { marketDataPage } from './marketDataPage.ts';
import { metricsPage, unexplained } from './metricsPage.ts';
import { exportBreaches, lengthBreaches } from './shape.ts';
import { projectFiles, typeScript, type Breach, type Source } from './sources.ts';
import { wordBreaches } from './words.ts';

const files = projectFiles();
const code = typeScript(files);
const product = code.filter(({ path }) => !path.startsWith('test/') && !/^[^/]+\.config\.ts$/.test(path));
const shown = (breaches: readonly Breach[]): readonly string[] =>
  breaches.map(({ path, line, rule, message }) => `${path}:${line} ${rule}: ${message}`);
const source = (path: string, text: string): Source => ({ path, text });

describe('imports follow the table of docs/architecture.md', () => {
  it('in every room', () => expect(shown(product.flatMap(importBreaches))).toEqual([]));

  it.each([
    ['domain reaches for a wire', source('domain/a.ts', "import pg from 'pg';")],
    ['domain reads the file system', source('domain/a.ts', "import { readFileSync } from 'node:fs';")],
    ['pipelines import infra', source('pipelines/a.ts', "import { x } from '#infra/a.ts';")],
    ['pipelines import a model as a value', source('pipelines/a.ts', "import { x } from '#models/a.ts';")],
    ['workflows import an activity as a value', source('workflows/a.ts', "import { x } from '#activities/a.ts';")],
    ['workflows import zod', source('workflows/a.ts', "import { z } from 'zod';")],
    ['infra imports a pipeline, even as a type', source('infra/a/a.ts', "import type { X } from '#pipelines/a.ts';")],
    ['infra imports an activity that is no port', source('infra/a.ts', "import type { X } from '#activities/a.ts';")],
    ['activities import infra', source('activities/a.ts', "import { x } from '#infra/a.ts';")],
    ['console imports a worker', source('console/a.ts', "import { x } from '#workers/a.ts';")],
    ['a relative import leaves its room', source('domain/a.ts', "import { x } from '../infra/a.ts';")],
    ['a re-export leaves its room', source('domain/a.ts', "export { x } from '#infra/a.ts';")],
  ])('and it is noticed when %s', (_, bad) => expect(importBreaches(bad)).toHaveLength(1));

  it('and types of models are allowed in pipelines', () =>
    expect(importBreaches(source('pipelines/a.ts', "import { type X } from '#models/a.ts';"))).toEqual([]));
});

describe('files and functions stay short', () => {
  it('in the whole project', () => expect(shown(code.flatMap(lengthBreaches))).toEqual([]));

  it.each([
    ['a long file', source('domain/a.ts', '// line\n'.repeat(301))],
    ['a long function', source('domain/a.ts', `function f() {\n${'  f();\n'.repeat(70)}}`)],
    ['many parameters', source('domain/a.ts', 'const f = (a, b, c, d) => a;')],
  ])('and %s is noticed', (_, bad) => expect(lengthBreaches(bad)).toHaveLength(1));
});

describe('exports are named and documented', () => {
  it('in every room', () => expect(shown(product.flatMap(exportBreaches))).toEqual([]));

  it.each([
    ['a missing docstring', source('domain/a.ts', 'export const a = 1;')],
    ['a plain comment in its place', source('domain/a.ts', '// one\nexport const a = 1;')],
    ['a docstring of something else', source('domain/a.ts', '/** b */\nconst b = 1;\nexport const a = b;')],
    ['a default export', source('domain/a.ts', '/** a */\nexport default 1;')],
  ])('and %s is noticed', (_, bad) => expect(exportBreaches(bad)).toHaveLength(1));
});

describe('no file names one machine, hides a warning or promises later work', () => {
  const rest = files.filter(({ path }) => !path.startsWith('test/tidy/'));
  it('in the whole project', () => expect(shown(rest.flatMap(wordBreaches))).toEqual([]));

  it.each([
    ['a path of one machine', `read('${['', 'home', 'ann', 'data.csv'].join('/')}')`],
    ['a suppressed check', ['// @ts', 'ignore'].join('-')],
    ['a promise', ['// TO', 'DO later'].join('')],
    ['a registry', ['https://registry.npmjs', 'org/x'].join('.')],
  ])('and %s is noticed', (_, text) => expect(wordBreaches(source('a.ts', text))).toHaveLength(1));

  it('and system paths are no machine', () =>
    expect(wordBreaches(source('a.ts', "run('/usr/bin/env'); get('/api/work/items')"))).toEqual([]));
});

describe('failure codes', () => {
  const codes = Object.values(failureAreas).flatMap((area) => Object.keys(area));
  const tests = code.filter(({ path }) => /^test\/(?!tidy\/).*\.test\.ts$/.test(path));

  it('are unique across areas', () => expect(new Set(codes).size).toBe(codes.length));

  it('are documented in docs/failures.md, word for word', async () => {
    const page = await format(failuresPage(), { ...(await resolveConfig('docs/failures.md')), parser: 'markdown' });
    if (process.env.UPDATE_DOCS === '1') writeFileSync('docs/failures.md', page);
    expect(readFileSync('docs/failures.md', 'utf8')).toBe(page);
  });

  it('are each provoked by a test', () => expect(unprovokedCodes(codes, tests)).toEqual([]));

  it('that no test provokes are noticed', () =>
    expect(unprovokedCodes(['A_CODE'], [source('test/a.test.ts', 'ANOTHER_A_CODE')])).toEqual(['A_CODE']));

  it('that the catalogue does not hold are noticed', () =>
    expect(unknownCodes(source('infra/a.mjs', "throw new Failure('NO_SUCH_CODE', '')"))).toHaveLength(1));

  it('are all of the catalogue', () =>
    expect(shown(files.flatMap((file) => (file.path.startsWith('test/') ? [] : unknownCodes(file))))).toEqual([]));

  it('are the types of all failures that Temporal carries', () =>
    expect(shown(product.flatMap(untypedFailures))).toEqual([]));

  it.each([
    "throw ApplicationFailure.nonRetryable('closed', 'NO_SUCH_CODE');",
    "throw new ApplicationFailure('closed', 'NO_SUCH_CODE');",
  ])('and it is noticed when a workflow writes %s', (text) =>
    expect(untypedFailures(source('workflows/a.ts', text))).toHaveLength(1),
  );
});

describe('the page of market data', () => {
  it('says every format and every rule of the contract, word for word', async () => {
    const config = await resolveConfig('docs/market-data.md');
    const page = await format(marketDataPage(), { ...config, parser: 'markdown' });
    if (process.env.UPDATE_DOCS === '1') writeFileSync('docs/market-data.md', page);
    expect(readFileSync('docs/market-data.md', 'utf8')).toBe(page);
  });
});

describe('the page of metrics', () => {
  it('says formula, unit and source of every figure, word for word', async () => {
    const config = await resolveConfig('docs/metrics.md');
    const page = await format(metricsPage(), { ...config, parser: 'markdown' });
    if (process.env.UPDATE_DOCS === '1') writeFileSync('docs/metrics.md', page);
    expect(readFileSync('docs/metrics.md', 'utf8')).toBe(page);
  });

  it('holds the name of every figure that a validation gives, and no figure that none gives', () => {
    const given = Object.keys(validationFigures(randomEvidence()));
    const page = readFileSync('docs/metrics.md', 'utf8');
    expect(given.length).toBeGreaterThan(60);
    expect(unexplained(given, page)).toEqual([]);
    const named = [...page.matchAll(/`((?:walkForward|holdout|baseline|monteCarlo|plumbing)\.[\w.]+)`/g)];
    expect(named.map(([, name]) => name).filter((name) => !given.includes(name!))).toEqual([]);
  });

  it('is found wanting when a figure is missing', () =>
    expect(unexplained(['walkForward.sharpe', 'walkForward.luck'], '`walkForward.sharpe`')).toEqual([
      'walkForward.luck',
    ]));
});
