import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { type DeepReadonly } from './schema.ts';
import { gateSchema } from './sections/gate.ts';
import { featureList, trainingSpecSchema, validationSection } from './sections/model.ts';

const planSchema = z.strictObject({
  name: z.string().min(1),
  /** Name of the model in the registry. */
  model: z.string().min(1),
  author: z.string().min(1),
  dataset: z.string().min(1),
  heldBackSessions: z.int().min(1),
  features: z.strictObject({ features: featureList }),
  training: trainingSpecSchema,
  validation: validationSection.omit({ windowsMax: true }).extend({
    /** Windows judged at most, the latest; left out: all of them. */
    windowsMax: z.int().min(1).exactOptional(),
  }),
  gates: z.strictObject({
    /** Decides whether the model deserves to trade. */
    honest: gateSchema,
    /** Shows only that every part works; opens the review of a demonstration when the honest gate failed. */
    demonstration: gateSchema,
  }),
  trading: z.strictObject({
    account: z.string().min(1),
    strategy: z.string().min(1),
    cashDollars: z.number().gt(0),
  }),
});

/** A pinned plan: everything that decides what a run trains, how it is judged and what it may trade. */
export type Plan = DeepReadonly<z.infer<typeof planSchema>>;

/**
 * Reads a plan of `infra/configuration/plans`.
 * @throws Failure PLAN_UNKNOWN when there is none of the name; CONFIGURATION_INVALID when it breaks the schema
 */
export function loadPlan(name: string): Plan {
  const folder = new URL('plans/', import.meta.url);
  const known = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));
  if (!known.includes(name)) {
    throw new Failure('PLAN_UNKNOWN', `there is no plan ${JSON.stringify(name)}; known: ${known.join(', ')}`, {
      name,
      known,
    });
  }
  return parsePlan(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
}

/**
 * Checks a plan's YAML. Nothing is left to a default: a plan says everything it pins.
 * @throws Failure CONFIGURATION_INVALID naming every fault
 */
export function parsePlan(text: string): Plan {
  const given: unknown = parse(text);
  const parsed = planSchema.safeParse(given);
  const faults = parsed.success
    ? unsaidKeys(given, parsed.data).map((key) => `${key}: must be said`)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Failure('CONFIGURATION_INVALID', `the plan is refused: ${faults.join('; ')}`, { faults });
}

// Keys the schema filled in.
function unsaidKeys(given: unknown, complete: unknown, at = ''): readonly string[] {
  if (given === undefined) return [at];
  if (typeof complete !== 'object' || complete === null) return [];
  return Object.entries(complete).flatMap(([key, value]) =>
    unsaidKeys((given as Readonly<Record<string, unknown>>)[key], value, at === '' ? key : `${at}.${key}`),
  );
}
