/** Signed requests that no SDK makes: operations of our own, and inputs that an SDK would not send. */
import { callInProcess } from "../app/call-in-process.ts";
import type { Signer, Target } from "../protocol/sigv4/sign-request.ts";
import { rootKeys, type TestApp } from "./app.ts";

/** Calls an operation as the root administrator, or as whoever `by` says; rejects with its refusal. */
export function signedCall<Output = Record<string, unknown>>(
  { app }: TestApp,
  call: { readonly target: Target; readonly input: object },
  by: Partial<Signer> = {},
): Promise<Output> {
  const signer = { url: "https://localhost:8443", region: "us-east-1", ...rootKeys, ...by };
  return callInProcess<Output>(app, signer, call);
}
