import type { Origin, ResolvedSettings } from './resolveSettings.ts';
import { variableOf } from './environmentKeys.ts';
import { settingLeaves } from './settingLeaves.ts';

/** One setting as people are shown it. */
export interface DescribedSetting {
  readonly key: string;
  /** The value; `(hidden)` for a secret that is set. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The variable that overrides it. */
  readonly variable: string;
  readonly description: string;
}

// What stands in place of a secret.
const hiddenValue = '(hidden)';

/** Every setting with its value, where it came from and what it means; secrets are hidden. */
export function describeSettings({ settings, origins }: ResolvedSettings): readonly DescribedSetting[] {
  return settingLeaves.map(({ path, secret, description }) => {
    const key = path.join('.');
    const value = path.reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>>)[part], settings);
    return {
      key,
      value: secret && value !== null ? hiddenValue : value,
      origin: origins.get(key) ?? 'default',
      variable: variableOf(path),
      description,
    };
  });
}

/** The described settings as lines: key, value, origin. */
export function settingLines(described: readonly DescribedSetting[]): string {
  const shown = described.map(({ key, value, origin }) => [key, JSON.stringify(value), origin] as const);
  const keyWidth = Math.max(...shown.map(([key]) => key.length));
  // Structures are long; they do not push the origins of the others off the screen.
  const valueWidth = Math.min(32, Math.max(...shown.map(([, value]) => value.length)));
  return shown
    .map(([key, value, origin]) => `${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${origin}`)
    .join('\n');
}
