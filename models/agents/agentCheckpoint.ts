import { Failure } from '#domain/failure.ts';
import { decodeTensors, encodeTensors } from '../tensorFile.ts';
import type { AgentReport } from './tradingAgent.ts';
import type { AgentTrainingState } from './trainAgent.ts';

/**
 * A training's state as bytes: network, optimiser, what was met, random numbers and the environment.
 * @param owner what the checkpoint belongs to: a digest of the specification and the market
 * @param curve what was reported so far
 */
export function encodeAgentCheckpoint(
  { agent, ...rest }: AgentTrainingState,
  owner: string,
  curve: readonly AgentReport[] = [],
): Uint8Array {
  return encodeTensors(agent.tensors, { ...rest, numbers: agent.numbers, curve, owner });
}

/**
 * What `encodeAgentCheckpoint` wrote.
 * @throws Failure ARTIFACT_UNREADABLE when the bytes are damaged; CHECKPOINT_FOREIGN when they belong to another training
 */
export function decodeAgentCheckpoint(
  bytes: Uint8Array,
  owner: string,
): AgentTrainingState & { readonly curve: readonly AgentReport[] } {
  const { tensors, meta } = decodeTensors(bytes);
  if (meta.owner !== owner) {
    throw new Failure('CHECKPOINT_FOREIGN', 'the checkpoint is of another specification or another market', {
      wanted: owner,
      found: String(meta.owner),
    });
  }
  const {
    numbers,
    owner: _,
    ...rest
  } = meta as unknown as Omit<AgentTrainingState, 'agent'> & {
    readonly numbers: AgentTrainingState['agent']['numbers'];
    readonly curve: readonly AgentReport[];
    readonly owner: string;
  };
  return { ...rest, agent: { tensors, numbers } };
}
