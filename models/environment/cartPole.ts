import type { TaskEquations } from './knownTask.ts';

const [gravity, cartMass, poleMass, halfLength, force, stepSeconds] = [9.8, 1, 0.1, 0.5, 10, 0.02];
const positionMax = 2.4;
const angleMax = (12 * 2 * Math.PI) / 360;

/**
 * Balance a pole on a cart that is pushed left or right (Barto, Sutton and Anderson 1983): the equations of Gymnasium's
 * CartPole-v1. State: position, speed, angle, angular speed. A reward of 1 a step: the best return is 500.
 */
export const cartPole: TaskEquations = {
  stateSize: 4,
  observationSize: 4,
  actions: { kind: 'discrete', count: 2 },
  stepsMax: 500,
  begin(state, random) {
    for (let at = 0; at < 4; at += 1) state[at] = 0.1 * random.uniform() - 0.05;
  },
  advance(state, action) {
    const [position = 0, speed = 0, angle = 0, angularSpeed = 0] = state;
    const push = action === 1 ? force : -force;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const mass = cartMass + poleMass;
    const pull = (push + poleMass * halfLength * angularSpeed ** 2 * sine) / mass;
    const inertia = halfLength * (4 / 3 - (poleMass * cosine ** 2) / mass);
    const angularAcceleration = (gravity * sine - cosine * pull) / inertia;
    const acceleration = pull - (poleMass * halfLength * angularAcceleration * cosine) / mass;
    state[0] = position + stepSeconds * speed;
    state[1] = speed + stepSeconds * acceleration;
    state[2] = angle + stepSeconds * angularSpeed;
    state[3] = angularSpeed + stepSeconds * angularAcceleration;
    return { reward: 1, isTerminal: Math.abs(state[0]) > positionMax || Math.abs(state[2]) > angleMax };
  },
  observe(state, into) {
    into.set(state);
  },
};
