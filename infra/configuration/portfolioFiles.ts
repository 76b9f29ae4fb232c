import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { NamedConstraints } from '#domain/portfolio/namedConstraints.ts';
import type { StressScenario } from '#domain/stressScenarios.ts';
import { withFile } from '../files/withFile.ts';

const range = { min: z.number().exactOptional(), max: z.number().exactOptional() };
const byAsset = z.record(z.string(), z.number());
const sectors = z.record(z.string(), z.strictObject({ ...range, assets: z.array(z.string()).min(1) }));

const constraintsSchema = z.strictObject({
  bounds: z.strictObject(range).exactOptional(),
  assets: z.record(z.string(), z.strictObject(range)).exactOptional(),
  budget: z.number().exactOptional(),
  sectors: sectors.exactOptional(),
  held: byAsset.exactOptional(),
  turnoverMax: z.number().exactOptional(),
  costs: z.union([z.number(), byAsset]).exactOptional(),
  leverageMax: z.number().exactOptional(),
  trackingErrorMax: z.number().exactOptional(),
  benchmark: byAsset.exactOptional(),
  assetsMax: z.int().positive().exactOptional(),
  riskBudgets: byAsset.exactOptional(),
});

const viewsSchema = z.strictObject({
  market: byAsset.exactOptional(),
  riskAversion: z.number().positive().exactOptional(),
  doubt: z.number().positive().exactOptional(),
  views: z.array(
    z.strictObject({ assets: byAsset, return: z.number(), confidence: z.number().min(0).max(1).default(0.5) }),
  ),
});

const exposuresSchema = z.strictObject({
  sectors: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  factors: z.record(z.string(), byAsset).default({}),
  driftMax: z.record(z.string(), z.number().min(0)).default({}),
});

/** What weights share: sectors of assets, factors with the beta of each asset, and how far each may drift. */
export type ExposuresFile = Readonly<z.infer<typeof exposuresSchema>>;

const shock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('indexFall'), fraction: z.number().max(1) }),
  z.strictObject({ kind: z.literal('ratesRise'), basisPoints: z.number() }),
  z.strictObject({ kind: z.literal('correlationsToOne'), deviations: z.number().min(0) }),
  z.strictObject({ kind: z.literal('liquidity'), spreadMultiple: z.number().min(0) }),
  z.strictObject({
    kind: z.literal('volumeFalls'),
    volumeFraction: z.number().gt(0),
    participationFraction: z.number().gt(0).max(1),
  }),
  z.strictObject({ kind: z.literal('gapThroughStop'), fraction: z.number().max(1), stopFraction: z.number().min(0) }),
]);
const scenariosSchema = z
  .array(z.strictObject({ name: z.string().min(1), title: z.string().min(1), shock, source: z.string().min(1) }))
  .min(1);

/** Views as a person writes them: combinations of assets by name, returns of a year as fractions. */
export type ViewsFile = Readonly<z.infer<typeof viewsSchema>>;

/**
 * Constraints of a portfolio from YAML: see docs/portfolio.md.
 * @throws Failure FILE_UNREADABLE; PORTFOLIO_INPUT_INVALID naming every key that is unknown or of the wrong kind
 */
export async function readConstraints(path: string): Promise<NamedConstraints> {
  return read(path, constraintsSchema);
}

/**
 * Sectors alone from YAML: their assets, and the least and largest weight of each.
 * @throws Failure as of `readConstraints`
 */
export async function readSectors(path: string): Promise<NonNullable<NamedConstraints['sectors']>> {
  return read(path, sectors);
}

/**
 * Views of Black-Litterman from YAML, with the market's weights where they are not all equal.
 * @throws Failure as of `readConstraints`
 */
export async function readViews(path: string): Promise<ViewsFile> {
  return read(path, viewsSchema);
}

/**
 * Sectors, factors with betas, and drift limits from YAML: see docs/portfolio.md.
 * @throws Failure as of `readConstraints`
 */
export async function readExposures(path: string): Promise<ExposuresFile> {
  return read(path, exposuresSchema);
}

/**
 * Stress scenarios from YAML: see docs/risk.md.
 * @throws Failure as of `readConstraints`
 */
export async function readScenarios(path: string): Promise<readonly StressScenario[]> {
  return read(path, scenariosSchema);
}

async function read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await yamlAt(path));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Failure('PORTFOLIO_INPUT_INVALID', `${path}: ${faults.join('; ')}`, { path, faults });
}

async function yamlAt(path: string): Promise<unknown> {
  return withFile(path, async () => parse(await readFile(path, 'utf8')));
}
