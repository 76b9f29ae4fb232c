import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CostRates } from '#domain/costs.ts';
import { Failure } from '#domain/failure.ts';
import type { AlpacaCredentials } from '../alpaca/alpacaHttp.ts';
import { controlKeyOf } from './controlKey.ts';
import { paperCredentials } from './credentials.ts';

/** How to start a paper exchange. */
export interface PaperExchangeLaunch {
  /** Directory of the journal and the control key; one exchange at a time uses it. */
  readonly home: string;
  /** CSV of recorded daily bars. */
  readonly barsFile: string;
  /** 0 or absent for a free one. */
  readonly port?: number;
  /** Largest part of a session's volume one account may trade, a fraction; default 0.1. */
  readonly participationFraction?: number;
  /** What trading costs; by default the domain's own rates, as the backtest's. */
  readonly rates?: CostRates;
  /** Buying power as a multiple of equity; default 2. */
  readonly buyingPowerMultiple?: 1 | 2;
  /** Default 60,000: a loaded machine compiles slowly. */
  readonly readyTimeoutMs?: number;
}

/** A running paper exchange. */
export interface RunningPaperExchange {
  /** `http://127.0.0.1:PORT`, both Alpaca's trading API and its market data. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly controlKey: string;
  credentialsFor(account: string): AlpacaCredentials;
  /** Ends it, by SIGTERM and after five seconds by SIGKILL, and waits until it is gone. */
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('./server.ts', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));
const stopTimeoutMs = 5_000;
const lastWordsMax = 2_000;

/** Arguments of the program after `node`, for whoever supervises it as a process of its own; it runs in the repository. */
export function paperExchangeArguments(launch: PaperExchangeLaunch): readonly string[] {
  return [
    '--import',
    'tsx',
    program,
    '--home',
    path.resolve(launch.home),
    '--bars',
    path.resolve(launch.barsFile),
    '--port',
    String(launch.port ?? 0),
    ...(launch.participationFraction === undefined ? [] : ['--participation', String(launch.participationFraction)]),
    ...(launch.rates === undefined ? [] : rateArguments(launch.rates)),
    ...(launch.buyingPowerMultiple === undefined ? [] : ['--buying-power', String(launch.buyingPowerMultiple)]),
  ];
}

function rateArguments({
  halfSpreadBasisPoints,
  commissionBasisPoints,
  schedule,
  ratesAsOf,
}: CostRates): readonly string[] {
  return [
    '--half-spread',
    String(halfSpreadBasisPoints),
    '--commission',
    String(commissionBasisPoints),
    ...(typeof schedule === 'string' ? ['--schedule', schedule] : []),
    ...(typeof ratesAsOf === 'string' ? ['--rates-as-of', ratesAsOf] : []),
  ];
}

/**
 * Starts a paper exchange as a child process that ends with this one, and waits until it answers.
 * @throws Failure PAPER_EXCHANGE_NOT_STARTED with its last words
 */
export async function startPaperExchange(launch: PaperExchangeLaunch): Promise<RunningPaperExchange> {
  const child = spawn(process.execPath, [...paperExchangeArguments(launch), '--exit-with-parent'], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const port = await readyPort(child, launch.readyTimeoutMs ?? 60_000).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const controlKey = controlKeyOf(launch.home);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    controlKey,
    credentialsFor: (account) => paperCredentials(controlKey, account),
    stop: async () => stopChild(child),
  };
}

async function readyPort(child: ChildProcess, timeoutMs: number): Promise<number> {
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString('utf8')}`.slice(-lastWordsMax);
  });
  const notStarted = (problem: string): Failure =>
    new Failure('PAPER_EXCHANGE_NOT_STARTED', `the paper exchange ${problem}: ${lastWords.trim()}`, { problem });
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    if (child.stdout === null) throw new Error('the child has no standard output');
    const lines = createInterface({ input: child.stdout });
    return await Promise.race([
      once(lines, 'line', { signal }).then(([line]) => (JSON.parse(String(line)) as { readonly port: number }).port),
      once(child, 'close', { signal }).then(([code]) => {
        throw notStarted(`ended with ${String(code)}`);
      }),
      delay(timeoutMs, undefined, { signal }).then(() => {
        throw notStarted(`was not ready within ${timeoutMs} ms`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await gone;
  clearTimeout(killer);
}
