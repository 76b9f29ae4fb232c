import path from 'node:path';
import type { Settings } from '#infra/configuration/schema.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import type { GivenServers } from '#infra/stack/givenServers.ts';
import type { CommandContext } from './context.ts';

/** Where the stack of these settings lives and which servers it is given. */
export interface StackPlace {
  readonly home: string;
  readonly cache: string;
  readonly ports: Settings['stack']['ports'];
  readonly given: GivenServers;
}

/** The stack's place, from the settings. */
export function stackPlace(context: CommandContext): StackPlace {
  const { stack } = context.settings().settings;
  return {
    home: path.resolve(context.checkout, stack.homeDirectory),
    cache: stack.cacheDirectory ?? cacheFolder(context.environment),
    ports: stack.ports,
    given: givenServers(stack),
  };
}

function givenServers(stack: Settings['stack']): GivenServers {
  const { temporalAddress, temporalNamespace, postgresUrl, mlflowUrl } = stack;
  const { s3Endpoint, s3AccessKey, s3SecretKey, s3Bucket, s3Region } = stack;
  const hasKeys = s3AccessKey !== null && s3SecretKey !== null;
  return {
    ...(temporalAddress !== null && { temporal: { address: temporalAddress, namespace: temporalNamespace } }),
    ...(postgresUrl !== null && { postgresUrl }),
    ...(s3Endpoint !== null &&
      hasKeys && {
        objects: {
          endpoint: s3Endpoint,
          region: s3Region,
          bucket: s3Bucket,
          accessKey: s3AccessKey,
          secretKey: s3SecretKey,
        },
      }),
    ...(mlflowUrl !== null && { mlflowUrl }),
  };
}
