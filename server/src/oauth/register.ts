/** The OAuth and OpenID Connect endpoints of a pool, below `/<poolId>` and at its domains. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../domain/context.ts";
import { deviceAuthorization } from "./device-authorization.ts";
import { discovery, metadata, metadataOfIssuer } from "./discovery.ts";
import { type Endpoint, registerEndpoints } from "./endpoint.ts";
import { introspect } from "./introspect.ts";
import { jwks } from "./jwks.ts";
import { par } from "./par.ts";
import { revoke } from "./revoke.ts";
import { token } from "./token/index.ts";
import { userInfoByGet, userInfoByPost } from "./user-info.ts";

const endpoints: readonly Endpoint[] = [
  jwks,
  discovery,
  metadata,
  metadataOfIssuer,
  par,
  deviceAuthorization,
  token,
  userInfoByGet,
  userInfoByPost,
  revoke,
  introspect,
];

/** Serves the endpoints that apps call; the authorization endpoint, which may answer with a page, is login's. */
export function registerOauth(app: FastifyInstance, context: Context): void {
  registerEndpoints(app, context, endpoints);
}
