import { almgrenChrissImpact, squareRootImpact, type ImpactModel } from '#domain/costs/marketImpact.ts';
import { Failure } from '#domain/failure.ts';

/** Impact models as the command line names them. */
export const impactNames = ['square-root', 'almgren-chriss', 'almgren-2005', 'kyle'] as const;

/** One of the models. */
export type ImpactName = (typeof impactNames)[number];

/** What was given with a model. */
export interface ImpactAsked {
  readonly impact: ImpactName;
  readonly impactCoefficient?: number;
  readonly lambda?: number;
  readonly sharesOutstanding?: number;
}

/**
 * The model that was asked for, with its coefficients.
 * @param spread quoted spread, dollars a share: Almgren and Chriss's rule of thumb scales with it
 * @param averageDailyVolume shares a day
 * @throws Failure COST_INPUT_INVALID when the model needs a figure that is missing
 */
export function chosenImpact(asked: ImpactAsked, spread: number, averageDailyVolume: number): ImpactModel {
  const { impact, impactCoefficient, lambda, sharesOutstanding } = asked;
  switch (impact) {
    case 'square-root':
      return impactCoefficient === undefined
        ? squareRootImpact
        : { kind: 'squareRoot', coefficient: impactCoefficient };
    case 'almgren-chriss':
      return almgrenChrissImpact(spread, averageDailyVolume);
    case 'almgren-2005':
      return {
        kind: 'almgren2005',
        permanent: 0.314,
        temporary: 0.142,
        sharesOutstanding: given(sharesOutstanding, '--shares-outstanding'),
      };
    case 'kyle':
      break;
  }
  return { kind: 'kyle', lambda: given(lambda, '--lambda') };
}

function given(value: number | undefined, option: string): number {
  if (value !== undefined) return value;
  throw new Failure('COST_INPUT_INVALID', `this impact needs ${option}`, { option });
}
