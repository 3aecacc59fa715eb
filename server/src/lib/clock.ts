/** The time, as everything in the server reads it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
};

/** The machine's time. */
export const systemClock: Clock = { now: () => Date.now() };
