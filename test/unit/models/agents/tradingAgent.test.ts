import { describe, expect, it } from 'vitest';
import { sha256 } from '#domain/sha256.ts';
import { agentFiles, readAgent, readAgentParameters, readPolicy } from '#models/agents/agentArtifact.ts';
import { decodeAgentCheckpoint, encodeAgentCheckpoint } from '#models/agents/agentCheckpoint.ts';
import { loadPolicy, ordersOf } from '#models/agents/agentPolicy.ts';
import { trainTradingAgent, type AgentProgress, type TrainedAgent } from '#models/agents/tradingAgent.ts';
import { readSpec } from '#models/forecaster.ts';
import { parityTolerance } from '#models/serving.ts';
import { encodeTensors } from '#models/tensorFile.ts';
import { smallAgents, smallMarkets, smallTrading } from './smallAgents.ts';

const kinds = Object.entries(smallAgents);
const given = { trading: smallTrading, markets: smallMarkets, clockMs: () => performance.now() };
const digestOf = ({ parameters }: TrainedAgent): string => sha256(encodeTensors(parameters));

describe('an agent in training', () => {
  it.each(kinds)(
    '%s ends with the same bytes when it is resumed from the checkpoint after any stretch',
    async (_, spec) => {
      const checkpoints: Uint8Array[] = [];
      const onReport = (_report: unknown, progress: () => AgentProgress): Promise<void> => {
        const { run, curve } = progress();
        checkpoints.push(encodeAgentCheckpoint(run, 'owner', curve));
        return Promise.resolve();
      };
      const whole = await trainTradingAgent({ ...given, spec, onReport });
      expect(whole.curve.map(({ steps }) => steps)).toEqual([40, 80, 120, 130]);
      expect(whole.parity).toBeLessThanOrEqual(parityTolerance);
      for (const bytes of checkpoints.slice(0, 3)) {
        const { curve, ...run } = decodeAgentCheckpoint(bytes, 'owner');
        const resumed = await trainTradingAgent({ ...given, spec, resumeFrom: { run, curve } });
        expect(digestOf(resumed)).toBe(digestOf(whole));
        expect(resumed.played).toEqual(whole.played);
        const unclocked = ({ curve: reports }: TrainedAgent) =>
          reports.map(({ stepsPerSecond: _rate, ...rest }) => rest);
        expect(unclocked(resumed)).toEqual(unclocked(whole));
      }
    },
    240_000,
  );

  it('looks at the validation part without being moved by it', async () => {
    const spec = smallAgents.ppo;
    const other = { ...smallMarkets, validation: smallMarkets.training };
    const [here, there] = [
      await trainTradingAgent({ ...given, spec }),
      await trainTradingAgent({ ...given, markets: other, spec }),
    ];
    expect(digestOf(there)).toBe(digestOf(here));
    expect(there.played).not.toEqual(here.played);
  }, 240_000);

  it('begins where an earlier one ended, and nowhere else', async () => {
    const spec = smallAgents.sac;
    const earlier = await trainTradingAgent({ ...given, spec });
    const idle = { ...spec, learningStarts: spec.steps };
    const later = await trainTradingAgent({ ...given, spec: idle, beginWith: earlier.parameters });
    expect(digestOf(later)).toBe(digestOf(earlier));
    const wider = { ...idle, hidden: [9, 8] };
    await expect(trainTradingAgent({ ...given, spec: wider, beginWith: earlier.parameters })).rejects.toMatchObject({
      code: 'MODEL_SHAPE_MISMATCH',
    });
  }, 240_000);

  it('says so when it diverges (TRAINING_DIVERGED)', async () => {
    const spec = { ...smallAgents.sac, learningRate: 1e38 };
    await expect(trainTradingAgent({ ...given, spec })).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
  });
});

describe('an agent as an artifact', () => {
  it('acts as it did when it was scored, and is told from a forecaster (MODEL_KIND_UNSUPPORTED)', async () => {
    const spec = smallAgents.dqn;
    const trained = await trainTradingAgent({ ...given, spec });
    const shape = { observationSize: 7, stocks: 2 };
    const saved = {
      learner: 'agent',
      agent: spec,
      trading: smallTrading,
      turbulenceThreshold: null,
      ...shape,
    } as const;
    const files = agentFiles(trained, saved);
    expect(readAgent(files)).toEqual(saved);
    expect(sha256(encodeTensors(readAgentParameters(files)))).toBe(digestOf(trained));
    const policy = await loadPolicy(readPolicy(files), { kind: 'dqn', ...shape });
    const orders = policy.orders(new Float32Array(7));
    await policy.release();
    expect([...orders].filter((order) => order !== 0).length).toBeLessThanOrEqual(1);
    expect(() => readSpec(files)).toThrow(expect.objectContaining({ code: 'MODEL_KIND_UNSUPPORTED' }));
    const forecaster = { ...files, 'spec.json': new TextEncoder().encode('{"training":{"kind":"cnn-lstm"}}') };
    expect(() => readAgent(forecaster)).toThrow(expect.objectContaining({ code: 'MODEL_KIND_UNSUPPORTED' }));
    const { 'model.onnx': _, ...headless } = files;
    expect(() => readPolicy(headless)).toThrow(expect.objectContaining({ code: 'ARTIFACT_UNREADABLE' }));
  });

  it('cuts what it orders at the bounds', () => {
    expect(ordersOf('ppo', Float32Array.of(-3, 0.5, 2), 3)).toEqual(Float32Array.of(-1, 0.5, 1));
    expect(ordersOf('dqn', Float32Array.of(0, 1, 2, 5, 3), 2)).toEqual(Float32Array.of(-1, 0));
  });
});
