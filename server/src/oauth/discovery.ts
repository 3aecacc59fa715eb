/** What apps may find out of a pool's endpoints (OpenID Connect Discovery 1.0, RFC 8414). */
import type { Call } from "../domain/call.ts";
import { extensionsInUse } from "../domain/clients/client.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { jsonRefusal } from "./answers.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";
import { metadataOf } from "./metadata.ts";

const MAX_AGE_SECONDS = 300;

async function tell(call: Call, { pool }: EndpointRequest): Promise<WireAnswer> {
  const inUse = await extensionsInUse(call.db, pool);
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": `public, max-age=${MAX_AGE_SECONDS}`,
    },
    body: JSON.stringify(metadataOf(pool, { publicUrl: call.settings.publicUrl, inUse })),
  };
}

const shared = {
  method: "GET",
  event: "Discovery_GET",
  readOnly: true,
  handle: tell,
  refuse: (_call, _request, error) => jsonRefusal(error),
} satisfies Partial<Endpoint>;

export const discovery: Endpoint = { ...shared, path: "/.well-known/openid-configuration" };

const path = "/.well-known/oauth-authorization-server";

/** As many clients ask for it: below the issuer. */
export const metadata: Endpoint = { ...shared, path };

/** As RFC 8414 §3.1 has it: before the path of the issuer. */
export const metadataOfIssuer: Endpoint = { ...shared, path, url: `${path}/:poolId` };
