import { createHmac } from "node:crypto";
import { createSrpSession, signSrpSession } from "cognito-srp-helper";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { registerPasskey, signatureFor } from "../../../testing/passkeys.ts";
import { otherClientOf, personAt, refusals, withTokens } from "../../../testing/person.ts";
import {
  password,
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

const all = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"] as const;
const contacts = {
  email: "ada@example.com",
  email_verified: "true",
  phone_number: "+12065550100",
  phone_number_verified: "true",
};

function choicePool({ settings, client, ...options }: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, {
    ...options,
    settings: { allowedFirstAuthFactors: all, ...settings },
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

/** A user with every first factor. */
async function richUser(options: TestPoolOptions = {}) {
  const home = await choicePool(options);
  await testUser(app, home.pool, { attributes: contacts });
  const { access } = await tokensOf(app, home);
  const authenticator = await registerPasskey(app, access);
  return { home, ada: personAt(app, home), authenticator };
}

/** A user who has only a password, in a pool that would take more. */
async function plainUser(options: TestPoolOptions = {}) {
  const home = await choicePool(options);
  await testUser(app, home.pool);
  return { home, ada: personAt(app, home) };
}

const everything = ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"];

describe("PREFERRED_CHALLENGE", () => {
  test("PASSWORD with the password gives tokens, and without asks for it", async () => {
    const { ada } = await plainUser();
    const preferred = { PREFERRED_CHALLENGE: "PASSWORD" };
    expect(await ada.begin({ ...preferred, PASSWORD: password })).toMatchObject(withTokens);
    await expect(ada.begin({ ...preferred, PASSWORD: "Wrong-1-Pass" })).rejects.toMatchObject(
      refusals.wrong,
    );
    const asked = await ada.begin(preferred);
    expect(asked).toMatchObject({
      ChallengeName: "PASSWORD",
      AvailableChallenges: ["PASSWORD"],
      Session: expect.any(String),
    });
    expect(await ada.answer(asked, { PASSWORD: password })).toMatchObject(withTokens);
  });

  test("PASSWORD_SRP with SRP_A begins it, and without asks for it", async () => {
    const { home, ada } = await plainUser();
    const session = createSrpSession("ada", password, home.pool.id, false);
    const preferred = { PREFERRED_CHALLENGE: "PASSWORD_SRP" };
    const { largeA: SRP_A } = session;
    const asked = await ada.begin(preferred);
    expect(asked).toMatchObject({
      ChallengeName: "PASSWORD_SRP",
      AvailableChallenges: ["PASSWORD_SRP"],
    });
    for (const begun of [
      await ada.begin({ ...preferred, SRP_A }),
      await ada.answer(asked, { SRP_A }),
    ]) {
      const { ChallengeName, ChallengeParameters = {} } = begun;
      expect(ChallengeName).toBe("PASSWORD_VERIFIER");
      const signed = signSrpSession(session, { ChallengeParameters });
      const proof = {
        PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
        PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
        TIMESTAMP: signed.timestamp,
      };
      expect(await ada.answer(begun, proof)).toMatchObject(withTokens);
    }
    await expect(ada.answer(asked, { SRP_A })).rejects.toMatchObject(refusals.session);
  });

  test("codes and passkeys are asked for at once", async () => {
    const { ada, authenticator } = await richUser();
    const byEmail = await ada.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
    expect(byEmail).toMatchObject({
      ChallengeName: "EMAIL_OTP",
      AvailableChallenges: ["EMAIL_OTP"],
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL",
        CODE_DELIVERY_DESTINATION: "a***@e***",
      },
    });
    expect(await ada.answer(byEmail, { EMAIL_OTP_CODE: lastCode(app) })).toMatchObject(withTokens);
    const bySms = await ada.begin({ PREFERRED_CHALLENGE: "SMS_OTP" });
    expect(bySms).toMatchObject({
      ChallengeName: "SMS_OTP",
      AvailableChallenges: ["SMS_OTP"],
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: "SMS",
        CODE_DELIVERY_DESTINATION: "+*******0100",
      },
    });
    expect(await ada.answer(bySms, { SMS_OTP_CODE: lastCode(app) })).toMatchObject(withTokens);
    const byPasskey = await ada.begin({ PREFERRED_CHALLENGE: "WEB_AUTHN" });
    expect(byPasskey).toMatchObject({
      ChallengeName: "WEB_AUTHN",
      AvailableChallenges: ["WEB_AUTHN"],
    });
    const signed = signatureFor(byPasskey, authenticator);
    expect(await ada.answer(byPasskey, signed)).toMatchObject(withTokens);
  });

  test("what the user lacks, or the pool does not allow, leads to a choice of what there is", async () => {
    const { home, ada } = await plainUser();
    for (const PREFERRED_CHALLENGE of ["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]) {
      expect(await ada.begin({ PREFERRED_CHALLENGE })).toMatchObject({
        ChallengeName: "SELECT_CHALLENGE",
        AvailableChallenges: ["PASSWORD_SRP", "PASSWORD"],
      });
    }
    await testUser(app, home.pool, { username: "bob", passwordHash: null, attributes: contacts });
    const bob = personAt(app, home, "bob");
    expect(await bob.begin({ PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: password })).toMatchObject({
      ChallengeName: "SELECT_CHALLENGE",
      AvailableChallenges: ["EMAIL_OTP", "SMS_OTP"],
    });
    const codesOnly = await choicePool({ settings: { allowedFirstAuthFactors: ["PASSWORD"] } });
    await testUser(app, codesOnly.pool, { attributes: contacts });
    expect(
      await personAt(app, codesOnly).begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" }),
    ).toMatchObject({ ChallengeName: "SELECT_CHALLENGE" });
    expect(app.sent).toEqual([]);
  });

  test("an unknown one is refused", async () => {
    const { ada } = await plainUser();
    for (const PREFERRED_CHALLENGE of ["SMS_MFA", "PASSWORD_VERIFIER", "email_otp", "__proto__"]) {
      await expect(ada.begin({ PREFERRED_CHALLENGE })).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
  });

  test("takes the flow to be allowed for the client", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    await expect(
      personAt(app, home).begin({ PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: password }),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "USER_AUTH flow not enabled for this client",
    });
  });
});

describe("SELECT_CHALLENGE", () => {
  test("offers all that the user has, and takes each", async () => {
    const { home, ada, authenticator } = await richUser();
    const select = () => ada.begin();
    expect(await select()).toMatchObject({
      ChallengeName: "SELECT_CHALLENGE",
      AvailableChallenges: everything,
      ChallengeParameters: {},
    });

    const answered = await ada.answer(await select(), { ANSWER: "PASSWORD", PASSWORD: password });
    expect(answered).toMatchObject(withTokens);
    const srp = createSrpSession("ada", password, home.pool.id, false);
    const chosen = { ANSWER: "PASSWORD_SRP", SRP_A: srp.largeA };
    expect(await ada.answer(await select(), chosen)).toMatchObject({
      ChallengeName: "PASSWORD_VERIFIER",
    });
    const byEmail = await ada.answer(await select(), { ANSWER: "EMAIL_OTP" });
    expect(await ada.answer(byEmail, { EMAIL_OTP_CODE: lastCode(app) })).toMatchObject(withTokens);
    const bySms = await ada.answer(await select(), { ANSWER: "SMS_OTP" });
    expect(await ada.answer(bySms, { SMS_OTP_CODE: lastCode(app) })).toMatchObject(withTokens);
    const byPasskey = await ada.answer(await select(), { ANSWER: "WEB_AUTHN" });
    const signed = signatureFor(byPasskey, authenticator);
    expect(await ada.answer(byPasskey, signed)).toMatchObject(withTokens);
  });

  test("its Session outlives a wrong password, and not a right one", async () => {
    const { ada } = await plainUser();
    const asked = await ada.begin();
    const answer = (PASSWORD: string) => ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD });
    await expect(answer("Wrong-1-Pass")).rejects.toMatchObject(refusals.wrong);
    expect(await answer(password)).toMatchObject(withTokens);
    await expect(answer(password)).rejects.toMatchObject(refusals.session);
  });

  test("of ten right answers at once one gets tokens", async () => {
    const { ada } = await plainUser();
    const asked = await ada.begin();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password }),
      ),
    );
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
  });

  test("its passwords count for the lock of the account, whatever the Session", async () => {
    const { ada } = await plainUser();
    for (let tries = 0; tries < 5; tries += 1) {
      const asked = await ada.begin();
      await expect(
        ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: "Wrong-1-Pass" }),
      ).rejects.toMatchObject(refusals.wrong);
    }
    const asked = await ada.begin();
    await expect(
      ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password }),
    ).rejects.toMatchObject(refusals.locked);
    app.clock.advance(1_000);
    expect(await ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password })).toMatchObject(
      withTokens,
    );
  });

  test("takes nothing that it did not offer, and is used up by no such answer", async () => {
    const { ada } = await plainUser();
    const asked = await ada.begin();
    for (const ANSWER of ["EMAIL_OTP", "WEB_AUTHN", "SMS_MFA", "toString"]) {
      await expect(ada.answer(asked, { ANSWER })).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
    await expect(ada.answer(asked)).rejects.toMatchObject({
      message: "Missing required parameter ANSWER",
    });
    expect(await ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password })).toMatchObject(
      withTokens,
    );
  });

  test("is bound to its user, its client, its name and its time", async () => {
    const { home, ada } = await plainUser();
    await testUser(app, home.pool, { username: "eve" });
    const asked = await ada.begin();
    const right = { ANSWER: "PASSWORD", PASSWORD: password };
    const elsewhere = await otherClientOf(app, home);
    for (const answer of [
      () => personAt(app, home, "eve").answer(asked, right),
      () => personAt(app, elsewhere).answer(asked, right),
      () => ada.answer({ ...asked, ChallengeName: "PASSWORD" }, right),
      () => ada.answer({ ...asked, Session: `${asked.Session?.slice(0, -1)}_` }, right),
    ]) {
      await expect(answer()).rejects.toMatchObject(refusals.session);
    }
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.sessionExpired);
  });

  test("a temporary password is the only way to begin, and leads to one's own", async () => {
    const home = await choicePool();
    const temporary = { status: "FORCE_CHANGE_PASSWORD", attributes: contacts } as const;
    const temporaryPasswordExpiresAtMs = app.clock.now() + 60_000;
    await testUser(app, home.pool, { ...temporary, temporaryPasswordExpiresAtMs });
    const ada = personAt(app, home);
    const asked = await ada.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
    expect(asked.AvailableChallenges).toEqual(["PASSWORD_SRP", "PASSWORD"]);
    expect(app.sent).toEqual([]);
    expect(await ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password })).toMatchObject({
      ChallengeName: "NEW_PASSWORD_REQUIRED",
    });
  });
});

