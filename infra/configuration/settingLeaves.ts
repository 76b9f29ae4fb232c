import type { z } from 'zod';
import { settingsSchema } from './schema.ts';

/** One setting: its place, how a text is read into it, and what it means. */
export interface SettingLeaf {
  /** Keys from the root, e.g. `['trading', 'limits', 'leverageMax']`. */
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'boolean' | 'structure';
  readonly description: string;
  readonly secret: boolean;
}

interface SchemaNode {
  readonly def: { readonly type: string; readonly innerType?: SchemaNode };
  readonly shape?: Readonly<Record<string, SchemaNode>>;
  meta(): Readonly<Record<string, unknown>> | undefined;
}

/** Every setting of the schema, in its order. */
export const settingLeaves: readonly SettingLeaf[] = leavesOf(settingsSchema satisfies z.ZodType, []);

/** Every key a settings file may hold, groups included, joined by dots. */
export const settingKeys: readonly string[] = [
  ...new Set(settingLeaves.flatMap(({ path }) => path.map((_, depth) => path.slice(0, depth + 1).join('.')))),
];

function leavesOf(node: SchemaNode, path: readonly string[]): readonly SettingLeaf[] {
  const meta = node.meta() ?? {};
  let inner = node;
  let isWhole = false;
  while (inner.def.innerType) {
    // An object with a default of its own, instead of defaults inside, is replaced whole: one setting.
    isWhole ||= inner.def.type === 'default';
    inner = inner.def.innerType;
  }
  if (inner.def.type === 'object' && !isWhole) {
    return Object.entries(inner.shape ?? {}).flatMap(([key, child]) => leavesOf(child, [...path, key]));
  }
  const description = typeof meta.description === 'string' ? meta.description : '';
  return [{ path, kind: kindOf(inner.def.type), description, secret: meta.secret === true }];
}

function kindOf(type: string): SettingLeaf['kind'] {
  if (type === 'string' || type === 'enum') return 'text';
  if (type === 'number') return 'number';
  if (type === 'boolean') return 'boolean';
  return 'structure';
}
