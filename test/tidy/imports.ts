import { lineOf, parse, type Breach, type Source } from './sources.ts';

/** What a room may import; `types` lists what it may import as types only. Packages are matched by name prefix. */
interface RoomRule {
  readonly rooms: readonly string[];
  readonly typeRooms: readonly string[];
  /** Packages it may import; `any` for rooms that wire or adapt. */
  readonly packages: readonly string[] | 'any';
}

/** Numeric libraries that compute and do nothing else. */
const numeric = ['ml-matrix', 'pure-rand', 'jstat', 'echarts'];

/** The import table of docs/architecture.md. */
export const importTable: Readonly<Record<string, RoomRule>> = {
  domain: { rooms: ['domain'], typeRooms: [], packages: numeric },
  pipelines: { rooms: ['domain', 'pipelines'], typeRooms: ['models'], packages: numeric },
  models: {
    rooms: ['domain', 'models'],
    typeRooms: ['pipelines'],
    packages: [...numeric, '@tensorflow/', 'onnxruntime-node', 'node:'],
  },
  activities: {
    rooms: ['domain', 'pipelines', 'models', 'activities'],
    typeRooms: [],
    packages: ['@temporalio/activity', 'node:', 'pure-rand'],
  },
  workflows: {
    rooms: ['domain', 'workflows'],
    typeRooms: ['activities', 'pipelines', 'models'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  infra: { rooms: ['domain', 'infra'], typeRooms: ['activities/ports'], packages: 'any' },
  // What a person does with Temporal down is done by the activities themselves, in this process.
  console: {
    rooms: ['domain', 'pipelines', 'workflows', 'activities', 'infra', 'console'],
    typeRooms: [],
    packages: 'any',
  },
  workers: {
    rooms: ['domain', 'pipelines', 'models', 'activities', 'workflows', 'infra', 'console', 'workers'],
    typeRooms: [],
    packages: 'any',
  },
};

/** Node's built-ins that a pure room may use: hashing is a pure function. */
const pureBuiltIns: Readonly<Record<string, readonly string[]>> = { 'domain/sha256.ts': ['node:crypto'] };

/** Breaches of the import table in one source. */
export function importBreaches(source: Source): readonly Breach[] {
  const room = source.path.split('/')[0] ?? '';
  const rule = importTable[room];
  if (!rule) return [];
  return importsOf(source).flatMap(({ specifier, typeOnly, line }) => {
    const message = judge(source, { specifier, typeOnly }, rule);
    return message === undefined ? [] : [{ path: source.path, line, rule: 'import table', message }];
  });
}

function judge(
  source: Source,
  { specifier, typeOnly }: { readonly specifier: string; readonly typeOnly: boolean },
  rule: RoomRule,
): string | undefined {
  const room = source.path.split('/')[0] ?? '';
  if (specifier.startsWith('.')) {
    const inside = new URL(specifier, `file:///${source.path}`).pathname.startsWith(`/${room}/`);
    return inside ? undefined : `${specifier} leaves the room: write #room/file.ts`;
  }
  if (specifier.startsWith('#')) {
    const target = specifier.slice(1);
    if (rule.rooms.some((allowed) => target.startsWith(`${allowed}/`))) return undefined;
    if (typeOnly && rule.typeRooms.some((allowed) => target.startsWith(`${allowed}/`))) return undefined;
    return `${room} may not import ${specifier}${typeOnly ? ', not even its types' : ' as a value'}`;
  }
  if (rule.packages === 'any' || pureBuiltIns[source.path]?.includes(specifier)) return undefined;
  const known = rule.packages.some((allowed) => specifier === allowed || specifier.startsWith(prefix(allowed)));
  return known ? undefined : `${room} may not import the package ${specifier}`;
}

function prefix(allowed: string): string {
  return /[/:]$/.test(allowed) ? allowed : `${allowed}/`;
}

function importsOf(source: Source): readonly { specifier: string; typeOnly: boolean; line: number }[] {
  return parse(source).body.flatMap((node) => {
    if (
      (node.type !== 'ImportDeclaration' &&
        node.type !== 'ExportNamedDeclaration' &&
        node.type !== 'ExportAllDeclaration') ||
      !node.source
    ) {
      return [];
    }
    const kind = node.type === 'ImportDeclaration' ? node.importKind : node.exportKind;
    const specifiers = node.type === 'ImportDeclaration' ? node.specifiers : [];
    const eachType =
      specifiers.length > 0 &&
      specifiers.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.importKind === 'type');
    return [
      { specifier: node.source.value, typeOnly: kind === 'type' || eachType, line: lineOf(source.text, node.start) },
    ];
  });
}
