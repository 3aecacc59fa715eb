/** aws-amplify 6 and passkeys: in Chromium with its virtual authenticator, and as far as Node gets. */
import {
  associateWebAuthnCredential,
  listWebAuthnCredentials,
  signIn,
  signOut,
} from "aws-amplify/auth";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { done, makeAppPool, makeAppUser } from "./harness/amplify.ts";
import { bundleAmplify, openApp } from "./harness/amplify-page.ts";
import type { AppPool } from "./harness/app-pool.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let pool: AppPool;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  pool = await makeAppPool(server, {
    pool: {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
    },
    mfa: { WebAuthnConfiguration: { UserVerification: "preferred" } },
    client: { ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
  });
});
afterAll(stopAll);

describe("in a browser", () => {
  let browser: TestBrowser;
  let bundle: string;
  let page: Page;
  let username: string;
  beforeAll(async () => {
    browser = await startBrowser(server.caFile);
    bundle = await bundleAmplify();
  });
  beforeEach(async () => {
    page = await openApp(browser, server, { pool, bundle });
    username = await makeAppUser(server, pool);
    await page.evaluate(
      async (given) => {
        const options = { authFlowType: "USER_AUTH", preferredChallenge: "PASSWORD" } as const;
        await amplify.signIn({ ...given, options });
        await amplify.associateWebAuthnCredential();
      },
      { username, password },
    );
  });
  afterEach(() => browser.leave());
  afterAll(() => browser.close());

  /** USER_AUTH, with what the user prefers; who is signed in is signed out first. */
  function choose(preferredChallenge?: "WEB_AUTHN") {
    return page.evaluate(
      async (given) => {
        await amplify.signOut();
        const { username: name, preferred } = given;
        const options = { authFlowType: "USER_AUTH" as const, ...preferred };
        return amplify.signIn({ username: name, options });
      },
      { username, preferred: preferredChallenge ? { preferredChallenge } : {} },
    );
  }

  test("associateWebAuthnCredential, listWebAuthnCredentials, deleteWebAuthnCredential", async () => {
    const { credentials } = await page.evaluate(() => amplify.listWebAuthnCredentials());
    expect(credentials).toEqual([
      {
        credentialId: expect.stringMatching(/^[\w-]+$/),
        friendlyCredentialName: expect.any(String),
        relyingPartyId: "localhost",
        authenticatorAttachment: "platform",
        authenticatorTransports: ["internal"],
        createdAt: expect.any(Date),
      },
    ]);
    const left = await page.evaluate(async (credentialId) => {
      await amplify.deleteWebAuthnCredential({ credentialId });
      return amplify.listWebAuthnCredentials();
    }, credentials[0]?.credentialId ?? "");
    expect(left.credentials).toEqual([]);
    expect((await choose("WEB_AUTHN")).nextStep.signInStep).not.toBe("DONE");
  });

  test("signIn USER_AUTH, preferredChallenge WEB_AUTHN", async () => {
    expect(await choose("WEB_AUTHN")).toMatchObject(done);
    const attributes = await page.evaluate(() => amplify.fetchUserAttributes());
    expect(attributes).toMatchObject({ email: username });
  });

  test("confirmSignIn SELECT_CHALLENGE with WEB_AUTHN", async () => {
    expect((await choose()).nextStep).toMatchObject({
      signInStep: "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION",
      availableChallenges: expect.arrayContaining(["WEB_AUTHN"]),
    });
    const signedIn = await page.evaluate(() =>
      amplify.confirmSignIn({ challengeResponse: "WEB_AUTHN" }),
    );
    expect(signedIn).toMatchObject(done);
  });

  test("a device without the passkey does not get in", async () => {
    page = await openApp(browser, server, { pool, bundle });
    await expect(choose("WEB_AUTHN")).rejects.toThrow("PasskeyAuthenticationCanceled");
    await expect(page.evaluate(() => amplify.fetchUserAttributes())).rejects.toThrow(
      "UserUnAuthenticatedException",
    );
  });
});

test("in Node there is no authenticator, but the list", async () => {
  const username = await makeAppUser(server, pool);
  const options = { authFlowType: "USER_AUTH", preferredChallenge: "PASSWORD" } as const;
  await signIn({ username, password, options });
  expect(await listWebAuthnCredentials()).toEqual({ credentials: [], nextToken: undefined });
  await expect(associateWebAuthnCredential()).rejects.toMatchObject({
    name: "PasskeyNotSupported",
  });
  await signOut();
});
