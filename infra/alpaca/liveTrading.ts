import { Failure } from '#domain/failure.ts';

/**
 * The two switches of live trading, set in two places by two acts: the configuration's `mode: live` and the operator's
 * own words at start. One alone opens nothing.
 */
export interface LiveTradingSwitches {
  readonly configuration: 'live';
  readonly operator: 'trade-real-money';
}

const paperHosts: readonly string[] = ['paper-api.alpaca.markets', '127.0.0.1', 'localhost', '[::1]'];

/** Whether an address is known to move no real money: Alpaca's paper host or this machine. Any other counts as live. */
export function isPaperUrl(url: string): boolean {
  return paperHosts.includes(new URL(url).hostname);
}

/**
 * Lets paper addresses pass and live ones only with both switches.
 * @param switches possibly from configuration files, so its values are checked again here
 * @throws Failure LIVE_TRADING_NOT_ENABLED
 */
export function requireLiveTradingEnabled(url: string, switches: LiveTradingSwitches | undefined): void {
  if (isPaperUrl(url)) return;
  const given: { readonly configuration?: string; readonly operator?: string } = switches ?? {};
  if (given.configuration === 'live' && given.operator === 'trade-real-money') return;
  throw new Failure('LIVE_TRADING_NOT_ENABLED', `${new URL(url).host} would trade real money`, {
    host: new URL(url).host,
    configurationSwitch: given.configuration === 'live',
    operatorSwitch: given.operator === 'trade-real-money',
  });
}
