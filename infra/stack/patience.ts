/** How long a program is borne with. */
export interface Patience {
  /** Between two questions whether it still answers. */
  readonly questionIntervalMs: number;
  /** An answer later than this counts as none. */
  readonly answerTimeoutMs: number;
  /** Questions without an answer, one after the other, after which it is taken to hang. */
  readonly silencesMax: number;
  /** Restarts in a row after which it is given up. */
  readonly restartsMax: number;
  /** Healthy for so long, its earlier restarts are forgiven. */
  readonly forgivenAfterMs: number;
}

/** Half a minute without a word is borne: a busy machine makes a server slow, not mute. */
export const usualPatience: Patience = {
  questionIntervalMs: 5_000,
  answerTimeoutMs: 5_000,
  silencesMax: 6,
  restartsMax: 10,
  forgivenAfterMs: 60_000,
};
