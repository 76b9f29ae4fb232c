import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { knownVariables, leafOfVariable, valueOfText, variablePrefix } from './environmentKeys.ts';
import { nearestKey } from './nearestKey.ts';
import { settingsSchema, type Settings } from './schema.ts';
import { conservativeLimits } from './sections/trading.ts';
import { settingKeys } from './settingLeaves.ts';

/** Where a value came from. */
export type Origin = 'default' | 'profile' | `file ${string}` | `environment ${string}`;

/** What settings are resolved from. */
export interface SettingSources {
  /** The settings file, when there is one: its name for messages, and its YAML text. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Settings with the origin of every value that is no default, by key. */
export interface ResolvedSettings {
  readonly settings: Settings;
  /** By key joined by dots, e.g. `trading.account`; a key that is absent has its default. */
  readonly origins: ReadonlyMap<string, Origin>;
}

type Tree = { [key: string]: unknown };

/**
 * The settings: defaults under the file under the environment, refused whole when anything is wrong.
 * @throws Failure CONFIGURATION_UNKNOWN_KEY, CONFIGURATION_INVALID, CONFIGURATION_LIVE_REFUSED
 */
export function resolveSettings(sources: SettingSources): Settings {
  return resolveWithOrigins(sources).settings;
}

/**
 * As resolveSettings, with where each value came from.
 * @throws Failure CONFIGURATION_UNKNOWN_KEY, CONFIGURATION_INVALID, CONFIGURATION_LIVE_REFUSED
 */
export function resolveWithOrigins({ file, environment }: SettingSources): ResolvedSettings {
  const given: Tree = {};
  const origins = new Map<string, Origin>();
  if (file) {
    const tree = parseFile(file);
    merge(given, tree);
    for (const key of keysOf(tree)) origins.set(key, `file ${file.name}`);
  }
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(variablePrefix) || text === undefined) continue;
    const leaf = leafOfVariable(variable);
    if (leaf) {
      set(given, leaf.path, valueOfText(leaf, text));
      origins.set(leaf.path.join('.'), `environment ${variable}`);
    } else if (!knownVariables.includes(variable)) {
      refuseUnknown([{ key: variable, place: 'the environment', known: knownVariables }]);
    }
  }
  putProfileUnder(given, origins);

  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) refuse(parsed.error.issues, origins, file?.name ?? 'the settings');
  refuseHalfLive(parsed.data, origins, environment);
  return { settings: freeze(parsed.data), origins };
}

function parseFile(file: { readonly name: string; readonly text: string }): Tree {
  const document = parseDocument(file.text);
  const fault = document.errors[0];
  if (fault) invalid([`${file.name}: ${fault.message}`]);
  const tree: unknown = document.toJS() ?? {};
  if (!isTree(tree)) invalid([`${file.name}: must hold keys and values`]);
  // The schema never sees this key: assigning it would change a prototype instead.
  const prototype = keysOf(tree).filter((key) => key.split('.').includes('__proto__'));
  if (prototype.length > 0) {
    refuseUnknown(prototype.map((key) => ({ key, place: file.name, known: settingKeys })));
  }
  return tree;
}

function putProfileUnder(given: Tree, origins: Map<string, Origin>): void {
  const { trading } = given;
  if (!isTree(trading) || trading.profile !== 'conservative') return;
  const { limits = {} } = trading;
  if (!isTree(limits)) return;
  for (const key of Object.keys(conservativeLimits)) {
    if (!(key in limits)) origins.set(`trading.limits.${key}`, 'profile');
  }
  trading.limits = { ...conservativeLimits, ...limits };
}

function refuse(issues: readonly z.core.$ZodIssue[], origins: ReadonlyMap<string, Origin>, fileName: string): never {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ key: [...issue.path, key].join('.'), place: fileName, known: settingKeys }))
      : [],
  );
  if (unknown.length > 0) refuseUnknown(unknown);
  invalid(
    issues.map((issue) => {
      const key = issue.path.join('.');
      return `${key} (${originOf(key, origins)}): ${issue.message}`;
    }),
  );
}

// A fault inside a structure carries the origin of the setting that holds it.
function originOf(key: string, origins: ReadonlyMap<string, Origin>): Origin {
  for (let at = key; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const origin = origins.get(at);
    if (origin) return origin;
  }
  return 'default';
}

function invalid(faults: readonly string[]): never {
  throw new Failure('CONFIGURATION_INVALID', faults.join('; '), { faults });
}

function refuseUnknown(
  faults: readonly { readonly key: string; readonly place: string; readonly known: readonly string[] }[],
): never {
  const nearest = faults.map(({ key, known }) => nearestKey(key, known));
  const sentences = faults.map(
    ({ key, place }, index) => `unknown key ${key} in ${place}; did you mean ${nearest[index] ?? ''}?`,
  );
  throw new Failure('CONFIGURATION_UNKNOWN_KEY', sentences.join(' '), { keys: faults.map(({ key }) => key), nearest });
}

function refuseHalfLive(
  settings: Settings,
  origins: ReadonlyMap<string, Origin>,
  environment: SettingSources['environment'],
): void {
  if (settings.trading.mode !== 'live') return;
  const { account } = settings.trading;
  const fileSaysSo = origins.get('trading.mode')?.startsWith('file ') ?? false;
  if (fileSaysSo && environment.PLIMSOLL_LIVE_ACCOUNT === account) return;
  const missing = fileSaysSo ? `PLIMSOLL_LIVE_ACCOUNT is not ${account}` : 'the settings file does not say so';
  throw new Failure('CONFIGURATION_LIVE_REFUSED', `trading.mode is live, but ${missing}`, { account });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(into: Tree, from: Tree): void {
  for (const [key, value] of Object.entries(from)) {
    const present = into[key];
    if (isTree(present) && isTree(value)) merge(present, value);
    else into[key] = isTree(value) ? structuredClone(value) : value;
  }
}

function set(into: Tree, path: readonly string[], value: unknown): void {
  merge(into, path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Tree);
}

function keysOf(tree: Tree, prefix = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? [`${prefix}${key}`, ...keysOf(value, `${prefix}${key}.`)] : [`${prefix}${key}`],
  );
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
