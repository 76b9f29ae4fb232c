import { describe, expect, test } from 'vitest';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { liveFeedRules } from '#infra/feeds/liveFeedRules.ts';

const rulesOf = (environment: Readonly<Record<string, string>> = {}) =>
  liveFeedRules(resolveSettings({ environment }).data.feed);

describe('rules of a live feed', () => {
  test('are what the settings say', () => {
    const rules = rulesOf({
      PLIMSOLL_DATA__FEED__SILENCE_MAX_MS: '5000',
      PLIMSOLL_DATA__FEED__BACK_OFF__CAP_MS: '900',
      PLIMSOLL_DATA__FEED__REORDER_WINDOW_MS: '7',
      PLIMSOLL_DATA__FEED__GAPS__ATTEMPTS_MAX: '9',
    });
    expect(rules).toMatchObject({
      silence: { silenceMaxMs: 5_000 },
      backOff: { baseMs: 500, capMs: 900 },
      sequence: { reorderWindowMs: 7, rememberedMax: 20_000 },
      gaps: { attemptsMax: 9, overlapMs: 2_000 },
    });
  });

  test('count silence in regular trading only', () => {
    const { expects } = rulesOf().silence;
    expect([Date.parse('2024-06-28T14:00:00Z'), Date.parse('2024-06-28T12:00:00Z')].map(expects)).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ['PLIMSOLL_DATA__FEED__BACK_OFF__BASE_MS', '60000', 'data.feed.backOff.baseMs'],
    ['PLIMSOLL_DATA__FEED__CONNECTION__PING_INTERVAL_MS', '15000', 'data.feed.connection.pingIntervalMs'],
    ['PLIMSOLL_DATA__FEED__SILENCE_MAX_MS', '0', 'data.feed.silenceMaxMs'],
  ])('are refused where they could not work: %s=%s', (variable, value, named) => {
    expect(() => rulesOf({ [variable]: value })).toThrow(named);
  });
});
