import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** A load balancer asks every few seconds and takes no answer for a bad one. */
const PATIENCE_MS = 2_000;

export const healthPath = "/_poolhouse/health";

/** `GET /_poolhouse/health`: 200 only while what `ping` asks answers in time. */
export function registerHealth(
  app: FastifyInstance,
  ping: () => Promise<void>,
  patienceMs = PATIENCE_MS,
): void {
  let asking: Promise<boolean> | undefined;

  /** However many ask at once, the store is asked once. */
  function isWell(): Promise<boolean> {
    asking ??= answersInTime(ping, patienceMs).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  app.get(healthPath, async (_request, reply) => {
    const well = await isWell();
    return reply
      .code(well ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status: well ? "ok" : "unavailable" });
  });
}

async function answersInTime(ping: () => Promise<void>, patienceMs: number): Promise<boolean> {
  const answered = ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, pause(patienceMs, false, { ref: false })]);
}
