import {
  DeleteWebAuthnCredentialCommand,
  ListWebAuthnCredentialsCommand,
  SetUserMFAPreferenceCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox } from "../../../testing/codes.ts";
import { passkeySettings, registerPasskey } from "../../../testing/passkeys.ts";
import { storedUser, testUser } from "../../../testing/pools.ts";
import { signedInUser, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const signedIn = () => signedInUser(app, { settings: passkeySettings });

function list(AccessToken: string, page: { MaxResults?: number; NextToken?: string } = {}) {
  return app.client.send(new ListWebAuthnCredentialsCommand({ AccessToken, ...page }));
}

function remove(AccessToken: string, CredentialId: string) {
  return app.client.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId }));
}

test("a passkey is listed as AWS lists it", async () => {
  const { access } = await signedIn();
  expect((await list(access)).Credentials).toEqual([]);
  const { credentialId } = await registerPasskey(app, access);
  expect((await list(access)).Credentials).toEqual([
    {
      CredentialId: credentialId,
      FriendlyCredentialName: "Passkey",
      RelyingPartyId: "localhost",
      AuthenticatorAttachment: "platform",
      AuthenticatorTransports: ["hybrid", "internal"],
      CreatedAt: expect.any(Date),
    },
  ]);
});

test("the list comes in pages, and a page's token is its user's own", async () => {
  const { home, access } = await signedIn();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await registerPasskey(app, access)).credentialId);
  const first = await list(access, { MaxResults: 3 });
  const second = await list(access, { MaxResults: 3, NextToken: first.NextToken ?? "" });
  const listed = [...(first.Credentials ?? []), ...(second.Credentials ?? [])];
  expect(listed.map((each) => each.CredentialId)).toEqual(ids);
  expect(second.NextToken).toBeUndefined();
  expect((await list(access, { MaxResults: 0 })).Credentials).toHaveLength(5);
  await testUser(app, home.pool, { username: "eve" });
  const { access: eves } = await tokensOf(app, home, { username: "eve" });
  expect((await list(eves)).Credentials).toEqual([]);
  await expect(list(eves, { NextToken: first.NextToken ?? "" })).rejects.toThrow("Paging marker");
  await expect(list(access, { MaxResults: 21 })).rejects.toThrow("less than or equal to 20");
});

test("a passkey is removed once, and by its own user alone", async () => {
  const { home, access } = await signedIn();
  const [one, other] = [await registerPasskey(app, access), await registerPasskey(app, access)];
  await testUser(app, home.pool, { username: "eve" });
  const { access: eves } = await tokensOf(app, home, { username: "eve" });
  const notFound = { name: "ResourceNotFoundException" };
  await expect(remove(eves, one.credentialId)).rejects.toMatchObject(notFound);
  await remove(access, one.credentialId);
  await expect(remove(access, one.credentialId)).rejects.toMatchObject(notFound);
  await expect(remove(access, "")).rejects.toMatchObject(notFound);
  const left = (await list(access)).Credentials ?? [];
  expect(left.map((each) => each.CredentialId)).toEqual([other.credentialId]);
  expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
  expect((await storedUser(app, home, "eve"))?.factors.passkeys).toBe(0);
});

test("of several who remove one passkey at once one does", async () => {
  const { home, access } = await signedIn();
  const [one] = [await registerPasskey(app, access), await registerPasskey(app, access)];
  const removals = Array.from({ length: 5 }, () => remove(access, one.credentialId));
  const outcomes = await Promise.allSettled(removals);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
});

test("with the last passkey goes that passkeys count as both factors", async () => {
  const webAuthn = {
    userVerification: "required",
    factorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
  } as const;
  const mfa = { sms: false, softwareToken: true, webAuthn };
  const settings = { ...passkeySettings, mfaConfiguration: "OPTIONAL", mfa } as const;
  const { home, access } = await signedInUser(app, { settings });
  const [one, other] = [await registerPasskey(app, access), await registerPasskey(app, access)];
  await app.client.send(
    new SetUserMFAPreferenceCommand({
      AccessToken: access,
      WebAuthnMfaSettings: { Enabled: true },
    }),
  );
  const counts = async () => (await storedUser(app, home))?.factors.webAuthnMfa;
  await remove(access, one.credentialId);
  expect(await counts()).toBe(true);
  await remove(access, other.credentialId);
  expect(await counts()).toBe(false);
});

test("a passkey that was removed may be registered again", async () => {
  const { access } = await signedIn();
  const authenticator = await registerPasskey(app, access);
  await remove(access, authenticator.credentialId);
  await registerPasskey(app, access, { authenticator });
  expect((await list(access)).Credentials).toHaveLength(1);
});

test("a removal is told to the user in the hardened profile", async () => {
  const { access } = await signedInUser(app, {
    settings: passkeySettings,
    extensions: { profile: "hardened" },
  });
  const { credentialId } = await registerPasskey(app, access);
  await remove(access, credentialId);
  await deliverOutbox(app);
  expect(app.sent.at(-1)).toMatchObject({
    to: "ada@example.com",
    subject: "A way to sign in was removed",
  });
});
