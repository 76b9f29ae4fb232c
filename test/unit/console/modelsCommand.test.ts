import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packArtifact, verifyArtifact, type ArtifactManifest, type PackedArtifact } from '#domain/artifact.ts';
import { sha256 } from '#domain/sha256.ts';
import { loadForecaster, readSpec } from '#models/forecaster.ts';
import { OnnxSession } from '#models/onnx/onnxSession.ts';
import { plimsoll, type Outcome } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';
import { featureNames, registered, trainedForecaster, windowSessions, withOther } from './registeredForecaster.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

let forecaster: PackedArtifact;
let agent: PackedArtifact;
beforeAll(async () => {
  forecaster = await trainedForecaster();
  agent = await trainedForecaster('sac');
});

const run = (line: string, second = forecaster): Promise<Outcome> =>
  plimsoll(line, { desk: { ...memoryDesk(), models: registered(agent, second) } });
const told = async (line: string): Promise<Readonly<Record<string, unknown>>> => {
  const { exitCode, out, error } = await run(`${line} --json`);
  expect([exitCode, error]).toEqual([0, '']);
  return JSON.parse(out) as Readonly<Record<string, unknown>>;
};

describe('plimsoll models list', () => {
  it('lists every version with its aliases, author and bytes', async () => {
    expect((await run('models list')).out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['model', 'version', 'alias', 'author', 'artifact'],
      ['swing', '1', 'ann', agent.digest],
      ['swing', '2', 'champion', 'ann', forecaster.digest],
    ]);
  });
});

describe('plimsoll models export', () => {
  it('writes the served bytes as they are, with the parity that the manifest states', async () => {
    const { metrics } = JSON.parse(new TextDecoder().decode(forecaster.files['manifest.json'])) as ArtifactManifest;
    const served = forecaster.files['model.onnx']!;
    const value = await told(`models export swing --output ${at('model.onnx')}`);
    expect(value).toEqual({
      model: 'swing',
      modelVersion: '2',
      artifactDigest: forecaster.digest,
      output: at('model.onnx'),
      format: 'onnx',
      precision: 'float32',
      bytes: served.length,
      sha256: sha256(served),
      parity: metrics.onnxParity,
    });
    expect(readFileSync(at('model.onnx'))).toEqual(Buffer.from(served));
  });

  it.each(['float16', 'int8'] as const)(
    'writes %s with the loss that was measured of those bytes',
    async (precision) => {
      const { serving, features } = readSpec(forecaster.files);
      mkdirSync(at(precision));
      const value = await told(`models export swing 2 --precision ${precision} --output ${at(precision)}`);
      const file = at(`${precision}/swing-2-${precision}.onnx`);
      const { bytes, ...loss } = serving.variants[precision];
      expect(value).toMatchObject({ output: file, bytes, loss, sha256: sha256(readFileSync(file)) });
      // What was measured is what is written: over some samples the difference from float32 is no larger than stated.
      const inputs = Float32Array.from({ length: 20 * windowSessions * features }, (_, index) => Math.sin(index));
      const answers = async (model: Uint8Array): Promise<Float32Array> => {
        const session = await OnnxSession.load(model, [windowSessions, features], { provider: 'cpu', threads: 1 });
        return session.run(inputs);
      };
      const [whole, smaller] = [await answers(forecaster.files['model.onnx']!), await answers(readFileSync(file))];
      const largest = Math.max(...whole.map((answer, row) => Math.abs(answer - smaller[row]!)));
      expect(largest).toBeGreaterThan(0);
      expect(largest).toBeLessThan(loss.largestDifference * 5);
    },
  );

  it('says in words what a smaller form costs', async () => {
    const { out } = await run(`models export swing --precision int8 --output ${at('words.onnx')}`);
    expect(out).toMatch(
      /swing 2 in int8, \d+ bytes\nsha256 {2}[0-9a-f]{64}\nparity .*\nloss {4}forecasts move by 0\.\d+/,
    );
  });

  it('writes the artifact as a folder that verifies and forecasts', async () => {
    await told(`models export swing champion --format savedmodel --output ${at('saved/model')}`);
    const names = readdirSync(at('saved/model'));
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(at(`saved/model/${name}`))]));
    expect(verifyArtifact(files, forecaster.digest).model).toBe('swing');
    const loaded = await loadForecaster(files);
    expect(await loaded.predict(new Float32Array(windowSessions * featureNames.length))).toHaveLength(1);
    await loaded.release();
  });

  it('writes the manifest, whose digest is that of the artifact', async () => {
    await told(`models export swing --format manifest --output ${at('manifest.json')}`);
    expect(sha256(readFileSync(at('manifest.json')))).toBe(forecaster.digest);
  });

  it.each([
    ['an unknown model', 'nobody', 'MODEL_UNKNOWN: there is no model nobody; there is swing'],
    ['an unknown version', 'swing 7', 'MODEL_UNKNOWN: swing has no 7; it has 1, 2 champion'],
    ['an alias that nothing has', 'swing previous', 'MODEL_UNKNOWN: swing has no previous'],
    ['an unknown precision', 'swing --precision int4', 'COMMAND_UNKNOWN'],
    ['a folder in another precision', 'swing --format savedmodel --precision int8', 'MODEL_FORM_MISSING'],
    ['an agent in another precision', 'swing 1 --precision int8', 'MODEL_FORM_MISSING'],
  ])('refuses %s', async (_, words, text) => {
    const { exitCode, error } = await run(`models export ${words} --output ${at('refused')}`);
    expect(exitCode).toBeGreaterThan(0);
    expect(error).toContain(text);
    expect(readdirSync(folder)).not.toContain('refused');
  });

  it('refuses altered bytes (ARTIFACT_DIGEST_MISMATCH)', async () => {
    const altered = withOther(forecaster, { 'model.onnx': Uint8Array.of(1) });
    const { error } = await run(`models export swing --output ${at('refused')}`, altered);
    expect(error).toContain('ARTIFACT_DIGEST_MISMATCH');
  });

  it('refuses to state losses of bytes that this code would write otherwise (MODEL_EXPORT_DIFFERS)', async () => {
    const { 'manifest.json': manifest, ...files } = forecaster.files;
    const origin = JSON.parse(new TextDecoder().decode(manifest)) as ArtifactManifest;
    const written = new Uint8Array([...files['model.onnx']!, 0]);
    const older = packArtifact({ ...files, 'model.onnx': written }, origin);
    const { error } = await run(`models export swing --precision int8 --output ${at('refused')}`, older);
    expect(error).toContain('MODEL_EXPORT_DIFFERS');
    expect(error).toContain('abc1234');
  });
});

