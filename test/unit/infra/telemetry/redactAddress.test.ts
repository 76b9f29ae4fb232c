import { expect, test } from 'vitest';
import { redactAddress } from '#infra/telemetry/redactAddress.ts';

test.each([
  ['https://user:pass@host/path', 'https://hidden:hidden@host/path'],
  ['https://host/bars?symbol=AAPL&apikey=abc', 'https://host/bars?symbol=AAPL&apikey=%28hidden%29'],
  ['https://host/o?X-Amz-Signature=abc&X-Amz-Date=1', 'https://host/o?X-Amz-Signature=%28hidden%29&X-Amz-Date=1'],
  ['http://host:5000/api/2.0/mlflow/runs/get?run_id=1', 'http://host:5000/api/2.0/mlflow/runs/get?run_id=1'],
  ['no address', '(hidden)'],
])('%s is written as %s', (address, redacted) => {
  expect(redactAddress(address)).toBe(redacted);
});
