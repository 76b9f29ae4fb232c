import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';

/** Where the servers are and how to be let in. */
export interface StackAddresses {
  readonly temporal: {
    /** `host:port` of the frontend. */
    readonly address: string;
    readonly namespace: string;
    readonly uiUrl: string;
    /** Prometheus page of our own server; absent for one that was given. */
    readonly metricsUrl?: string;
  };
  /** With credentials. */
  readonly postgres: { readonly url: string };
  readonly objects: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKey: string;
    readonly secretKey: string;
    /** Page on which people browse the store; absent where the service has none. */
    readonly consoleUrl?: string;
  };
  readonly mlflow: { readonly url: string };
}

/** File of the home that holds the addresses of the running stack; readable by its owner only. */
export function addressesFile(home: string): string {
  return path.join(home, 'addresses.json');
}

/**
 * The addresses of the stack that runs in a home.
 * @throws Failure STACK_NOT_RUNNING when none does
 */
export async function readAddresses(home: string): Promise<StackAddresses> {
  try {
    return JSON.parse(await readFile(addressesFile(home), 'utf8')) as StackAddresses;
  } catch (cause) {
    const message = `no stack runs in ${home}: start one with npx plimsoll up`;
    throw new Failure('STACK_NOT_RUNNING', message, { home }, { cause });
  }
}
