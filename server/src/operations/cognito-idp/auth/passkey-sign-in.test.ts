import {
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  DeleteWebAuthnCredentialCommand,
  SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MfaSettings } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { Authenticator, type Lies } from "../../../testing/authenticator.ts";
import { mfaSettings, totpAt, userWithApp } from "../../../testing/mfa.ts";
import { passkeySettings, registerPasskey, signatureFor } from "../../../testing/passkeys.ts";
import { otherClientOf, personAt, refusals, withTokens } from "../../../testing/person.ts";
import {
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const preferred = { PREFERRED_CHALLENGE: "WEB_AUTHN" };
const asksForPasskey = { ChallengeName: "WEB_AUTHN" };
const named = ({ pool }: TestPool) => ({ UserPoolId: pool.id, Username: "ada" });

function passkeyPool({ settings, client, ...options }: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, {
    ...options,
    settings: { ...passkeySettings, ...settings },
    client: {
      explicitAuthFlows: [
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      ...client,
    },
  });
}

async function passkeyOf(home: TestPool, username = "ada") {
  await testUser(app, home.pool, { username });
  const { access } = await tokensOf(app, home, { username });
  return { access, authenticator: await registerPasskey(app, access) };
}

async function passkeyUser(options: TestPoolOptions = {}) {
  const home = await passkeyPool(options);
  const ada = personAt(app, home);
  return { home, ada, ...(await passkeyOf(home)), ask: () => ada.begin(preferred) };
}

const optionsIn = (asked: { ChallengeParameters?: Record<string, string> | undefined }) =>
  JSON.parse(asked.ChallengeParameters?.["CREDENTIAL_REQUEST_OPTIONS"] ?? "");

describe("a passkey", () => {
  test("is asked for by what browsers take, and signs in once", async () => {
    const { ada, authenticator, ask } = await passkeyUser();
    const asked = await ask();
    expect(optionsIn(asked)).toEqual({
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      timeout: 180_000,
      rpId: "localhost",
      allowCredentials: [
        { id: authenticator.credentialId, type: "public-key", transports: ["hybrid", "internal"] },
      ],
      userVerification: "preferred",
    });
    const signed = signatureFor(asked, authenticator);
    expect(await ada.answer(asked, signed)).toMatchObject(withTokens);
    await expect(ada.answer(asked, signed)).rejects.toMatchObject(refusals.session);
  });

  test("lets one of ten answers at once in", async () => {
    const { ada, authenticator, ask } = await passkeyUser();
    const asked = await ask();
    const signed = signatureFor(asked, authenticator);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => ada.answer(asked, signed)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("signs for its own Session alone", async () => {
    const { home, ada, authenticator, ask } = await passkeyUser();
    const [one, other] = [await ask(), await ask()];
    expect(optionsIn(one).challenge).not.toBe(optionsIn(other).challenge);
    const signed = signatureFor(one, authenticator);
    await expect(ada.answer(other, signed)).rejects.toMatchObject(refusals.wrong);
    const elsewhere = personAt(app, await otherClientOf(app, home));
    await expect(elsewhere.answer(one, signed)).rejects.toMatchObject(refusals.session);
    expect(await ada.answer(one, signed)).toMatchObject(withTokens);
    expect(await ada.answer(other, signatureFor(other, authenticator))).toMatchObject(withTokens);
    const late = await ask();
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(late, signatureFor(late, authenticator))).rejects.toMatchObject(
      refusals.sessionExpired,
    );
  });

  test("of another user opens nothing, under either name", async () => {
    const { home, ada, ask } = await passkeyUser();
    const { authenticator: eves } = await passkeyOf(home, "eve");
    const asked = await ask();
    const signed = signatureFor(asked, eves);
    await expect(ada.answer(asked, signed)).rejects.toMatchObject(refusals.wrong);
    const eve = personAt(app, home, "eve");
    await expect(eve.answer(asked, signed)).rejects.toMatchObject(refusals.session);
    const mine = await eve.begin(preferred);
    await expect(ada.answer(mine, signatureFor(mine, eves))).rejects.toMatchObject(
      refusals.session,
    );
    // Nor with what names ada in place of its own user.
    const userHandle = Buffer.from((await storedUser(app, home))?.id ?? "").toString("base64url");
    await expect(
      ada.answer(asked, signatureFor(asked, eves, { userHandle })),
    ).rejects.toMatchObject(refusals.wrong);
  });

  const lies: [string, Lies][] = [
    ["another page", { origin: "https://evil.example" }],
    ["a page without TLS", { origin: "http://example.com" }],
    ["another relying party", { relyingPartyId: "evil.example" }],
    ["another challenge", { challenge: "A".repeat(43) }],
    ["a registration", { type: "webauthn.create" }],
    ["a page within a stranger's", { clientData: { crossOrigin: true } }],
    ["nobody at the authenticator", { flags: ["uv"] }],
    ["another user's handle", { userHandle: "ZXZl" }],
    ["another kind of authenticator", { flags: ["up", "uv", "be", "bs"] }],
  ];

  test.each(lies)("that signs for %s is refused, and keeps the Session", async (_, lie) => {
    const { ada, authenticator, ask } = await passkeyUser();
    const asked = await ask();
    await expect(ada.answer(asked, signatureFor(asked, authenticator, lie))).rejects.toMatchObject(
      refusals.wrong,
    );
    expect(await ada.answer(asked, signatureFor(asked, authenticator))).toMatchObject(withTokens);
  });

  test("signed by another key, or in no form at all, is refused", async () => {
    const { ada, authenticator, ask } = await passkeyUser();
    const asked = await ask();
    const forged = signatureFor(asked, new Authenticator({ id: authenticator.id }), {
      userHandle: undefined,
    });
    for (const CREDENTIAL of [forged.CREDENTIAL, "{}", "null", "[]", "x", '{"id":"x"}']) {
      await expect(ada.answer(asked, { CREDENTIAL })).rejects.toMatchObject(refusals.wrong);
    }
    await expect(ada.answer(asked)).rejects.toMatchObject({
      message: "Missing required parameter CREDENTIAL",
    });
  });

  test("that was copied is found out by its counter, and the Session is over", async () => {
    const { ada, authenticator, ask } = await passkeyUser();
    const first = await ask();
    await ada.answer(first, signatureFor(first, authenticator));
    const asked = await ask();
    const copied = signatureFor(asked, authenticator, { signCount: authenticator.signCount });
    await expect(ada.answer(asked, copied)).rejects.toMatchObject(refusals.wrong);
  });

  test("that was removed meanwhile opens nothing", async () => {
    const { ada, access, authenticator, ask } = await passkeyUser();
    const asked = await ask();
    const { credentialId: CredentialId } = authenticator;
    await app.client.send(
      new DeleteWebAuthnCredentialCommand({ AccessToken: access, CredentialId }),
    );
    await expect(ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
      refusals.wrong,
    );
    expect(await ask()).toMatchObject({ ChallengeName: "SELECT_CHALLENGE" });
  });

  test.each(["compat", "hardened"] as const)(
    "opens no account that is disabled or to be reset (%s)",
    async (profile) => {
      const { home, ada, authenticator, ask } = await passkeyUser({ extensions: { profile } });
      const asked = await ask();
      await app.client.send(new AdminDisableUserCommand(named(home)));
      await expect(ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
      const second = await passkeyUser({ extensions: { profile } });
      await app.context.store.db
        .updateTable("users")
        .set({ status: "RESET_REQUIRED" })
        .where("user_pool_id", "=", second.home.pool.id)
        .execute();
      const reset = await second.ask();
      await expect(
        second.ada.answer(reset, signatureFor(reset, second.authenticator)),
      ).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
    },
  );

  test.each(["compat", "hardened"] as const)(
    "is asked of a name that nobody has, and no signature is right (%s)",
    async (profile) => {
      const { home, authenticator, ask } = await passkeyUser({
        client: { preventUserExistenceErrors: "ENABLED" },
        extensions: { profile },
      });
      const nobody = personAt(app, home, "nobody");
      const [real, asked] = [await ask(), await nobody.begin(preferred)];
      expect(asked).toMatchObject(asksForPasskey);
      expect(Object.keys(asked)).toEqual(Object.keys(real));
      const { challenge: _, ...rest } = optionsIn(asked);
      expect(optionsIn(real)).toMatchObject(rest);
      expect(rest.allowCredentials).toEqual([]);
      await expect(nobody.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
        refusals.wrong,
      );
    },
  );
});

describe("where a second factor is asked for", () => {
  type WebAuthn = NonNullable<MfaSettings["webAuthn"]>;
  const both: WebAuthn = {
    userVerification: "preferred",
    factorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
  };

  const spare = (home: TestPool, Enabled: boolean) =>
    app.client.send(
      new AdminSetUserMFAPreferenceCommand({
        ...named(home),
        WebAuthnMfaSettings: { Enabled },
      }),
    );

  /** A user with an app and a passkey, who has not said that the passkey shall spare the app. */
  async function userWithBoth(webAuthn: WebAuthn) {
    const given = await userWithApp(app, {
      settings: { ...passkeySettings, mfa: { ...mfaSettings.mfa, webAuthn } },
    });
    const authenticator = await registerPasskey(app, given.access);
    return { ...given, authenticator, ask: () => given.ada.begin(preferred) };
  }

  const notOffered = {
    ChallengeName: "SELECT_CHALLENGE",
    AvailableChallenges: ["PASSWORD_SRP", "PASSWORD"],
  };

  test("a passkey is no way to begin, but where pool and user have it stand for both", async () => {
    const single = await userWithBoth({ ...both, factorConfiguration: "SINGLE_FACTOR" });
    expect(await single.ask()).toMatchObject(notOffered);
    await expect(spare(single.home, true)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const { home, ada, authenticator, ask } = await userWithBoth(both);
    expect(await ask()).toMatchObject(notOffered);
    await spare(home, true);
    const asked = await ask();
    expect(asked).toMatchObject(asksForPasskey);
    expect(await ada.answer(asked, signatureFor(asked, authenticator))).toMatchObject(withTokens);
  });

  test("one that did not verify its user is but the first", async () => {
    const { home, ada, secret, authenticator, ask } = await userWithBoth(both);
    await spare(home, true);
    const asked = await ask();
    const unverified = signatureFor(asked, authenticator, { flags: ["up"] });
    const next = await ada.answer(asked, unverified);
    expect(next).not.toHaveProperty("AuthenticationResult");
    expect(next.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const code = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) };
    expect(await ada.answer(next, code)).toMatchObject(withTokens);
  });

  test("one that did not verify its user is nothing where the pool requires that", async () => {
    const { home, ada, authenticator, ask } = await userWithBoth({
      ...both,
      userVerification: "required",
    });
    await spare(home, true);
    const asked = await ask();
    expect(optionsIn(asked).userVerification).toBe("required");
    const unverified = signatureFor(asked, authenticator, { flags: ["up"] });
    await expect(ada.answer(asked, unverified)).rejects.toMatchObject(refusals.wrong);
  });

  test("what stood for both counts no more once user or pool changed their mind", async () => {
    const { home, ada, authenticator, ask } = await userWithBoth(both);
    await spare(home, true);
    const asked = await ask();
    await spare(home, false);
    await expect(ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
      refusals.wrong,
    );
    await spare(home, true);
    await app.client.send(
      new SetUserPoolMfaConfigCommand({
        ...{ UserPoolId: home.pool.id, MfaConfiguration: "OPTIONAL" },
        SoftwareTokenMfaConfiguration: { Enabled: true },
        WebAuthnConfiguration: { FactorConfiguration: "SINGLE_FACTOR" },
      }),
    );
    await expect(ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
      refusals.wrong,
    );
  });

  test("a factor that is switched on meanwhile is not passed by", async () => {
    const { home, ada, authenticator, ask } = await passkeyUser({
      settings: { ...mfaSettings, ...passkeySettings },
    });
    const asked = await ask();
    await app.client.send(
      new SetUserPoolMfaConfigCommand({
        ...{ UserPoolId: home.pool.id, MfaConfiguration: "ON" },
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    await expect(ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
      refusals.wrong,
    );
  });

  test("in the hardened profile one is asked for as of everybody, and opens nothing", async () => {
    const given = await userWithApp(app, {
      settings: passkeySettings,
      client: { preventUserExistenceErrors: "ENABLED" },
    });
    const authenticator = await registerPasskey(app, given.access);
    await app.context.store.db
      .updateTable("user_pools")
      .set({ extensions: JSON.stringify({ ...given.home.pool.extensions, profile: "hardened" }) })
      .where("id", "=", given.home.pool.id)
      .execute();
    const asked = await given.ada.begin(preferred);
    expect(asked).toMatchObject(asksForPasskey);
    await expect(given.ada.answer(asked, signatureFor(asked, authenticator))).rejects.toMatchObject(
      refusals.wrong,
    );
  });
});
