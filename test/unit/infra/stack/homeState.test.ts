import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeStateFile, readHomeState, writeHomeState } from '#infra/stack/homeState.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('the state of a home', () => {
  it('holds credentials made for it alone, and keeps them', async () => {
    const [one, other] = [path.join(temporaryFolder(), 'one'), path.join(temporaryFolder(), 'other')];
    const { credentials } = await readHomeState(one);
    expect(new Set(Object.values(credentials)).size).toBe(3);
    for (const secret of Object.values(credentials)) expect(secret.length).toBeGreaterThanOrEqual(32);
    expect((await readHomeState(other)).credentials).not.toEqual(credentials);
    await writeHomeState(one, { ports: { mlflow: 5000 }, credentials });
    expect(await readHomeState(one)).toEqual({ ports: { mlflow: 5000 }, credentials });
  });

  it('is one for everybody who asks for it first at the same time', async () => {
    const home = path.join(temporaryFolder(), 'home');
    const states = await Promise.all(Array.from({ length: 30 }, () => readHomeState(home)));
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    expect(await readHomeState(home)).toEqual(states[0]);
    expect(readdirSync(home)).toEqual(['installation.json']);
  });

  it('is written whole by writers at the same time, and nothing of theirs stays beside it', async () => {
    const home = path.join(temporaryFolder(), 'home');
    const { credentials } = await readHomeState(home);
    await Promise.all(
      Array.from({ length: 30 }, (_, port) => writeHomeState(home, { ports: { mlflow: port }, credentials })),
    );
    expect((await readHomeState(home)).credentials).toEqual(credentials);
    expect(readdirSync(home)).toEqual(['installation.json']);
  });

  it('can be read by its owner only', async () => {
    const home = path.join(temporaryFolder(), 'home');
    await readHomeState(home);
    expect(statSync(homeStateFile(home)).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });
});
