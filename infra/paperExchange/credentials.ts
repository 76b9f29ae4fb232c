import { createHmac } from 'node:crypto';
import type { AlpacaCredentials } from '../alpaca/alpacaHttp.ts';

/**
 * The API key pair of an account of the paper exchange. It is derived (HMAC-SHA-256) from the control key, so that
 * whoever holds the control key can trade for any account, nothing further is stored, and opening an account twice gives
 * the same pair.
 */
export function paperCredentials(controlKey: string, account: string): AlpacaCredentials {
  const derived = (purpose: string): string =>
    createHmac('sha256', controlKey).update(`${purpose}:${account}`).digest('hex');
  return { keyId: `PK${derived('key').slice(0, 18).toUpperCase()}`, secretKey: derived('secret').slice(0, 40) };
}
