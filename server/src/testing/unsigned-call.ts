/** Operations of our own as an app sends them: unsigned, the access token in the body. */
import type { TestApp } from "./app.ts";

/** Calls an operation; rejects with its refusal. */
export async function unsignedCall<Answer>(
  { app }: TestApp,
  operation: "CreateRecoveryCodes" | "DescribeRecoveryCodes",
  input: object,
): Promise<Answer> {
  const answer = await app.inject({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `PoolhouseService.${operation}`,
    },
    payload: JSON.stringify(input),
  });
  const body = answer.json();
  if (answer.statusCode !== 200) {
    throw Object.assign(new Error(body.message), { name: String(body.__type) });
  }
  return body;
}

/** The recovery codes of whoever has this token; earlier ones are void. */
export async function createRecoveryCodes(app: TestApp, AccessToken: string): Promise<string[]> {
  const told = await unsignedCall<{ RecoveryCodes: string[] }>(app, "CreateRecoveryCodes", {
    AccessToken,
  });
  return told.RecoveryCodes;
}
