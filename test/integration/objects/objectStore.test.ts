import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { sha256 } from '#domain/sha256.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { failureCode } from '../failureCode.ts';

const bucket = `test-${randomBytes(6).toString('hex')}`;
const open = (changes: Partial<Parameters<typeof openObjectStore>[0]> = {}): Promise<ObjectStore> =>
  openObjectStore({ ...inject('stack').objects, bucket, ...changes });

let store: ObjectStore;
beforeAll(async () => {
  store = await open();
});

describe('objects', () => {
  test('come back byte for byte, over a view of a larger buffer too', async () => {
    const whole = randomBytes(300_000);
    const part = whole.subarray(1_000, 200_000);
    await store.put('bytes/part.bin', part, 'application/octet-stream');
    expect(sha256(await store.get('bytes/part.bin'))).toBe(sha256(part));
    await store.put('bytes/empty', new Uint8Array(), 'text/plain');
    expect(await store.get('bytes/empty')).toHaveLength(0);
  });

  test('larger than one part of an upload come back too', async () => {
    const large = randomBytes(70 * 1024 * 1024);
    await store.put('large.bin', large, 'application/octet-stream');
    expect(sha256(await store.get('large.bin'))).toBe(sha256(large));
  });

  test('written twice are one object', async () => {
    const bytes = new TextEncoder().encode('once');
    await Promise.all([store.put('twice', bytes, 'text/plain'), store.put('twice', bytes, 'text/plain')]);
    expect(await store.list('twice')).toEqual(['twice']);
    expect(new TextDecoder().decode(await store.get('twice'))).toBe('once');
  });

  test('are listed by prefix, sorted, however many', async () => {
    const keys = Array.from({ length: 1_100 }, (_, index) => `many/${(index * 7919) % 1_100}/naïve key+&.json`);
    const bytes = new Uint8Array([1]);
    for (let start = 0; start < keys.length; start += 50) {
      await Promise.all(keys.slice(start, start + 50).map((key) => store.put(key, bytes, 'text/plain')));
    }
    expect(await store.list('many/')).toEqual([...keys].sort());
    expect(await store.list('none/')).toEqual([]);
    expect(await store.get(keys[0] ?? '')).toHaveLength(1);
  });

  test('OBJECT_MISSING: a key without an object', async () => {
    expect(await store.exists('missing')).toBe(false);
    expect(await store.exists('twice')).toBe(true);
    expect(await failureCode(store.get('missing'))).toBe('OBJECT_MISSING');
  });

  test('are addressed as other S3 clients do', () => {
    expect(store.uri('a/b')).toBe(`s3://${bucket}/a/b`);
  });
});

describe('the service', () => {
  test('is asked for the bucket by many processes at once, and all get it', async () => {
    const fresh = `${bucket}-race`;
    const stores = await Promise.all(Array.from({ length: 5 }, () => open({ bucket: fresh })));
    expect(await Promise.all(stores.map((opened) => opened.list('')))).toEqual([[], [], [], [], []]);
  });

  test('OBJECT_STORE_REFUSED: wrong credentials', async () => {
    expect(await failureCode(open({ secretKey: 'wrong-secret' }))).toBe('OBJECT_STORE_REFUSED');
  });

  test('OBJECT_STORE_UNREACHABLE: nobody listens, or nobody answers in time', async () => {
    expect(await failureCode(open({ endpoint: 'http://127.0.0.1:1' }))).toBe('OBJECT_STORE_UNREACHABLE');
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const opening = open({ endpoint: `http://127.0.0.1:${port}`, silenceTimeoutMs: 100 });
    expect(await failureCode(opening)).toBe('OBJECT_STORE_UNREACHABLE');
    silent.close();
  });
});
