/** Our own operations as a signed client calls them, over a test's server. */
import { type Signer, signRequest } from "../protocol/sigv4/sign-request.ts";
import { rootKeys, type TestApp } from "./app.ts";

/** Calls an operation of PoolhouseService as the root keys, or as others; rejects with the server's refusal. */
export async function callPoolhouse<Output>(
  { app }: TestApp,
  operation: string,
  given: { input?: object; signer?: Partial<Signer> } = {},
): Promise<Output> {
  const signer = {
    url: "https://localhost:8443",
    region: "us-east-1",
    ...rootKeys,
    ...given.signer,
  };
  const { headers, body } = signRequest(signer, {
    target: `PoolhouseService.${operation}`,
    body: JSON.stringify(given.input ?? {}),
    nowMs: Date.now(),
  });
  const answer = await app.inject({ method: "POST", url: "/", headers, payload: body });
  const output = answer.json();
  if (answer.statusCode === 200) return output as Output;
  throw Object.assign(new Error(output.message), { code: output.__type });
}
