import { z } from 'zod';

/** One criterion of a gate: a figure of the validation against a threshold, and why. */
const gateCriterionSchema = z.strictObject({
  metric: z.string().min(1),
  comparison: z.enum(['atLeast', 'atMost']),
  threshold: z.number(),
  reason: z.string().min(1),
});

/** A named list of criteria; an empty gate would open for anything and is refused. */
export const gateSchema = z.strictObject({
  name: z.string().min(1),
  criteria: z.array(gateCriterionSchema).min(1),
});

/** The gate a model has to pass when the configuration names no other: figures of the stitched walk-forward. */
export const honestGate: z.infer<typeof gateSchema> = {
  name: 'worth trading',
  criteria: [
    {
      metric: 'walkForward.sharpe',
      comparison: 'atLeast',
      threshold: 1,
      reason: 'out of sample and after costs, a year of return pays for a year of risk',
    },
    {
      metric: 'walkForward.excessSharpe.ridge',
      comparison: 'atLeast',
      threshold: 0,
      reason: 'a deep model that loses to a straight line is not worth its trouble',
    },
    {
      metric: 'walkForward.excessSharpe.equalWeight',
      comparison: 'atLeast',
      threshold: 0,
      reason: 'holding everything in equal parts needs no model',
    },
    {
      metric: 'walkForward.maximumDrawdown',
      comparison: 'atMost',
      threshold: 0.15,
      reason: 'the breaker halts before this, so a curve this deep fell through it, by gaps or from restart to restart',
    },
    {
      metric: 'overfit.deflatedSharpe',
      comparison: 'atLeast',
      threshold: 0.95,
      reason: 'the best of as many worthless specifications as were tried would hardly ever show as much',
    },
    {
      metric: 'holdout.sharpe',
      comparison: 'atLeast',
      threshold: 0,
      reason: "the candidate's own bytes must not lose on the sessions they never saw",
    },
  ],
};
