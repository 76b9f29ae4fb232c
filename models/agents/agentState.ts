import type { Graph } from '../graph/graph.ts';
import type { Floats } from '../graph/graphSession.ts';
import { sizeOf } from '../graph/shape.ts';
import type { AgentState } from './agent.ts';

/** States of parts as one, each part's names behind its own. */
export function joinStates(parts: Readonly<Record<string, AgentState>>): AgentState {
  const behind = <Value>(part: string, values: Readonly<Record<string, Value>>): [string, Value][] =>
    Object.entries(values).map(([name, value]) => [`${part}:${name}`, value]);
  const entries = Object.entries(parts);
  return {
    tensors: Object.fromEntries(entries.flatMap(([part, { tensors }]) => behind(part, tensors))),
    numbers: Object.fromEntries(entries.flatMap(([part, { numbers }]) => behind(part, numbers))),
  };
}

/** One part of what `joinStates` joined. */
export function partOfState({ tensors, numbers }: AgentState, part: string): AgentState {
  const own = <Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => name.startsWith(`${part}:`))
        .map(([name, value]) => [name.slice(part.length + 1), value]),
    );
  return { tensors: own(tensors), numbers: own(numbers) };
}

/** Zeros for every variable of a graph: what optimisers begin with. */
export function zerosOfState({ variables }: Graph): Floats {
  return Object.fromEntries(variables.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
}
