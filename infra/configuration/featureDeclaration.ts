import { readFile } from 'node:fs/promises';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { DeepReadonly } from './schema.ts';
import { featureDefinition, timeframeSchema } from './sections/model.ts';

const declarationSchema = z.strictObject({
  /** Length of the bars whose closes are the rows. */
  timeframe: timeframeSchema.exactOptional(),
  market: z.enum(['XNYS', 'continuous']).exactOptional(),
  features: z.array(featureDefinition.extend({ parameters: featureDefinition.shape.parameters.default({}) })).min(1),
});

/** A feature set as a person declared it. */
export interface FeatureDeclaration {
  readonly spec: DeepReadonly<z.infer<typeof declarationSchema>>;
  /** Says of a fault in the set where it stands: its file and, for a feature's, its line. */
  readonly located: (fault: Failure) => Failure;
}

/**
 * Reads a feature set from YAML.
 * @throws Failure FILE_UNREADABLE for a file that cannot be read; FEATURE_SPEC_INVALID as parseFeatureDeclaration
 */
export async function readFeatureDeclaration(path: string): Promise<FeatureDeclaration> {
  try {
    return parseFeatureDeclaration(path, await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}

/**
 * Checks a feature set's YAML against its schema.
 * @param path names the file in messages
 * @throws Failure FEATURE_SPEC_INVALID naming file and line of every fault
 */
export function parseFeatureDeclaration(path: string, text: string): FeatureDeclaration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) throw invalid(path, [`line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`]);
  const lineOf = (keys: readonly PropertyKey[]): number => {
    // What is missing stands nowhere: its fault is at what should hold it.
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const parsed = declarationSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    throw invalid(
      path,
      parsed.error.issues.map((issue) => {
        const at = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
        return `line ${lineOf(at)}: ${issue.path.join('.') || 'the set'}: ${issue.message}`;
      }),
    );
  }
  const spec = parsed.data;
  return {
    spec,
    located: (fault) => {
      const place = spec.features.findIndex(({ name }) => name === fault.details.feature);
      return invalid(path, [place === -1 ? fault.message : `line ${lineOf(['features', place])}: ${fault.message}`]);
    },
  };
}

function invalid(path: string, faults: readonly string[]): Failure {
  return new Failure('FEATURE_SPEC_INVALID', `${path}, ${faults.join('; ')}`, { path, faults });
}
