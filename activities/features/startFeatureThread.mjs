import { register } from 'tsx/esm/api';

// A thread does not inherit the loader of TypeScript, and Node's `--import` gives it to the main thread only.
register();
await import('./featureThread.ts');
