/** Addresses of the real servers a test run shares. */
export interface TestServers {
  /** A database whose owner may create databases. */
  readonly postgresUrl: string;
  readonly s3: {
    readonly endpoint: string;
    readonly accessKey: string;
    readonly secretKey: string;
    readonly region: string;
  };
  readonly mlflowUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: TestServers;
  }
}
