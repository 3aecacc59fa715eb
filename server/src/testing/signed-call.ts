/** Signed requests that no SDK makes: operations of our own, and inputs that an SDK would not send. */
import { callInProcess } from "../app/call-in-process.ts";
import { rootKeys, type TestApp } from "./app.ts";

type SignedCall = {
  readonly service: "cognito-idp" | "poolhouse";
  readonly operation: string;
  readonly input: object;
  readonly region?: string;
};

const targetPrefixes = {
  "cognito-idp": "AWSCognitoIdentityProviderService",
  poolhouse: "PoolhouseService",
} as const;

/** Calls an operation as the root administrator, for a region; rejects with its refusal. */
export function signedCall(
  { app }: TestApp,
  { service, operation, input, region = "us-east-1" }: SignedCall,
): Promise<Record<string, unknown>> {
  const signer = { url: "https://localhost:8443", region, ...rootKeys };
  return callInProcess(app, signer, { target: `${targetPrefixes[service]}.${operation}`, input });
}
