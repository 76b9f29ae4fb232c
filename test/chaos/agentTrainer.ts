import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decodeAgentCheckpoint, encodeAgentCheckpoint } from '#models/agents/agentCheckpoint.ts';
import { publishedSacSettings, SacAgent } from '#models/agents/sac.ts';
import { trainAgent, type AgentTrainingState } from '#models/agents/trainAgent.ts';
import { KnownTask } from '#models/environment/knownTask.ts';
import { pendulum } from '#models/environment/pendulum.ts';

// A process that trains SAC on the pendulum, there to be killed: in the folder it is given it goes on from `checkpoint`
// where there is one, and writes the trained state to `trained` when it is done. It tells the steps it has done, a line each.
const [folder = '.', ...numbers] = process.argv.slice(2);
const [seed = 0, steps = 0] = numbers.map(Number);
const owner = `chaos ${seed}`;
const checkpointSteps = 20;
const checkpoint = path.join(folder, 'checkpoint');
const settings = { ...publishedSacSettings, hidden: [32, 32], batchSize: 64, learningStarts: 50, seed };
const agent = await SacAgent.create({ environments: 1, observationSize: 3, actionSize: 1 }, settings);
const environment = new KnownTask(pendulum, 1);
const resumeFrom = existsSync(checkpoint) ? decodeAgentCheckpoint(readFileSync(checkpoint), owner) : undefined;
let last: (() => AgentTrainingState) | undefined;
trainAgent({
  agent,
  environment,
  steps,
  seed,
  ...(resumeFrom && { resumeFrom }),
  onStep: (done, save) => {
    last = save;
    writeFileSync(1, `${done}\n`);
    if (done % checkpointSteps === 0) replaceFile(checkpoint, encodeAgentCheckpoint(save(), owner));
  },
});
replaceFile(path.join(folder, 'trained'), encodeAgentCheckpoint(last!(), owner));

/** A file replaces the one before in one step: a kill leaves the old or the new. */
function replaceFile(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}
