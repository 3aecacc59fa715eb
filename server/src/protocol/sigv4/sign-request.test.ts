import { expect, test } from "vitest";
import { type Signer, signRequest, type Target } from "./sign-request.ts";
import { signingKeys } from "./signing-keys.ts";
import { verifySignature } from "./verify-signature.ts";

const signer: Signer = {
  url: "https://localhost:8443",
  region: "eu-west-1",
  accessKeyId: "AKIAPOOLHOUSETEST000",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const nowMs = Date.UTC(2026, 0, 31, 23, 59, 59);

/** Signs as `signer`, changes what was signed on its way, and verifies it by the real keys. */
async function verify(given: {
  by?: Partial<Signer>;
  target?: Target;
  tamper?: (call: ReturnType<typeof signRequest>) => Partial<ReturnType<typeof signRequest>>;
}) {
  const target = given.target ?? "PoolhouseService.ApplyStack";
  const call = signRequest({ ...signer, ...given.by }, { target, body: '{"a":"é"}', nowMs });
  const { headers, body, url } = { ...call, ...given.tamper?.(call) };
  const request = {
    method: "POST",
    rawUrl: url.pathname,
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body),
  };
  const keys = signingKeys((id) =>
    id === signer.accessKeyId ? { secret: signer.secretAccessKey } : undefined,
  );
  const service = target.startsWith("Poolhouse") ? "poolhouse" : "cognito-idp";
  return await verifySignature(request, keys, { nowMs, expected: { service } });
}

test("what it signs is what the server verifies, for each service", async () => {
  expect(await verify({})).toMatchObject({ ok: true, region: "eu-west-1" });
  const target = "AWSCognitoIdentityProviderService.ListUsers";
  expect(await verify({ target })).toMatchObject({ ok: true });
});

test("with another secret, or changed on its way, it is refused", async () => {
  const refused = [
    verify({ by: { secretAccessKey: "another" } }),
    verify({ tamper: () => ({ body: "{}" }) }),
    verify({ tamper: ({ headers }) => ({ headers: { ...headers, host: "other.example" } }) }),
    verify({
      tamper: ({ headers }) => ({
        headers: { ...headers, "x-amz-target": "PoolhouseService.DescribeStack" },
      }),
    }),
  ];
  for (const outcome of refused) expect(await outcome).toMatchObject({ ok: false });
});

test("a session token goes along, signed", () => {
  const call = signRequest(
    { ...signer, sessionToken: "a-token" },
    { target: "PoolhouseService.ApplyStack", body: "{}", nowMs },
  );
  expect(call.headers["x-amz-security-token"]).toBe("a-token");
  expect(call.headers["authorization"]).toContain("x-amz-security-token;x-amz-target");
});
