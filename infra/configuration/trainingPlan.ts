import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { SearchPlan, SearchSpace } from '#domain/searchSpace.ts';
import { Failure } from '#domain/failure.ts';
import { withListedFeatures } from './planFeatures.ts';
import type { DeepReadonly, Settings } from './schema.ts';
import { agentSpecSchema, agentTradingSchema, versionName } from './sections/agent.ts';
import { featureList, trainingSpecSchema } from './sections/model.ts';

const bounds = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, 'must ascend');

/** A setting's values: `choice` of some, or a range, `logarithmic` where orders of magnitude count. */
const dimension = z.union([
  z.strictObject({ choice: z.array(z.union([z.number(), z.string()])).min(1) }),
  z.strictObject({ linear: bounds, whole: z.boolean().default(false) }),
  z.strictObject({
    logarithmic: bounds.refine(([from]) => from > 0, 'must begin above 0'),
    whole: z.boolean().default(false),
  }),
]);

const searchSection = z.strictObject({
  space: z.record(z.string(), dimension).refine((space) => Object.keys(space).length > 0, 'must name a setting'),
  sampler: z.enum(['random', 'tpe']).default('tpe'),
  trials: z.int().min(1).max(500).default(20),
  parallel: z.int().min(1).max(32).default(2),
  /** Epochs of the first rung. */
  epochsMin: z.int().min(1).max(1_000).default(2),
  /** One trial in so many goes on, for so many times the epochs. */
  factor: z.number().min(1.5).max(100).default(3),
  seed: z.int().min(0).max(0xffff_ffff).default(7),
});

const fileSchema = z.strictObject({
  model: z.string().min(1).exactOptional(),
  author: z.string().min(1).exactOptional(),
  dataset: z.string().min(1).exactOptional(),
  /** Session of the snapshot; left out: the dataset's current one. */
  asOf: z.iso.date().exactOptional(),
  features: featureList.exactOptional(),
  /** Settings of the training; those left out have the value of the settings. */
  training: z.record(z.string(), z.unknown()).default({}),
  holdoutSessions: z.int().min(5).exactOptional(),
  /** One training a seed; left out: the one of the settings. */
  seeds: z.array(z.int().min(0).max(0xffff_ffff)).min(1).exactOptional(),
  search: searchSection.exactOptional(),
  /** How an agent trades; what is left out is as FinRL has it. */
  environment: z.record(z.string(), z.unknown()).exactOptional(),
  /** A forecaster whose forecasts an agent sees. */
  forecaster: versionName.exactOptional(),
  /** An agent to begin with. */
  beginWith: versionName.exactOptional(),
});

type File = z.infer<typeof fileSchema>;

/** What every plan says, complete. */
interface CommonPlan {
  readonly model: string;
  /** Absent where the file does not say: then it is whoever asks. */
  readonly author?: string;
  readonly dataset?: string;
  readonly asOf?: string;
  /** Absent: the default set. */
  readonly features?: DeepReadonly<z.infer<typeof featureList>>;
  readonly holdoutSessions: number;
  readonly seeds: readonly number[];
}

/** What forecaster to train. */
export interface ForecasterPlan extends CommonPlan {
  readonly learner: 'forecaster';
  readonly training: DeepReadonly<z.infer<typeof trainingSpecSchema>>;
  readonly search?: SearchPlan;
}

/** What agent to train, and how it trades. */
export interface AgentPlan extends CommonPlan {
  readonly learner: 'agent';
  readonly agent: DeepReadonly<z.infer<typeof agentSpecSchema>>;
  readonly trading: DeepReadonly<z.infer<typeof agentTradingSchema>>;
  readonly forecaster?: z.infer<typeof versionName>;
  readonly beginWith?: z.infer<typeof versionName>;
}

/** What to train. */
export type TrainingPlan = ForecasterPlan | AgentPlan;

/**
 * The plan of a file, what it leaves out taken from the settings.
 * @param file its path; undefined: the settings alone
 * @throws Failure CONFIGURATION_FILE_MISSING, CONFIGURATION_INVALID naming every fault
 */
export function loadTrainingPlan(file: string | undefined, settings: Settings): TrainingPlan {
  if (file === undefined) return completed({ training: {} }, settings);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('CONFIGURATION_FILE_MISSING', `cannot read ${file}`, { name: file }, { cause });
  }
  return parseTrainingPlan({ name: file, text }, settings);
}

/**
 * Reads a plan's YAML.
 * @throws Failure CONFIGURATION_INVALID naming every fault; as `withListedFeatures` for features in a file of their own
 */