describe("the name in an answer", () => {
  test("may be the typed one, the user's own or another alias of theirs, and nobody else's", async () => {
    const home = await choicePool({ settings: { aliasAttributes: ["email", "phone_number"] } });
    await testUser(app, home.pool, { attributes: contacts });
    await testUser(app, home.pool, { username: "eve" });
    const typed = personAt(app, home, contacts.email);
    const right = { ANSWER: "PASSWORD", PASSWORD: password };
    for (const name of [contacts.email, "ada", contacts.phone_number]) {
      const asked = await typed.begin();
      expect(await personAt(app, home, name).answer(asked, right)).toMatchObject(withTokens);
    }
    const asked = await typed.begin();
    for (const name of ["eve", "nobody", "eve@example.com"]) {
      await expect(personAt(app, home, name).answer(asked, right)).rejects.toMatchObject(
        refusals.session,
      );
    }
  });

  test("comes with the client's SECRET_HASH at every step", async () => {
    const secret = "s".repeat(51);
    const home = await choicePool({ secret });
    await testUser(app, home.pool, { attributes: contacts });
    const ada = personAt(app, home);
    const SECRET_HASH = createHmac("sha256", secret)
      .update(`ada${home.client.id}`)
      .digest("base64");
    await expect(ada.begin()).rejects.toThrow("SECRET_HASH was not received");
    const select = await ada.begin({ SECRET_HASH });
    await expect(ada.answer(select, { ANSWER: "EMAIL_OTP" })).rejects.toThrow(
      "SECRET_HASH was not received",
    );
    const asked = await ada.answer(select, { ANSWER: "EMAIL_OTP", SECRET_HASH });
    const EMAIL_OTP_CODE = lastCode(app);
    for (const wrong of [{}, { SECRET_HASH: "x".repeat(44) }]) {
      await expect(ada.answer(asked, { EMAIL_OTP_CODE, ...wrong })).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
    }
    expect(await ada.answer(asked, { EMAIL_OTP_CODE, SECRET_HASH })).toMatchObject(withTokens);
  });
});

