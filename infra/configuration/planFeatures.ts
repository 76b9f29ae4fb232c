import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { parseFeatureDeclaration } from './featureDeclaration.ts';

/**
 * A plan's content with its features listed: where they are the name of a declaration's file, beside the plan or anywhere,
 * its features stand in their place.
 * @param plan as YAML has it, not checked yet
 * @param name the plan's own path
 * @throws Failure CONFIGURATION_FILE_MISSING; FEATURE_SPEC_INVALID for a declaration that breaks the schema, or is not of
 *   daily bars of the exchange: models read nothing else
 */
export function withListedFeatures(plan: unknown, name: string): unknown {
  const features = (plan as { readonly features?: unknown } | null)?.features;
  if (typeof features !== 'string') return plan;
  const file = path.resolve(path.dirname(name), features);
  const { spec } = parseFeatureDeclaration(file, textOf(file));
  const { timeframe = '1d', market = 'XNYS' } = spec;
  if (timeframe !== '1d' || market !== 'XNYS') {
    const reason = `models read daily bars of sessions (timeframe 1d, market XNYS), not ${timeframe} of ${market}`;
    throw new Failure('FEATURE_SPEC_INVALID', `${file}: ${reason}`, { path: file, reason });
  }
  return { ...(plan as object), features: spec.features };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('CONFIGURATION_FILE_MISSING', `cannot read ${file}`, { name: file }, { cause });
  }
}
