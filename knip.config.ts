import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'infra/stack/bootstrap.mjs',
    'console/plimsoll.mjs',
    'console/cli.ts',
    'workers/*.ts',
    'workflows/all.ts',
    'test/chaos/*.ts',
    'test/bench/*.ts',
  ],
  project: ['**/*.{ts,mjs}'],
};

export default config;
