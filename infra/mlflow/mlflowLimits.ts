import { Failure } from '#domain/failure.ts';

// mlflow/utils/validation.py, version 3.17.2; lengths in characters.
const keyLengthMax = 250;
const tagLengthMax = 8_000;
const paramLengthMax = 6_000;
const batchBytesMax = 900_000;

/** A key and a text, as MLflow's interface has tags and parameters. */
export interface KeyText {
  readonly key: string;
  readonly value: string;
}

/** Most entries of one kind that a batch may hold. */
export const batchEntriesMax = { metrics: 1_000, params: 100, tags: 100 } as const;

/**
 * Tags as MLflow takes them.
 * @throws Failure REGISTRY_LIMIT_EXCEEDED where MLflow would cut a value in silence
 */
export function tagList(tags: Readonly<Record<string, string>>): readonly KeyText[] {
  return keyTexts('tag', tags, tagLengthMax);
}

/**
 * Parameters as MLflow takes them.
 * @throws Failure REGISTRY_LIMIT_EXCEEDED where MLflow would cut a value in silence
 */
export function paramList(params: Readonly<Record<string, string>>): readonly KeyText[] {
  return keyTexts('parameter', params, paramLengthMax);
}

/** @throws Failure REGISTRY_LIMIT_EXCEEDED when a text is longer than MLflow keeps */
export function requireLength(what: string, text: string, lengthMax: number): void {
  if (text.length <= lengthMax) return;
  throw new Failure('REGISTRY_LIMIT_EXCEEDED', `${what} has ${text.length} characters; MLflow keeps ${lengthMax}`, {
    what,
    length: text.length,
    lengthMax,
  });
}

/**
 * A metric's value as JSON: NaN is the text `NaN`, since MLflow refuses null.
 * @throws Failure REGISTRY_LIMIT_EXCEEDED for infinities, which MLflow turns into 1.8e308 in silence
 */
export function metricValue(name: string, value: number): number | 'NaN' {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return value;
  throw new Failure('REGISTRY_LIMIT_EXCEEDED', `metric ${name} is ${value}; MLflow cannot keep an infinity`, { name });
}

/** Cuts entries into batches that MLflow takes, in order. */
export function batches<Entry>(entries: readonly Entry[], entriesMax: number): readonly (readonly Entry[])[] {
  const cut: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const last = cut.at(-1);
    if (last && last.length < entriesMax && bytes <= room) {
      last.push(entry);
      room -= bytes;
    } else {
      cut.push([entry]);
      room = batchBytesMax - bytes;
    }
  }
  return cut;
}

/**
 * A text inside a search filter.
 * @throws RangeError when it cannot stand between single quotes
 */
export function filterText(text: string): string {
  if (/['"`\\\n]/.test(text) || text === '') throw new RangeError(`MLflow cannot search for ${JSON.stringify(text)}`);
  return `'${text}'`;
}

function keyTexts(what: string, entries: Readonly<Record<string, string>>, lengthMax: number): readonly KeyText[] {
  return Object.entries(entries).map(([key, value]) => {
    requireLength(`the key of ${what} ${key}`, key, keyLengthMax);
    requireLength(`${what} ${key}`, value, lengthMax);
    return { key, value };
  });
}
