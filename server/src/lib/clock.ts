/** The time, as everything in the server reads it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
};

/** The machine's time. */
export const systemClock: Clock = { now: () => Date.now() };

export type MovableClock = Clock & {
  /** Moves this clock forward, and with it all that is timed by it. */
  advance(milliseconds: number): void;
};

/** A clock that runs ahead of another by what it was moved. */
export function movableClock(base: Clock, aheadMs = 0): MovableClock {
  let offsetMs = aheadMs;
  return {
    now: () => base.now() + offsetMs,
    advance(milliseconds) {
      offsetMs += milliseconds;
    },
  };
}
