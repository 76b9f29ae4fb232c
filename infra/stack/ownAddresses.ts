import type { StackAddresses } from './addresses.ts';
import type { GivenServers } from './givenServers.ts';
import type { Credentials } from './homeState.ts';
import type { ObjectServer } from './objectServer.ts';

const namespace = 'plimsoll';
const bucket = 'plimsoll';
const region = 'us-east-1';
const temporalPagesPort = 8080;

/** Where every server is: at the address given for it, else at our own port with our own credentials. */
export function stackAddresses(from: {
  readonly ports: Readonly<Record<string, number>>;
  readonly credentials: Credentials;
  readonly given: GivenServers;
  readonly objectServer: ObjectServer;
}): StackAddresses {
  const { ports, credentials, given, objectServer } = from;
  const url = (name: string): string => `http://127.0.0.1:${ports[name]}`;
  const ownPostgres = `postgresql://postgres:${credentials.postgresPassword}@127.0.0.1:${ports.postgres}/plimsoll`;
  return {
    temporal: given.temporal
      ? { ...given.temporal, uiUrl: given.temporal.uiUrl ?? pagesBeside(given.temporal.address) }
      : {
          address: `127.0.0.1:${ports.temporal}`,
          namespace,
          uiUrl: url('temporalUi'),
          metricsUrl: `${url('temporalMetrics')}/metrics`,
        },
    postgres: { url: given.postgresUrl ?? ownPostgres },
    objects: given.objects ?? {
      endpoint: url('s3'),
      region,
      bucket,
      accessKey: credentials.s3AccessKey,
      secretKey: credentials.s3SecretKey,
      // SeaweedFS has no page that asks for credentials.
      ...(objectServer === 'minio' && { consoleUrl: url('s3Console') }),
    },
    mlflow: { url: given.mlflowUrl ?? url('mlflow') },
  };
}

/** The address of another database on the same server. */
export function databaseUrl(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.href;
}

function pagesBeside(address: string): string {
  return `http://${address.split(':')[0]}:${temporalPagesPort}`;
}
