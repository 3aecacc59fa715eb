/** The clock of development: moved forward, so that what takes a month can be tried in a minute. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../lib/clock.ts";
import { parseJson } from "../lib/json.ts";

export type AdvancingClock = Clock & {
  /** Moves the clock forward, for as long as the data directory lasts. */
  advance(milliseconds: number): Promise<void>;
};

/** Ten years at a time, and no further than times are written with four digits. */
const furthestSeconds = 315_360_000;
const endOfTimeMs = Date.UTC(9000, 0, 1);

/** `GET` tells the time as the server sees it, `POST {"advanceSeconds": n}` moves it on; both answer `{"now"}`. */
export function registerClock(app: FastifyInstance, clock: AdvancingClock): void {
  const now = () => ({ now: new Date(clock.now()).toISOString() });
  app.get("/_poolhouse/clock", async () => now());
  app.post("/_poolhouse/clock", async (request, reply) => {
    // A form of another site cannot send this type without being asked first.
    if (!/^application\/json(;|$)/i.test(request.headers["content-type"] ?? ""))
      return reply.code(415).send({ message: "Send application/json." });
    const seconds = readAdvance(request);
    const good = seconds !== undefined && clock.now() + seconds * 1000 < endOfTimeMs;
    if (!good) {
      const message = `Send {"advanceSeconds": n} with n from 0 to ${furthestSeconds}; the clock cannot go back.`;
      return reply.code(400).send({ message });
    }
    await clock.advance(Math.round(seconds * 1000));
    return now();
  });
}

function readAdvance(request: FastifyRequest): number | undefined {
  const asked = readBody(request);
  if (typeof asked !== "object" || asked === null) return undefined;
  const { advanceSeconds, ...unknown } = asked as Record<string, unknown>;
  const good =
    Object.keys(unknown).length === 0 &&
    typeof advanceSeconds === "number" &&
    advanceSeconds >= 0 &&
    advanceSeconds <= furthestSeconds;
  return good ? advanceSeconds : undefined;
}

function readBody({ body }: FastifyRequest): unknown {
  try {
    return Buffer.isBuffer(body) ? parseJson(body, 2) : undefined;
  } catch {
    // Said in the answer's own words.
    return undefined;
  }
}
