/** The composition root: the only file that knows every room. It wires them into one listener and nothing else. */
import type { TlsOptions } from "node:tls";
import type { FastifyInstance } from "fastify";
import { type DevOptions, registerDev } from "./dev/register.ts";
import type { Context } from "./domain/context.ts";
import { registerGateway } from "./gateway/rest.ts";
import type { RestApi } from "./gateway/rest-api.ts";
import type { LoginPages } from "./login/bundle.ts";
import { registerLogin } from "./login/register.ts";
import { keepDomainsApart, rewriteForDomains } from "./oauth/place.ts";
import { registerOauth } from "./oauth/register.ts";
import { cognitoIdentity } from "./operations/cognito-identity/index.ts";
import { cognitoIdp } from "./operations/cognito-idp/index.ts";
import { makeGate } from "./operations/gate.ts";
import { kms } from "./operations/kms/index.ts";
import { poolhouse } from "./operations/poolhouse/index.ts";
import type { SignerKeys } from "./operations/signer.ts";
import { answerAwsJson } from "./protocol/aws-json.ts";
import { registerHealth } from "./protocol/health.ts";
import {
  makeHttp,
  refuseUnknown,
  sendWire,
  type TrustedProxies,
  wireRequest,
} from "./protocol/http.ts";

export type AppOptions = {
  readonly context: Context;
  readonly signers: SignerKeys;
  readonly https?: TlsOptions;
  readonly trustedProxies?: TrustedProxies;
  readonly apis?: readonly RestApi[];
  /** The hosted pages; absent where there is no TLS, which their cookies need. */
  readonly pages?: LoginPages;
  /** What only development has. */
  readonly dev?: Omit<DevOptions, "context">;
};

const services = [cognitoIdp, cognitoIdentity, kms, poolhouse];

/** Builds the listener with all its routes; the caller lets it listen. */
export function createApp(options: AppOptions): FastifyInstance {
  const { context, signers } = options;
  const app = makeHttp({
    requestId: () => context.random.uuid(),
    clock: context.clock,
    log: context.log,
    trustedProxies: options.trustedProxies ?? [],
    rewrite: rewriteForDomains(context.settings.publicUrl),
    ...(options.https ? { https: options.https } : {}),
  });
  keepDomainsApart(app, context);
  registerHealth(app, () => context.store.ping());
  registerOauth(app, context);
  if (options.pages) registerLogin(app, context, options.pages);
  registerGateway(app, context, options.apis ?? []);
  if (options.dev) registerDev(app, { ...options.dev, context });
  else app.setNotFoundHandler(refuseUnknown);
  const gate = makeGate(context, signers);
  app.post("/*", async (request, reply) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const answer = await answerAwsJson(services, gate, { ...wireRequest(request), target });
    return sendWire(reply, answer);
  });
  return app;
}