describe("a name that nobody has", () => {
  const hidden = { client: { preventUserExistenceErrors: "ENABLED" } } as const;

  test("is told where the client asks for that", async () => {
    const home = await choicePool({ client: { preventUserExistenceErrors: "LEGACY" } });
    await expect(personAt(app, home, "nobody").begin()).rejects.toMatchObject({
      name: "UserNotFoundException",
    });
  });

  test("is offered what the pool allows, and no password is right", async () => {
    const home = await choicePool(hidden);
    const nobody = personAt(app, home, "nobody");
    const asked = await nobody.begin();
    expect(asked.AvailableChallenges).toEqual(everything);
    await expect(
      nobody.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password }),
    ).rejects.toMatchObject(refusals.wrong);
  });

  test("is offered the same as everybody in the hardened profile", async () => {
    const { ada, home } = await plainUser({ ...hidden, extensions: { profile: "hardened" } });
    const asked = await ada.begin();
    expect(asked).toMatchObject({
      AvailableChallenges: everything,
      ChallengeName: "SELECT_CHALLENGE",
    });
    expect((await personAt(app, home, "nobody").begin()).AvailableChallenges).toEqual(everything);
    // What the user does not have is only put up.
    const putUp = await ada.answer(asked, { ANSWER: "EMAIL_OTP" });
    expect(putUp.ChallengeName).toBe("EMAIL_OTP");
    expect(app.sent).toEqual([]);
  });
});
