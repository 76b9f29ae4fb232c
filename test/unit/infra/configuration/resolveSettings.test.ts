import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '#domain/failure.ts';
import { variableOf } from '#infra/configuration/environmentKeys.ts';
import { resolveSettings, resolveWithOrigins, type SettingSources } from '#infra/configuration/resolveSettings.ts';
import { settingLeaves } from '#infra/configuration/settingLeaves.ts';

function from(yaml: string, environment: SettingSources['environment'] = {}): SettingSources {
  return { file: { name: 'plimsoll.yaml', text: yaml }, environment };
}

function failureOf(sources: SettingSources): Failure {
  try {
    resolveSettings(sources);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('resolving settings', () => {
  test('nothing given is paper trading under the default limits', () => {
    const { trading, promotion } = resolveSettings({ environment: {} });
    expect(trading.mode).toBe('paper');
    expect(trading.limits).toMatchObject({
      positionFractionMax: 0.15,
      dailyLossFractionMax: 0.05,
      drawdownReduceFraction: 0.07,
      drawdownHaltFraction: 0.1,
      losingTradesMax: 5,
    });
    expect(promotion.reviewersRequired).toBe(2);
  });

  test('the environment outranks the file, the file outranks the default, and each value tells its origin', () => {
    const { settings, origins } = resolveWithOrigins(
      from('trading: { account: from-file, cashDollars: 5000 }', { PLIMSOLL_TRADING__ACCOUNT: 'from-environment' }),
    );
    expect(settings.trading).toMatchObject({ account: 'from-environment', cashDollars: 5000, strategy: 'forecast' });
    expect(origins.get('trading.account')).toBe('environment PLIMSOLL_TRADING__ACCOUNT');
    expect(origins.get('trading.cashDollars')).toBe('file plimsoll.yaml');
    expect(origins.has('trading.strategy')).toBe(false);
  });

  test('every setting can be set by the variable that is shown for it', () => {
    for (const { path, kind } of settingLeaves) {
      if (kind !== 'number') continue;
      const environment = { [variableOf(path)]: 'not a number' };
      const { code, message } = failureOf({ environment });
      expect(code).toBe('CONFIGURATION_INVALID');
      expect(message).toContain(`${path.join('.')} (environment ${variableOf(path)})`);
    }
    expect(new Set(settingLeaves.map(({ path }) => variableOf(path))).size).toBe(settingLeaves.length);
  });

  test('variables of other programs are left alone', () => {
    expect(() => resolveSettings({ environment: { PATH: '/bin', TRADING__MODE: 'live' } })).not.toThrow();
  });

  test('short names of server addresses are the same settings', () => {
    const { stack } = resolveSettings({
      environment: { PLIMSOLL_TEMPORAL_ADDRESS: 'temporal:7233', PLIMSOLL_HOME: '/srv/plimsoll' },
    });
    expect(stack.temporalAddress).toBe('temporal:7233');
    expect(stack.homeDirectory).toBe('/srv/plimsoll');
  });

  test('structures come from the environment as YAML', () => {
    const criterion = '{ metric: walkForward.sharpe, comparison: atLeast, threshold: 2, reason: strict }';
    const gate = `{ name: stricter, criteria: [${criterion}] }`;
    const { promotion } = resolveSettings({ environment: { PLIMSOLL_PROMOTION__GATE: gate } });
    expect(promotion.gate).toEqual({
      name: 'stricter',
      criteria: [{ metric: 'walkForward.sharpe', comparison: 'atLeast', threshold: 2, reason: 'strict' }],
    });
  });

  test('the settings cannot be changed afterwards', () => {
    const settings = resolveSettings({ environment: {} });
    expect(() => Object.assign(settings.trading.limits, { leverageMax: 100 })).toThrow(TypeError);
  });
});

describe('refusing settings', () => {
  test.each([
    ['tradng: {}', 'tradng', 'trading'],
    ['trading: { acount: a }', 'trading.acount', 'trading.account'],
    ['trading: { limits: { levrageMax: 1 } }', 'trading.limits.levrageMax', 'trading.limits.leverageMax'],
    ['leverageMax: 1', 'leverageMax', 'trading.limits.leverageMax'],
  ])('CONFIGURATION_UNKNOWN_KEY: %s is refused and the nearest key is suggested', (yaml, key, nearest) => {
    const { code, details, message } = failureOf(from(yaml));
    expect(code).toBe('CONFIGURATION_UNKNOWN_KEY');
    expect(details.keys).toContain(key);
    expect(message).toContain(`did you mean ${nearest}?`);
  });

  test('CONFIGURATION_UNKNOWN_KEY: a key that would reach a prototype is refused and reaches none', () => {
    expect(failureOf(from('__proto__: { polluted: 1 }')).code).toBe('CONFIGURATION_UNKNOWN_KEY');
    expect(failureOf(from('trading: { __proto__: { mode: live } }')).code).toBe('CONFIGURATION_UNKNOWN_KEY');
    expect('polluted' in {}).toBe(false);
  });

  test('CONFIGURATION_UNKNOWN_KEY: a mistyped variable with our prefix is refused', () => {
    const { code, message } = failureOf({ environment: { PLIMSOLL_TRADING__ACOUNT: 'a' } });
    expect(code).toBe('CONFIGURATION_UNKNOWN_KEY');
    expect(message).toContain('did you mean PLIMSOLL_TRADING__ACCOUNT?');
  });

  test('CONFIGURATION_INVALID names every fault with where it came from', () => {
    const { code, details } = failureOf(
      from('trading: { cashDollars: -1 }', { PLIMSOLL_PROMOTION__REVIEWERS_REQUIRED: 'two' }),
    );
    expect(code).toBe('CONFIGURATION_INVALID');
    expect(details.faults).toEqual([
      expect.stringContaining('promotion.reviewersRequired (environment PLIMSOLL_PROMOTION__REVIEWERS_REQUIRED)'),
      expect.stringContaining('trading.cashDollars (file plimsoll.yaml)'),
    ]);
  });

  test('CONFIGURATION_INVALID: an S3 service is given with its keys, or not at all', () => {
    const endpoint = { PLIMSOLL_S3_ENDPOINT: 'https://s3.example' };
    expect(failureOf({ environment: endpoint }).message).toContain(
      'stack.s3Endpoint (environment PLIMSOLL_S3_ENDPOINT)',
    );
    const keys = { PLIMSOLL_S3_ACCESS_KEY: 'access', PLIMSOLL_S3_SECRET_KEY: 'secret' };
    expect(resolveSettings({ environment: { ...endpoint, ...keys } }).stack.s3Endpoint).toBe('https://s3.example');
  });

  test.each(['trading: [', 'just text', 'trading: {}\ntrading: {}'])(
    'CONFIGURATION_INVALID: a file that holds no keys and values is refused: %s',
    (yaml) => expect(failureOf(from(yaml)).code).toBe('CONFIGURATION_INVALID'),
  );

  test('a reduce level at or over the halt level is always refused, any other pair of fractions taken', () => {
    const thousandths = fc.integer({ min: 1, max: 1_000 });
    const ladder = (reduce: number, halt: number): SettingSources =>
      from(`trading: { limits: { drawdownReduceFraction: ${reduce / 1_000}, drawdownHaltFraction: ${halt / 1_000} } }`);
    fc.assert(
      fc.property(thousandths, thousandths, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(failureOf(ladder(high, low)).message).toContain('trading.limits.drawdownReduceFraction');
        fc.pre(low < high);
        expect(resolveSettings(ladder(low, high)).trading.limits.drawdownHaltFraction).toBe(high / 1_000);
      }),
    );
  });

  test('the conservative profile tightens limits, and a single limit still overrides it', () => {
    const yaml = 'trading: { profile: conservative, limits: { positionFractionMax: 0.05 } }';
    const { settings, origins } = resolveWithOrigins(from(yaml));
    expect(settings.trading.limits).toMatchObject({
      positionFractionMax: 0.05,
      drawdownReduceFraction: 0.014,
      drawdownHaltFraction: 0.02,
      leverageMax: 1,
    });
    expect(origins.get('trading.limits.drawdownHaltFraction')).toBe('profile');
    expect(origins.get('trading.limits.positionFractionMax')).toBe('file plimsoll.yaml');
  });

  test('CONFIGURATION_LIVE_REFUSED unless the file and the environment both say live, for the same account', () => {
    const broker = '{ kind: alpaca, keyId: key, secretKey: secret }';
    const live = `trading: { mode: live, account: fund-one, broker: ${broker} }`;
    expect(failureOf(from(live)).code).toBe('CONFIGURATION_LIVE_REFUSED');
    expect(failureOf(from(live, { PLIMSOLL_LIVE_ACCOUNT: 'fund-two' })).code).toBe('CONFIGURATION_LIVE_REFUSED');
    const twiceInTheEnvironment = { PLIMSOLL_TRADING__MODE: 'live', PLIMSOLL_LIVE_ACCOUNT: 'paper-main' };
    const elsewhere = `trading: { broker: ${broker} }`;
    expect(failureOf(from(elsewhere, twiceInTheEnvironment)).code).toBe('CONFIGURATION_LIVE_REFUSED');
    expect(resolveSettings(from(live, { PLIMSOLL_LIVE_ACCOUNT: 'fund-one' })).trading.mode).toBe('live');
  });

  test('CONFIGURATION_INVALID for a live mode on the paper exchange, and for alpaca without its keys', () => {
    const played = failureOf(from('trading: { mode: live }', { PLIMSOLL_LIVE_ACCOUNT: 'paper-main' }));
    expect([played.code, played.message]).toEqual(['CONFIGURATION_INVALID', expect.stringContaining('trading.mode')]);
    const keyless = failureOf(from('trading: { broker: { kind: alpaca, keyId: key } }'));
    expect(keyless.message).toContain('alpaca needs keyId and secretKey');
  });
});
