import type { TaskEquations } from './knownTask.ts';

const [gravity, mass, length, stepSeconds, speedMax, torqueMax] = [10, 1, 1, 0.05, 8, 2];

/**
 * Swing a pendulum up and hold it there, with a motor too weak to lift it at once: the equations of Gymnasium's
 * Pendulum-v1. State: angle from upright and its speed. A policy that solves it returns about -150 an episode of 200.
 */
export const pendulum: TaskEquations = {
  stateSize: 2,
  observationSize: 3,
  actions: { kind: 'continuous', size: 1 },
  stepsMax: 200,
  begin(state, random) {
    state[0] = Math.PI * (2 * random.uniform() - 1);
    state[1] = 2 * random.uniform() - 1;
  },
  advance(state, action) {
    const [angle = 0, speed = 0] = state;
    const torque = torqueMax * action;
    const turns = 2 * Math.PI;
    const fromUpright = angle - turns * Math.floor((angle + Math.PI) / turns);
    const cost = fromUpright ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2;
    const acceleration = ((3 * gravity) / (2 * length)) * Math.sin(angle) + (3 / (mass * length ** 2)) * torque;
    const faster = Math.max(-speedMax, Math.min(speedMax, speed + acceleration * stepSeconds));
    state[0] = angle + faster * stepSeconds;
    state[1] = faster;
    return { reward: -cost, isTerminal: false };
  },
  observe([angle = 0, speed = 0], into) {
    into[0] = Math.cos(angle);
    into[1] = Math.sin(angle);
    into[2] = speed;
  },
};
