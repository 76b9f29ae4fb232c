import { sha256 } from '#domain/sha256.ts';
import type { Agent } from '#models/agents/agent.ts';
import { decodeAgentCheckpoint, encodeAgentCheckpoint } from '#models/agents/agentCheckpoint.ts';
import { trainAgent, type AgentTrainingState } from '#models/agents/trainAgent.ts';
import type { VectorEnvironment } from '#models/environment/environment.ts';
import { tensorflow } from '#models/tensorflow.ts';

/** An agent and where it acts, anew at every call. */
export type Begin = () => Promise<{ readonly agent: Agent; readonly environment: VectorEnvironment }>;

/** Digests of all that trainings of one seed end in. */
export interface TrainingEnds {
  readonly undisturbed: string;
  readonly repeated: string;
  /** From a checkpoint of the middle, in a new agent and a new environment. */
  readonly resumed: string;
  /** Of the checkpoint itself. */
  readonly halfway: string;
}

/** Trains three times: undisturbed, again, and resumed from the bytes of a checkpoint. */
export async function trainingEnds(begin: Begin, steps: number): Promise<TrainingEnds> {
  let saved: Uint8Array | undefined;
  const trained = async (resumeFrom?: AgentTrainingState): Promise<string> => {
    const { agent, environment } = await begin();
    const onStep = (done: number, save: () => AgentTrainingState): void => {
      if (done >= steps / 2 && saved === undefined) saved = encodeAgentCheckpoint(save(), 'owner');
    };
    trainAgent({ agent, environment, steps, seed: 4, onStep, ...(resumeFrom && { resumeFrom }) });
    const end = { agent: agent.save(), environment: environment.save(), steps, returns: [], lengths: [] };
    agent.dispose();
    return sha256(encodeAgentCheckpoint(end, 'owner'));
  };
  const undisturbed = await trained();
  const repeated = await trained();
  const resumed = await trained(decodeAgentCheckpoint(saved!, 'owner'));
  return { undisturbed, repeated, resumed, halfway: sha256(saved!) };
}

/** What a number of steps leaves behind, after as many steps that were not counted. */
export async function leftBehind(
  begin: Begin,
  steps: number,
): Promise<{ readonly tensors: number; readonly tensorBytes: number; readonly residentBytes: number }> {
  const { agent, environment } = await begin();
  trainAgent({ agent, environment, steps, seed: 4 });
  const before = tensorflow().memory();
  const residentBefore = process.memoryUsage.rss();
  trainAgent({ agent, environment, steps, seed: 5 });
  const after = tensorflow().memory();
  const residentBytes = process.memoryUsage.rss() - residentBefore;
  agent.dispose();
  return {
    tensors: after.numTensors - before.numTensors,
    tensorBytes: after.numBytes - before.numBytes,
    residentBytes,
  };
}
