import { Overloaded } from "../../errors/overloaded.ts";

/** Runs jobs in the order they came, so many at once; the others wait. */
export type Queue = <T>(job: () => Promise<T>) => Promise<T>;

/**
 * A queue that refuses with `Overloaded` what would wait behind `queueLimit` others: past some depth every caller would
 * give up before its turn, and the work would be for nobody.
 */
export function createQueue({
  concurrency,
  queueLimit,
}: {
  concurrency: number;
  queueLimit: number;
}): Queue {
  const waiting: (() => void)[] = [];
  let running = 0;

  const turn = (): Promise<void> => {
    if (running < concurrency) {
      running++;
      return Promise.resolve();
    }
    if (waiting.length >= queueLimit) return Promise.reject(new Overloaded("password hashing"));
    return new Promise((resolve) => waiting.push(resolve));
  };
  const done = () => {
    const next = waiting.shift();
    // The place goes straight to the next in line, so that nobody who comes meanwhile can take it.
    if (next) next();
    else running--;
  };

  return async (job) => {
    await turn();
    try {
      return await job();
    } finally {
      done();
    }
  };
}
