import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeVersionOf } from '#infra/stack/codeVersion.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const rooms = ['domain', 'pipelines', 'models', 'activities', 'workflows', 'infra', 'workers'];

function checkout(): string {
  const folder = temporaryFolder();
  for (const room of rooms) mkdirSync(path.join(folder, room, 'inner'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"version":"1.2.3"}');
  writeFileSync(path.join(folder, 'package-lock.json'), '{}');
  writeFileSync(path.join(folder, 'domain/inner/rule.ts'), 'export const a = 1;');
  return folder;
}

function git(folder: string, line: string): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  expect(spawnSync('git', ['-C', folder, ...identity, ...line.split(' ')]).status).toBe(0);
}

describe('the version of the code', () => {
  it('without Git is the package’s and a digest of the sources, the same for the same sources anywhere', () => {
    const folder = checkout();
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    expect(codeVersionOf(folder)).toMatch(/^1\.2\.3\+sources-[0-9a-f]{12}$/);
    expect(codeVersionOf(copy)).toBe(codeVersionOf(folder));
    writeFileSync(path.join(copy, 'domain/inner/rule.ts'), 'export const a = 2;');
    expect(codeVersionOf(copy)).not.toBe(codeVersionOf(folder));
  });

  it('with Git is the commit, and tells sources that differ from it', () => {
    const folder = checkout();
    git(folder, 'init -q');
    git(folder, 'add -A');
    git(folder, 'commit -qm first');
    const committed = codeVersionOf(folder);
    expect(committed).toMatch(/^1\.2\.3\+[0-9a-f]{12}$/);
    // What no decision depends on changes no version.
    writeFileSync(path.join(folder, 'notes.txt'), 'later');
    expect(codeVersionOf(folder)).toBe(committed);
    writeFileSync(path.join(folder, 'domain/inner/new.ts'), 'export const b = 1;');
    expect(codeVersionOf(folder)).toMatch(new RegExp(`^${committed.replace('+', '\\+')}\\.sources-[0-9a-f]{12}$`));
  });
});
