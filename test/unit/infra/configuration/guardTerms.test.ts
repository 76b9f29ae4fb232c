import { describe, expect, test } from 'vitest';
import { breakerProfiles } from '#domain/breaker.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { guardTermsOf } from '#infra/configuration/guardTerms.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { sessionWaitsOf } from '#infra/configuration/tradingWaits.ts';

describe('what a guard keeps its account by', () => {
  test('is the standard without settings', () => {
    const { trading } = resolveSettings({ environment: {} });
    expect(guardTermsOf(trading)).toEqual({ profile: breakerProfiles.standard, waits: standardWaits.escalation });
    expect(sessionWaitsOf(trading)).toEqual(standardWaits.session);
  });

  test('is conservative where the profile is', () => {
    const { trading } = resolveSettings({ environment: { PLIMSOLL_TRADING__PROFILE: 'conservative' } });
    expect(guardTermsOf(trading).profile).toEqual(breakerProfiles.conservative);
  });

  test('follows every level and wait of the settings', () => {
    const limits = `
    drawdownReduceFraction: 0.01
    drawdownHaltFraction: 0.03
    dailyLossFractionMax: 0.02
    losingTradesMax: 3
    systemErrorsMax: 4
    dataAgeMaxSeconds: 60`;
    const waits = `
    orderPollMs: 200
    orderSettleMs: 300
    venueAnswerSeconds: 5
    liquidationSeconds: 6
    firstPageSeconds: 7
    acknowledgementSeconds: 8
    tiersMax: 2`;
    const text = `trading:\n  limits:${limits}\n  waits:${waits}\n`;
    const { trading } = resolveSettings({ file: { name: 'settings.yaml', text }, environment: {} });
    const orders = { pollMs: 200, settleMs: 300 };
    expect(guardTermsOf(trading)).toEqual({
      profile: {
        drawdownReduceFraction: 0.01,
        drawdownHaltFraction: 0.03,
        dailyLossHaltFraction: 0.02,
        lossStreakHalt: 3,
        errorsHalt: 4,
        dataAgeHaltMs: 60_000,
      },
      waits: { orders, firstPageMs: 7_000, acknowledgementMs: 8_000, tiersMax: 2 },
    });
    expect(sessionWaitsOf(trading)).toEqual({ orders, venueAnswerMs: 5_000, liquidationMs: 6_000 });
  });
});
