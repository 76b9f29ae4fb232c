import { onlyOutput, type FeatureParameterRule, type ObservationKind, type ObservationState } from '../featureKind.ts';
import type { Observation } from '#domain/observation.ts';

const hourMs = 3_600_000;
const hours: FeatureParameterRule = { kind: 'real', min: 1 / 60, max: 24 * 366 };

/** Observations that arrived within some hours, oldest first. */
class Arrivals {
  private readonly spanMs: number;
  private arrived: Observation[] = [];

  constructor(spanHours: number) {
    this.spanMs = spanHours * hourMs;
  }

  take(observation: Observation): void {
    this.arrived.push(observation);
  }

  within(atMs: number): readonly Observation[] {
    const first = this.arrived.findIndex(({ arrivedMs }) => arrivedMs > atMs - this.spanMs);
    this.arrived = first === -1 ? [] : this.arrived.slice(first);
    return this.arrived;
  }
}

function overArrivals(spanHours: number, valueOf: (observations: readonly Observation[]) => number): ObservationState {
  const arrivals = new Arrivals(spanHours);
  return { take: (observation) => arrivals.take(observation), valueAt: (atMs) => valueOf(arrivals.within(atMs)) };
}

function mean(observations: readonly Observation[]): number {
  return observations.reduce((sum, { value }) => sum + value, 0) / observations.length;
}

/** The next instant that an observation announced and that has not come yet. */
function hoursToEvent(): ObservationState {
  let announced: number[] = [];
  return {
    take: ({ eventMs }) => announced.push(eventMs),
    valueAt: (atMs) => {
      announced = announced.filter((eventMs) => eventMs >= atMs);
      return announced.length === 0 ? Number.NaN : (Math.min(...announced) - atMs) / hourMs;
    },
  };
}

/** Features of alternative data, joined by when it arrived: what had not come in is not known. */
export const observationKinds: readonly ObservationKind[] = [
  {
    reads: 'observations',
    name: 'latestObservation',
    title: 'The value that arrived last, while it is not older than some hours',
    parameters: { hours },
    outputs: onlyOutput,
    begin: (parameters) => overArrivals(parameters.hours!, (arrived) => arrived.at(-1)?.value ?? Number.NaN),
  },
  {
    reads: 'observations',
    name: 'observationCount',
    title: 'How many arrived within some hours',
    parameters: { hours },
    outputs: onlyOutput,
    begin: (parameters) => overArrivals(parameters.hours!, (arrived) => arrived.length),
  },
  {
    reads: 'observations',
    name: 'observationMean',
    title: 'Mean of the values that arrived within some hours',
    parameters: { hours },
    outputs: onlyOutput,
    begin: (parameters) => overArrivals(parameters.hours!, mean),
  },
  {
    reads: 'observations',
    name: 'hoursToEvent',
    title: 'Hours to the next instant that was announced, e.g. an economic release',
    parameters: {},
    outputs: onlyOutput,
    begin: hoursToEvent,
  },
];