export function parseTrainingPlan(
  { name, text }: { readonly name: string; readonly text: string },
  settings: Settings,
): TrainingPlan {
  const document = parseDocument(text);
  if (document.errors[0]) refuse(name, [document.errors[0].message]);
  const parsed = fileSchema.safeParse(withListedFeatures(document.toJS() ?? {}, name));
  if (!parsed.success) refuse(name, faultsOf(parsed.error));
  try {
    return completed(parsed.data, settings);
  } catch (error) {
    throw error instanceof z.ZodError ? refusal(name, faultsOf(error)) : error;
  }
}

function completed(file: File, settings: Settings): TrainingPlan {
  const { training: given, seeds, author, dataset, asOf } = file;
  const features = file.features ?? settings.features.features;
  const common = {
    ...(author !== undefined && { author }),
    ...(dataset !== undefined && { dataset }),
    ...(asOf !== undefined && { asOf }),
    ...(features !== null && { features }),
    holdoutSessions: file.holdoutSessions ?? settings.validation.holdoutSessions,
  };
  const { search, environment = {}, forecaster, beginWith } = file;
  if (agentSpecSchema.options.some((option) => option.shape.kind.value === given.kind)) {
    refuseKeys({ search }, 'is of forecasters: no agent is searched for');
    const agent = parsedAt('training', agentSpecSchema, given);
    const trading = parsedAt('environment', agentTradingSchema, environment);
    const named = { ...(forecaster && { forecaster }), ...(beginWith && { beginWith }) };
    const model = file.model ?? agent.kind;
    return { ...common, learner: 'agent', model, agent, trading, seeds: seeds ?? [agent.seed], ...named };
  }
  refuseKeys({ environment: file.environment, forecaster, beginWith }, 'is of agents: training.kind sac, ppo or dqn');
  const base = { ...ownSettings(given.kind, settings), ...given };
  const training = parsedAt('training', trainingSpecSchema, base);
  return {
    ...common,
    learner: 'forecaster',
    model: file.model ?? settings.model.name,
    training,
    seeds: seeds ?? [training.seed],
    ...(search && { search: searchPlan(search, base) }),
  };
}

/** Refuses what is given among keys that a plan of its kind does not have. */
function refuseKeys(given: Readonly<Record<string, unknown>>, message: string): void {
  const faults = Object.entries(given).filter(([, value]) => value !== undefined);
  if (faults.length === 0) return;
  throw new z.ZodError(faults.map(([key, input]) => ({ code: 'custom', path: [key], message, input })));
}

function searchPlan(
  { space: given, epochsMin, factor, ...search }: z.infer<typeof searchSection>,
  base: Readonly<Record<string, unknown>>,
): SearchPlan {
  const space: SearchSpace = Object.fromEntries(
    Object.entries(given).map(([name, one]) => {
      if ('choice' in one) return [name, { kind: 'choice', values: one.choice }];
      const [scale, [from, to]] =
        'linear' in one ? (['linear', one.linear] as const) : (['logarithmic', one.logarithmic] as const);
      return [name, { kind: 'range', from, to, scale, whole: one.whole }];
    }),
  );
  // Whatever a search may come upon must be a training: the ends of a range stand for what is between.
  for (const [name, one] of Object.entries(space)) {
    const values = one.kind === 'choice' ? one.values : [one.from, one.to];
    for (const value of values) parsedAt('search.space', trainingSpecSchema, { ...base, [name]: value });
  }
  return { ...search, space, halving: { epochsMin, factor } };
}

/** The settings of a training that are a kind's own or everybody's. @param kind as the file says it, if it does */
function ownSettings(kind: unknown, { training }: Settings): Readonly<Record<string, unknown>> {
  const wanted = kind ?? training.kind;
  const own = trainingSpecSchema.options.find((option) => option.shape.kind.value === wanted);
  return Object.fromEntries(Object.entries({ ...training, kind: wanted }).filter(([name]) => own && name in own.shape));
}

function parsedAt<Schema extends z.ZodType>(place: string, schema: Schema, given: object): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [place, ...issue.path] }));
  throw new z.ZodError(issues);
}

function faultsOf({ issues }: z.ZodError): readonly string[] {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
}

function refuse(name: string, faults: readonly string[]): never {
  throw refusal(name, faults);
}

function refusal(name: string, faults: readonly string[]): Failure {
  return new Failure('CONFIGURATION_INVALID', `${name} is refused: ${faults.join('; ')}`, { faults });
}
