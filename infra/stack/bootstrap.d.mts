/** Whether a Node version, e.g. `20.19.4`, is new enough. */
export function isNodeSupported(version: string): boolean;

/** Installs what is missing, then runs the program that the arguments name. */
export function start(args: readonly string[]): void;
