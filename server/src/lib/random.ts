import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Where randomness comes from: the operating system in the product, a seed in some tests. */
export type Random = {
  bytes(count: number): Buffer;
  /** Uniform in 0 … below − 1. */
  integer(below: number): number;
  uuid(): string;
};

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  integer: (below) => randomInt(below),
  uuid: () => randomUUID(),
};
