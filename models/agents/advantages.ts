/** What an agent met, shape [steps, environments] each, and what it thought of it. */
export interface ValuedRollout {
  readonly environments: number;
  readonly rewards: Float64Array;
  /** Value of the state that was acted in. */
  readonly values: Float64Array;
  /** Value of the state that was reached; 0 where it has no future. */
  readonly nextValues: Float64Array;
  /** 1 where the episode ended with the step. */
  readonly ended: Uint8Array;
}

/**
 * Generalised advantage estimates (Schulman et al. 2016): the discounted sum of what each step brought beyond what was
 * expected, weighted down by `lambda` a step, within its episode.
 * @returns shape [steps, environments]
 */
export function advantageEstimates(
  { environments, rewards, values, nextValues, ended }: ValuedRollout,
  { gamma, lambda }: { readonly gamma: number; readonly lambda: number },
): Float64Array {
  const estimates = new Float64Array(rewards.length);
  for (let at = rewards.length - 1; at >= 0; at -= 1) {
    const surprise = rewards[at]! + gamma * nextValues[at]! - values[at]!;
    const later = ended[at] === 1 ? 0 : (estimates[at + environments] ?? 0);
    estimates[at] = surprise + gamma * lambda * later;
  }
  return estimates;
}

/** Numbers brought to mean 0 and standard deviation 1; only centred where they do not differ. */
export function normalised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
  return values.map((value) => (value - mean) / (deviation + 1e-8));
}
