import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlyZipEntry } from '#infra/files/zipEntry.ts';
import { zipOf } from '#test/zipOf.ts';

const text = 'one,two\n'.repeat(100);

describe('the only file of a zip archive', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-zip-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = async (archive: Buffer): Promise<string> => {
    const file = path.join(folder, 'a.zip');
    writeFileSync(file, archive);
    const { name, bytes } = await onlyZipEntry(file);
    return `${name}: ${bytes.toString()}`;
  };

  it.each([{}, { method: 'stored' }, { zip64: true }, { method: 'stored', zip64: true }] as const)(
    'is read as it was packed: %o',
    async (form) => expect(await read(zipOf('a.csv', text, form))).toBe(`a.csv: ${text}`),
  );

  it('may be empty', async () => expect(await read(zipOf('a.csv', ''))).toBe('a.csv: '));

  it.each([
    ['no archive', Buffer.from(text)],
    ['an empty file', Buffer.alloc(0)],
    ['a cut one', zipOf('a.csv', text).subarray(20)],
    ['an encrypted one', zipOf('a.csv', text, { flags: 1 })],
    ['an end without a directory', zipOf('', '').subarray(-22)],
  ])('is not made up from %s', async (_, archive) => {
    await expect(read(archive)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
