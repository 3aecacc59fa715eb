import { X509Certificate } from "node:crypto";
import {
  DeleteUserPoolCommand,
  GetSigningCertificateCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, it } from "vitest";
import { replaceSigningKeys, rotateSigningKeys } from "../../../domain/keys/rotate.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { testCall, testPool } from "../../../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

async function certificateOf(UserPoolId: string): Promise<string> {
  const command = new GetSigningCertificateCommand({ UserPoolId });
  const { Certificate } = await app.client.send(command);
  return Certificate ?? expect.fail("no certificate");
}

it("is a certificate that signs itself, without the lines around it, for ten years", async () => {
  const { pool } = await testPool(app);
  const text = await certificateOf(pool.id);
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
  const certificate = new X509Certificate(Buffer.from(text, "base64"));
  expect(certificate.subject).toBe(`CN=${pool.id}`);
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const { privateKey } = await app.context.keyRing.signing(pool.id, "saml");
  expect(certificate.checkPrivateKey(privateKey)).toBe(true);
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  expect(to.getUTCFullYear() - from.getUTCFullYear()).toBe(10);
  expect(Math.abs(from.getTime() - app.context.clock.now())).toBeLessThan(60_000);
});

it("is the same at every call, at several at once, and after a rotation of the keys of tokens", async () => {
  const { pool } = await testPool(app);
  const first = await Promise.all([1, 2, 3].map(() => certificateOf(pool.id)));
  await rotateSigningKeys(testCall(app), pool);
  app.clock.advance(400 * 86_400_000);
  expect(new Set([...first, await certificateOf(pool.id)]).size).toBe(1);
});

it("is another one for another pool, and after an emergency", async () => {
  const [one, two] = [await testPool(app), await testPool(app)];
  const before = await certificateOf(one.pool.id);
  expect(await certificateOf(two.pool.id)).not.toBe(before);
  app.clock.advance(1000);
  await replaceSigningKeys(testCall(app), one.pool);
  expect(await certificateOf(one.pool.id)).not.toBe(before);
});

it("is over a key that signs no token and that no verifier of tokens is shown", async () => {
  const { pool } = await testPool(app);
  await certificateOf(pool.id);
  const published = await app.context.keyRing.published(pool.id);
  expect(published).toHaveLength(2);
  const { kid } = await app.context.keyRing.signing(pool.id, "saml");
  for (const use of ["id", "access"] as const) {
    expect(await app.context.keyRing.verifying(pool.id, kid, use)).toBeUndefined();
  }
  expect(published.map((each) => each.kid)).not.toContain(kid);
});

it("is refused for a pool that is not there", async () => {
  const { pool } = await testPool(app);
  await app.client.send(new DeleteUserPoolCommand({ UserPoolId: pool.id }));
  for (const id of [pool.id, "us-east-1_Unknown00"]) {
    await expect(certificateOf(id)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  }
});
