import { parse } from 'yaml';
import { settingLeaves, type SettingLeaf } from './settingLeaves.ts';

/** Every variable of ours starts so. */
export const variablePrefix = 'PLIMSOLL_';

/** Short names of settings that are often given by the environment. */
const aliases: Readonly<Record<string, string>> = {
  PLIMSOLL_HOME: 'stack.homeDirectory',
  PLIMSOLL_CACHE: 'stack.cacheDirectory',
  PLIMSOLL_TEMPORAL_ADDRESS: 'stack.temporalAddress',
  PLIMSOLL_TEMPORAL_NAMESPACE: 'stack.temporalNamespace',
  PLIMSOLL_POSTGRES_URL: 'stack.postgresUrl',
  PLIMSOLL_S3_ENDPOINT: 'stack.s3Endpoint',
  PLIMSOLL_S3_ACCESS_KEY: 'stack.s3AccessKey',
  PLIMSOLL_S3_SECRET_KEY: 'stack.s3SecretKey',
  PLIMSOLL_S3_BUCKET: 'stack.s3Bucket',
  PLIMSOLL_S3_REGION: 'stack.s3Region',
  PLIMSOLL_MLFLOW_URL: 'stack.mlflowUrl',
};

// Variables that are no settings, and what each is for.
const otherVariables: Readonly<Record<string, string>> = {
  PLIMSOLL_CONFIG: 'path of the settings file',
  PLIMSOLL_LIVE_ACCOUNT: 'second switch of live trading: the name of the account',
  PLIMSOLL_MINIO_BINARY: 'path of a MinIO binary to use instead of building one',
  PLIMSOLL_SUPERVISOR: 'what the keeper of the stack is told by whoever starts it',
  PLIMSOLL_REVIEWER: 'who acts, for commands a person answers for',
  PLIMSOLL_PASSWORD: 'their password',
  PLIMSOLL_CHROMIUM: 'path of the Chromium that browser tests drive',
  PLIMSOLL_SCREENSHOTS: 'folder that browser tests write their pictures to',
};

const leafByVariable: ReadonlyMap<string, SettingLeaf> = new Map([
  ...settingLeaves.map((leaf) => [variableOf(leaf.path), leaf] as const),
  ...settingLeaves.flatMap((leaf) =>
    Object.entries(aliases)
      .filter(([, key]) => key === leaf.path.join('.'))
      .map(([variable]) => [variable, leaf] as const),
  ),
]);

/** Every variable of ours that may be set. */
export const knownVariables: readonly string[] = [...leafByVariable.keys(), ...Object.keys(otherVariables)];

/** The setting a variable holds; undefined for variables that are no settings. */
export function leafOfVariable(variable: string): SettingLeaf | undefined {
  return leafByVariable.get(variable);
}

/** The variable of a setting: `trading.limits.leverageMax` is `PLIMSOLL_TRADING__LIMITS__LEVERAGE_MAX`. */
export function variableOf(path: readonly string[]): string {
  const parts = path.map((part) => part.replaceAll(/([A-Z])/g, '_$1').toUpperCase());
  return variablePrefix + parts.join('__');
}

const readers: Readonly<Record<SettingLeaf['kind'], (text: string) => unknown>> = {
  text: (text) => (text === '' ? null : text),
  number: (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  structure: structureOfText,
};

/** Reads a variable's text as its setting's kind; what cannot be read stays text, for the schema to name. */
export function valueOfText(leaf: SettingLeaf, text: string): unknown {
  return readers[leaf.kind](text);
}

function structureOfText(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return text;
  }
}
