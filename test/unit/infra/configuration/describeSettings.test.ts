import { expect, test } from 'vitest';
import { describeSettings, settingLines } from '#infra/configuration/describeSettings.ts';
import { resolveWithOrigins } from '#infra/configuration/resolveSettings.ts';

test('a secret that is set is never shown, one that is not set is null', () => {
  const described = describeSettings(
    resolveWithOrigins({ environment: { PLIMSOLL_POSTGRES_URL: 'postgresql://plimsoll:sesame@db/plimsoll' } }),
  );
  const text = settingLines(described) + JSON.stringify(described);
  expect(text).not.toContain('sesame');
  expect(described.find(({ key }) => key === 'stack.postgresUrl')?.value).toBe('(hidden)');
  expect(described.find(({ key }) => key === 'stack.s3SecretKey')?.value).toBeNull();
});

test('every setting is described, with its origin and the variable that overrides it', () => {
  const described = describeSettings(resolveWithOrigins({ environment: {} }));
  expect(described.filter(({ description }) => description === '')).toEqual([]);
  expect(described.filter(({ origin }) => origin !== 'default')).toEqual([]);
  expect(described.filter(({ variable }) => !/^PLIMSOLL_[A-Z0-9_]+$/.test(variable))).toEqual([]);
});
