import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { SnapshotReference } from '#activities/marketDataActivities.ts';
import { readArtifact } from '#activities/modelJobs.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { TrainingProgress, TrainingRequest } from '#activities/trainingActivities.ts';
import type { ArtifactManifest } from '#domain/artifact.ts';
import { seededRandom } from '#domain/random.ts';
import { smallTraining } from '#test/integration/activities/candidate.ts';
import { modelChildren } from '#test/integration/models/trainingJobs.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { trainModel } from '#workflows/trainModel.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { countBy } from './counting.ts';
import { startMortalWorker, type MortalWorker } from './mortalWorker.ts';

/** Kills of forecasters' trainings to play. */
export interface TrainingRounds {
  readonly rounds: number;
  readonly seed: number;
  /** Folder with the addresses of the servers, for the worker. */
  readonly home: string;
  readonly client: Client;
  readonly objects: ObjectStore;
  readonly snapshot: SnapshotReference;
  /** Told of each kill, once its training has ended. */
  readonly onRound: (round: TrainingRound) => void;
}

/** One kill. */
export interface TrainingRound {
  readonly round: number;
  readonly model: 'cnn-lstm';
  readonly victim: (typeof victims)[number];
  /** Epoch that had been told last; `over` when the kill came too late. */
  readonly epoch: number | 'over';
  /** Whether it ended in the files of the undisturbed one. */
  readonly same: boolean;
}

/** What the kills showed. */
export interface TrainingChaos {
  /** Kills in the middle of a training. */
  readonly kills: number;
  /** Kills that came when the training was over. */
  readonly missed: number;
  /** How long a training takes that nobody disturbs. */
  readonly undisturbedMs: number;
  readonly byVictim: Readonly<Record<string, number>>;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const victims = ['worker', 'model process'] as const;
const epochs = 8;
// A kill that comes too late is made up for by another; a machine on which most come too late is told so.
const triesPerRound = 3;
const lookMs = 50;

type Training = WorkflowHandle<typeof trainModel>;

/**
 * Trains the same specification under one name after the other, and kills the worker or its model process once in each,
 * at a moment drawn from the seed; what each ends in must be the files of the training that nobody disturbed.
 */
export async function playTrainingRounds(request: TrainingRounds): Promise<TrainingChaos> {
  const { rounds, seed, home, onRound } = request;
  const random = seededRandom(seed, 1);
  const played: TrainingRound[] = [];
  const violations: string[] = [];
  const struck = (): readonly TrainingRound[] => played.filter(({ epoch }) => epoch !== 'over');
  let worker: MortalWorker = await startMortalWorker(home, 'training');
  try {
    const first = await startTraining(request, 'undisturbed');
    const startedMs = await begun(first);
    const undisturbed = await filesOf(request, first);
    const undisturbedMs = Date.now() - startedMs;
    while (struck().length < rounds && played.length < rounds * triesPerRound) {
      const round = played.length + 1;
      const training = await startTraining(request, `disturbed-${round}`);
      await begun(training);
      const victim = victims[Math.floor(random() * victims.length)]!;
      const [after, fraction] = [Math.floor(random() * (epochs - 1)), random()];
      await reached(training, after);
      await sleep((fraction * undisturbedMs) / epochs);
      const epoch = await epochOf(training);
      if (victim === 'model process') killChildren(worker.pid);
      else {
        await worker.kill();
        worker = await startMortalWorker(home, 'training');
      }
      const files = await filesOf(request, training).catch((error: unknown) => String(error));
      const same = files === undisturbed;
      played.push({ round, model: 'cnn-lstm', victim, epoch, same });
      onRound(played.at(-1)!);
      if (!same) violations.push(`training ${round} ended in ${files}, undisturbed in ${undisturbed}`);
    }
    if (struck().length < rounds) violations.push(`only ${struck().length} of ${rounds} kills met a training`);
    return {
      kills: struck().length,
      missed: played.length - struck().length,
      undisturbedMs,
      byVictim: Object.fromEntries(countBy(struck().map(({ victim }) => victim))),
      violations,
    };
  } finally {
    await worker.kill();
  }
}

function startTraining({ client, snapshot, seed }: TrainingRounds, name: string): Promise<Training> {
  const small = smallTraining(snapshot, epochs);
  // Names are no part of what is learnt: the files of the network must be the same under all of them.
  const training = { ...small.training, patienceEpochs: epochs, dropout: 0.1, seed };
  const request: TrainingRequest = { ...small, model: `chaos-${name}`, training };
  return client.workflow.start<typeof trainModel>('trainModel', {
    taskQueue: taskQueues.lifecycle,
    workflowId: workflowIds.train(request.model, name),
    args: [request],
  });
}

/** When a training itself had begun: before, there are features and runs to be made. @throws Error when it ended first */
async function begun(training: Training): Promise<number> {
  for (;;) {
    const { status, raw } = await training.describe();
    const [pending] = raw.pendingActivities ?? [];
    if (pending?.activityType?.name === 'trainForecaster' && pending.lastStartedTime) return Date.now();
    if (status.name !== 'RUNNING') throw new Error(`the training ended before it began: ${status.name}`);
    await sleep(lookMs);
  }
}

/** Waits until a training has told an epoch, or is over. */
async function reached(training: Training, epoch: number): Promise<void> {
  for (;;) {
    const told = await epochOf(training);
    if (told === 'over' || told >= epoch) return;
    await sleep(lookMs);
  }
}

/** The epoch that a training told last. */
async function epochOf(training: Training): Promise<number | 'over'> {
  const { raw } = await training.describe();
  const [pending] = raw.pendingActivities ?? [];
  if (pending?.activityType?.name !== 'trainForecaster') return 'over';
  const [told] = pending.heartbeatDetails?.payloads ?? [];
  return told ? (defaultPayloadConverter.fromPayload<Partial<TrainingProgress> | null>(told)?.epoch ?? 0) : 0;
}

/** Digests of the files that a training ends in, as the manifest in the store states them, the bytes proven. */
async function filesOf({ objects }: TrainingRounds, training: Training): Promise<string> {
  const { artifactDigest } = await training.result();
  const files = await readArtifact(objects, artifactDigest);
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as ArtifactManifest;
  return JSON.stringify(manifest.files);
}

function killChildren(pid: number): void {
  for (const child of modelChildren(pid)) process.kill(child, 'SIGKILL');
}
