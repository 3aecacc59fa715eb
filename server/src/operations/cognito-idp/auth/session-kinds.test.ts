/** A Session serves the challenge that it was made for, and nothing else: each kind of one is tried wherever one is taken. */
import {
  AssociateSoftwareTokenCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareChallenge, type SessionName } from "../../../domain/auth/challenge.ts";
import { beginProgress, withProof } from "../../../domain/auth/progress.ts";
import { challengeNames } from "../../../domain/auth/sign-in.ts";
import { storeRegistrationChallenge } from "../../../domain/passkeys/registration-challenge.ts";
import { authenticate } from "../../../domain/tokens/authenticate.ts";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { mfaSettings } from "../../../testing/mfa.ts";
import { otherClientOf, personAt, refusals } from "../../../testing/person.ts";
import { password, type TestPool, testCall, testPool, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;
beforeAll(async () => {
  app = await testApp();
  home = await testPool(app, {
    settings: { ...mfaSettings, allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
    client: { explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"] },
  });
  user = await testUser(app, home.pool);
});
afterAll(() => app.close());

const deviceKey = "us-east-1_0a0a0a0a-0000-4000-8000-000000000000";

/** What any of the challenges takes, all at once. */
const everything = {
  ANSWER: "PASSWORD",
  PASSWORD: password,
  SRP_A: "ab".repeat(384),
  PASSWORD_CLAIM_SECRET_BLOCK: Buffer.alloc(64).toString("base64"),
  PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString("base64"),
  TIMESTAMP: "Tue Sep 3 10:00:00 UTC 2024",
  NEW_PASSWORD: "Another-Horse-9-Battery",
  EMAIL_OTP_CODE: "12345678",
  SMS_OTP_CODE: "12345678",
  SMS_MFA_CODE: "123456",
  SOFTWARE_TOKEN_MFA_CODE: "123456",
  CREDENTIAL: "{}",
  DEVICE_KEY: deviceKey,
};

/** A Session of this kind, of a sign-in that has proved all that there is to prove. */
async function sessionOf(name: SessionName): Promise<string> {
  const call = testCall(app);
  const begun = beginProgress("USER_AUTH", { user, deviceKey });
  const progress = withProof(withProof(begun, "PASSWORD"), "SOFTWARE_TOKEN_MFA");
  const state = { progress, userIdForSrp: user.username, isConfirmed: true };
  const given = { name, userId: user.id, username: user.username, state };
  const prepared = prepareChallenge(call, { ...home, admin: false }, given);
  await prepared.store(app.context.store.db);
  return prepared.session;
}

const isThere = async () =>
  (await app.context.store.db.selectFrom("challenges").selectAll().execute()).length;
const forget = () => app.context.store.db.deleteFrom("challenges").execute();

describe.each([...challengeNames, "SIGN_UP" as const])("a Session of %s", (kind) => {
  test("answers no other challenge", async () => {
    const session = await sessionOf(kind);
    const ada = personAt(app, home);
    for (const ChallengeName of challengeNames.filter((name) => name !== kind)) {
      const asked = { ChallengeName, Session: session };
      await expect(ada.answer(asked, everything)).rejects.toMatchObject(refusals.session);
    }
    expect(await isThere()).toBe(1);
    await forget();
  });

  test("sets up an app only if that is what was asked, and signs in only whom it was given to", async () => {
    const Session = await sessionOf(kind);
    if (kind !== "MFA_SETUP") {
      const verify = { Session, UserCode: "123456" };
      await expect(
        app.client.send(new AssociateSoftwareTokenCommand({ Session })),
      ).rejects.toMatchObject(refusals.session);
      await expect(app.client.send(new VerifySoftwareTokenCommand(verify))).rejects.toMatchObject(
        refusals.session,
      );
    }
    if (kind !== "SIGN_UP") {
      const begun = personAt(app, home).begin({}, { session: Session });
      await expect(begun).rejects.toMatchObject(refusals.session);
    }
    expect(await isThere()).toBe(1);
    await forget();
  });

  test("is worth nothing at another client, in another pool or to another user", async () => {
    const Session = await sessionOf(kind);
    const { settings, extensions } = home.pool;
    const pool = await testPool(app, { settings, extensions, client: home.client.settings });
    await testUser(app, pool.pool);
    await testUser(app, home.pool, { username: `eve-${kind}` });
    const strangers = [
      personAt(app, await otherClientOf(app, home)),
      personAt(app, pool),
      personAt(app, home, `eve-${kind}`),
    ];
    for (const stranger of strangers) {
      const tried =
        kind === "SIGN_UP"
          ? stranger.begin({}, { session: Session })
          : stranger.answer({ ChallengeName: kind, Session }, everything);
      await expect(tried).rejects.toMatchObject(refusals.session);
    }
    expect(await isThere()).toBe(1);
    await forget();
  });
});

test("the challenge of a new passkey is no Session", async () => {
  const { access } = await tokensOf(app, home);
  const caller = await authenticate(testCall(app), access);
  const challenge = testCall(app).random.bytes(32).toString("base64url");
  await caller.change((trx) =>
    storeRegistrationChallenge(trx, caller, { challenge, lifetimeMs: 60_000 }),
  );
  const ada = personAt(app, home);
  for (const ChallengeName of challengeNames) {
    const asked = { ChallengeName, Session: challenge };
    await expect(ada.answer(asked, everything)).rejects.toMatchObject(refusals.session);
  }
  await expect(ada.begin({}, { session: challenge })).rejects.toMatchObject(refusals.session);
  await expect(
    app.client.send(new AssociateSoftwareTokenCommand({ Session: challenge })),
  ).rejects.toMatchObject(refusals.session);
  expect(await isThere()).toBe(1);
  await forget();
});
