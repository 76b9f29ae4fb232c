import { z } from 'zod';
import { contractSection } from './contract.ts';
import { feedSection } from './feed.ts';
import { providerNames, providersSection } from './providers.ts';

const port = (of: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(65_535).default(0).describe(`port of ${of}; 0 takes a free one`);

const address = (of: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).nullable().default(null).describe(`${of}; null starts our own`);

const secret = (of: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).nullable().default(null).meta({ description: of, secret: true });

/** Servers: our own, or those at the addresses given here. */
export const stackSection = z
  .strictObject({
    homeDirectory: z.string().min(1).default('.plimsoll').describe('state of the stack'),
    cacheDirectory: z.string().min(1).nullable().default(null).describe('binaries; null: ~/.cache/plimsoll'),
    temporalAddress: address('host:port of a Temporal frontend'),
    temporalNamespace: z.string().min(1).default('plimsoll').describe('Temporal namespace'),
    postgresUrl: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address')
      .nullable()
      .default(null)
      .meta({ description: 'PostgreSQL with its credentials; null starts our own', secret: true }),
    s3Endpoint: z.url().nullable().default(null).describe('address of an S3 service; null starts our own'),
    s3AccessKey: secret('access key of the S3 service'),
    s3SecretKey: secret('secret key of the S3 service'),
    s3Bucket: z.string().min(3).max(63).default('plimsoll').describe('bucket of everything large'),
    s3Region: z.string().min(1).default('us-east-1').describe('region the S3 service signs for'),
    mlflowUrl: z.url().nullable().default(null).describe('address of an MLflow server; null starts our own'),
    ports: z
      .strictObject({
        temporal: port('Temporal'),
        temporalUi: port("Temporal's web UI"),
        temporalMetrics: port("Temporal's own metrics"),
        postgres: port('PostgreSQL'),
        s3: port('the object store'),
        s3Console: port("the object store's console"),
        mlflow: port('MLflow'),
        console: port('the review console'),
        paperExchange: port('the paper exchange'),
      })
      .prefault({}),
  })
  .refine(({ s3Endpoint, s3AccessKey, s3SecretKey }) => s3Endpoint === null || (s3AccessKey && s3SecretKey), {
    path: ['s3Endpoint'],
    message: 'needs s3AccessKey and s3SecretKey',
  });

/** Where the data comes from. */
export const dataSection = z
  .strictObject({
    provider: z.enum(providerNames).default('sample').describe('source of market data'),
    dataset: z.string().min(1).default('sample-daily').describe('name of the dataset'),
    symbols: z
      .array(z.string().min(1))
      .max(10_000)
      .default([])
      .describe('symbols of the dataset; none: all of the sample'),
    benchmarkSymbol: z.string().min(1).default('SPY').describe('benchmark where the provider has none of its own'),
    firstSession: z.iso.date().default('1990-01-01').describe('session from which the dataset begins'),
    heldBackSessions: z
      .int()
      .min(0)
      .default(63)
      .describe('last sessions of the sample that reach no snapshot before their own ingest'),
    contract: contractSection.prefault({}),
    providers: providersSection.prefault({}),
    feed: feedSection.prefault({}),
  })
  .refine(({ provider, symbols }) => provider === 'sample' || symbols.length > 0, {
    path: ['symbols'],
    message: 'a vendor has too many: name those of the dataset',
  });

/** Logs, metrics and traces. */
export const telemetrySection = z.strictObject({
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info').describe('least level written'),
  metricsHost: z.string().min(1).default('127.0.0.1').describe('address the metrics endpoints bind'),
  workerMetricsPort: port("the workers' own metrics"),
  temporalMetricsPort: port("the Temporal SDK's metrics"),
  otlpEndpoint: z
    .url()
    .nullable()
    .default(null)
    .describe('OTLP/HTTP receiver of traces, without /v1/traces; null sends none, ids still travel'),
});

/** The web console. */
export const consoleSection = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('address the console binds'),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('address people open where a proxy stands in front; with https the login travels by https alone'),
  sessionHours: z.number().gt(0).max(24).default(8).describe('hours a login lasts'),
  loginAttemptsMax: z.int().min(1).max(100).default(5).describe('failed logins in five minutes before a pause'),
});
