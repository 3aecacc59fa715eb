import type { FastifyInstance } from "fastify";
import { ServiceError } from "../errors/service-error.ts";
import { readRefusal } from "../protocol/read-refusal.ts";
import { type Signer, signRequest, type Target } from "../protocol/sigv4/sign-request.ts";

/** Calls an operation of this very process, signed, checked and audited as any other call; rejects with its refusal, a ServiceError. */
export async function callInProcess<Output>(
  app: FastifyInstance,
  signer: Signer,
  { target, input }: { target: Target; input: object },
): Promise<Output> {
  const call = signRequest(signer, { target, body: JSON.stringify(input), nowMs: Date.now() });
  const answer = await app.inject({
    method: "POST",
    url: "/",
    headers: call.headers,
    payload: call.body,
  });
  if (answer.statusCode !== 200) {
    const { code, message } = readRefusal(answer.body) ?? { code: "Unknown", message: answer.body };
    throw new ServiceError(code, message);
  }
  // The caller names the type of an operation of this program's own version.
  return JSON.parse(answer.body) as Output;
}