describe('plimsoll models predict', () => {
  const sessions = Array.from({ length: 9 }, (_, day) => `2023-01-${String(day + 10)}`);
  const row = (symbol: string, session: string, values: readonly number[]): string =>
    [symbol, session, ...values].join(',');
  const header = (names: readonly string[]): string => ['symbol', 'session', ...names].join(',');
  const valuesOf = (symbol: number, day: number): readonly number[] => [
    Math.sin(day + symbol) / 50,
    50 + symbol * 10 + day,
    0.01 + day / 1_000,
  ];

  function tableFile(names: readonly string[] = featureNames, rows?: readonly string[]): string {
    const usual = ['AAA', 'BBB'].flatMap((symbol, index) =>
      sessions.map((session, day) => row(symbol, session, valuesOf(index, day))),
    );
    writeFileSync(at('features.csv'), [header(names), ...(rows ?? usual)].join('\n'));
    return at('features.csv');
  }

  it('forecasts every row with a complete window as the model itself does, and tells rows a second', async () => {
    const value = await told(`models predict swing --input ${tableFile()} --output ${at('out.csv')}`);
    const forecasts = 2 * (sessions.length - windowSessions + 1);
    expect(value).toMatchObject({ rows: 18, forecasts });
    expect(value.rowsPerSecond).toBeGreaterThan(0);
    const [head, first, ...others] = readFileSync(at('out.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('symbol,session,mean,standardDeviation,lower,upper,confidence');
    expect(others).toHaveLength(forecasts - 1);
    // The first forecast by hand: scaled by the artifact's scaler, oldest session first.
    const window = Array.from({ length: windowSessions }, (_, day) => valuesOf(0, day)).flatMap((given) =>
      given.map((figure, feature) => (figure - [0, 50, 0.01][feature]!) / [0.02, 10, 0.01][feature]!),
    );
    const loaded = await loadForecaster(forecaster.files);
    const [expected] = await loaded.predict(Float32Array.from(window));
    await loaded.release();
    const { mean, standardDeviation, lower, upper, confidence } = expected!;
    expect(first!.split(',')).toEqual([
      'AAA',
      sessions[windowSessions - 1],
      ...[mean, standardDeviation, lower, upper, confidence].map(String),
    ]);
  });

  it('leaves out rows whose window has a gap', async () => {
    const rows = sessions.map((session, day) => {
      const [first, ...rest] = valuesOf(0, day);
      return ['AAA', session, first, day === 4 ? '' : rest[0], rest[1]].join(',');
    });
    const value = await told(`models predict swing --input ${tableFile(featureNames, rows)} --output ${at('gap.csv')}`);
    expect(value).toMatchObject({ rows: 9, forecasts: 0 });
  });

  it.each([
    ['a missing column', ['return1', 'rsi14'], 'FEATURE_COLUMNS_WRONG: missing: volatility20'],
    ['a strange column', [...featureNames, 'luck'], 'FEATURE_COLUMNS_WRONG: not of the model: luck'],
    ['another order', ['return1', 'volatility20', 'rsi14'], 'volatility20 stands where rsi14 belongs'],
  ])('refuses %s by name', async (_, names, text) => {
    const rows = [
      row(
        'AAA',
        '2023-01-10',
        names.map(() => 1),
      ),
    ];
    const { exitCode, error } = await run(
      `models predict swing --input ${tableFile(names, rows)} --output ${at('x.csv')}`,
    );
    expect(exitCode).toBe(1);
    expect(error).toContain(text);
  });

  it.each([
    ['a row that stands twice', [row('A', '2023-01-10', [1, 2, 3]), row('A', '2023-01-10', [1, 2, 3])], 'stands twice'],
    ['no rows', [], 'FEATURE_COLUMNS_WRONG: no rows'],
    ['what is no session', [row('A', 'monday', [1, 2, 3])], 'line 2: "monday" is no session'],
    ['what is no figure', ['A,2023-01-10,1,two,3'], 'line 2: column rsi14 holds no figure'],
    ['a row that is too short', ['A,2023-01-10,1'], 'it has not 5 cells'],
  ])('refuses %s', async (_, rows, text) => {
    const file = tableFile(featureNames, rows);
    expect((await run(`models predict swing --input ${file} --output ${at('x.csv')}`)).error).toContain(text);
  });

  it('refuses an agent, and a file that is not there', async () => {
    const agents = await run(`models predict swing 1 --input ${tableFile()} --output ${at('x.csv')}`);
    expect(agents.error).toContain('MODEL_FORM_MISSING: swing: it is a sac');
    const nowhere = await run(`models predict swing --input ${at('nowhere.csv')} --output ${at('x.csv')}`);
    expect(nowhere.error).toContain('FILE_UNREADABLE');
  });
});
