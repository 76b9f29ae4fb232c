import http from 'node:http';
import https from 'node:https';

/** The part of node:http that an S3 client calls. */
export interface Transport {
  readonly request: typeof http.request;
}

/** A transport whose requests fail with ETIMEDOUT after a silence, since the S3 client itself would wait for ever. */
export function impatientTransport({
  secure,
  silenceTimeoutMs,
}: {
  readonly secure: boolean;
  readonly silenceTimeoutMs: number;
}): Transport {
  const send = secure ? https.request : http.request;
  const request = (options: http.RequestOptions, answered?: (response: http.IncomingMessage) => void): unknown => {
    const sent = send(options, answered);
    sent.setTimeout(silenceTimeoutMs, () => {
      sent.destroy(Object.assign(new Error(`silent for ${silenceTimeoutMs} ms`), { code: 'ETIMEDOUT' }));
    });
    return sent;
  };
  return { request: request as typeof http.request };
}
