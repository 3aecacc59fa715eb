/** The OAuth and OpenID Connect routes of a pool, below `/<poolId>`. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context } from "../domain/context.ts";
import { findPool, type UserPool } from "../domain/pools/pool.ts";
import { userPoolNotFound } from "../errors/cognito-idp.ts";
import { sendWire } from "../protocol/http.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { discovery } from "./discovery.ts";
import { jwks } from "./jwks.ts";

type Endpoint = (context: Context, pool: UserPool) => WireAnswer | Promise<WireAnswer>;

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/.well-known/jwks.json": jwks,
  "/.well-known/openid-configuration": discovery,
};

/** Serves the endpoints of every pool, whichever issuer its tokens name. */
export function registerOauth(app: FastifyInstance, context: Context): void {
  for (const [path, endpoint] of Object.entries(endpoints)) {
    app.get<{ Params: { poolId: string } }>(`/:poolId${path}`, async (request, reply) =>
      sendWire(reply, await answer(context, endpoint, request)),
    );
  }
}

async function answer(
  context: Context,
  endpoint: Endpoint,
  request: FastifyRequest<{ Params: { poolId: string } }>,
): Promise<WireAnswer> {
  try {
    const { poolId } = request.params;
    const pool = await findPool(context.store.db, poolId);
    return pool ? await endpoint(context, pool) : refusal(400, userPoolNotFound(poolId).message);
  } catch (error) {
    context.log.error({ requestId: request.id, err: error }, "an endpoint failed unexpectedly");
    return refusal(500, "Something went wrong. Try again.");
  }
}

function refusal(status: number, message: string): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ message }),
  };
}
