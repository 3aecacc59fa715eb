import {
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noFactors } from "../../../domain/mfa/factors.ts";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode, wrongFor } from "../../../testing/codes.ts";
import { mfaSettings } from "../../../testing/mfa.ts";
import {
  otherClientOf,
  type Person,
  personAt,
  refusals,
  withTokens,
} from "../../../testing/person.ts";
import {
  storedAttributes,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = "ada@example.com";
const phone_number = "+12065550100";
const proved = { email, email_verified: "true", phone_number, phone_number_verified: "true" };

async function userOf(options: TestPoolOptions = {}, given: Partial<User> = {}) {
  const home = await testPool(app, {
    ...options,
    settings: {
      allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP"],
      ...mfaSettings,
      ...options.settings,
    },
    client: {
      explicitAuthFlows: [
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      ...options.client,
    },
  });
  const user = await testUser(app, home.pool, { attributes: proved, ...given });
  return { home, user, ada: personAt(app, home) };
}

/** A user who is asked for a code of this factor after the password. */
const userWith = (factor: "SMS_MFA" | "EMAIL_OTP", attributes: User["attributes"] = proved) =>
  userOf({}, { attributes, factors: { ...noFactors, enabled: [factor] } });

const codeOf = (name: string, code: string) => ({ [`${name}_CODE`]: code });

async function askFor(person: Person, PREFERRED_CHALLENGE: "EMAIL_OTP" | "SMS_OTP") {
  const asked = await person.begin({ PREFERRED_CHALLENGE });
  expect(asked.ChallengeName).toBe(PREFERRED_CHALLENGE);
  return asked;
}

/** How often each of many outcomes came. */
async function tally(outcomes: Promise<unknown>[]): Promise<Record<string, number>> {
  const settled = await Promise.allSettled(outcomes);
  const names = settled.map((each) =>
    each.status === "fulfilled" ? "passed" : String(each.reason.message),
  );
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]),
  );
}

const change = ({ pool }: TestPool, attributes: Record<string, string>) =>
  app.client.send(
    new AdminUpdateUserAttributesCommand({
      ...{ UserPoolId: pool.id, Username: "ada" },
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    }),
  );

describe.each([
  { name: "EMAIL_OTP", channel: "email", to: email, kind: "email" },
  { name: "SMS_OTP", channel: "sms", to: phone_number, kind: "phone_number" },
] as const)("$name as the first factor", ({ name, channel, to, kind }) => {
  const verified = `${kind}_verified`;

  test("is a code of eight digits, good once; a wrong one keeps the Session", async () => {
    const { ada } = await userOf();
    const asked = await askFor(ada, name);
    expect(app.sent).toMatchObject([{ channel, to, code: expect.stringMatching(/^[0-9]{8}$/) }]);
    const code = lastCode(app);
    for (const wrong of [wrongFor(code), code.slice(0, 6), `${code}0`, ` ${code}`]) {
      await expect(ada.answer(asked, codeOf(name, wrong))).rejects.toMatchObject(refusals.code);
    }
    expect(await ada.answer(asked, codeOf(name, code))).toMatchObject(withTokens);
    await expect(ada.answer(asked, codeOf(name, code))).rejects.toMatchObject(refusals.session);
  });

  test("of twenty right answers at once one gets tokens", async () => {
    const { ada } = await userOf();
    const asked = await askFor(ada, name);
    const right = codeOf(name, lastCode(app));
    const outcomes = await tally(Array.from({ length: 20 }, () => ada.answer(asked, right)));
    expect(outcomes["passed"]).toBe(1);
  });

  test("is good for its own Session alone, until that is over", async () => {
    const { home, ada } = await userOf();
    await testUser(app, home.pool, { username: "eve", attributes: { ...proved } });
    const first = await askFor(ada, name);
    const firstCode = lastCode(app);
    const second = await askFor(ada, name);
    await expect(ada.answer(second, codeOf(name, firstCode))).rejects.toMatchObject(refusals.code);
    const right = codeOf(name, lastCode(app));
    await expect(personAt(app, home, "eve").answer(second, right)).rejects.toMatchObject(
      refusals.session,
    );
    const elsewhere = personAt(app, await otherClientOf(app, home));
    await expect(elsewhere.answer(second, right)).rejects.toMatchObject(refusals.session);
    expect(await ada.answer(second, right)).toMatchObject(withTokens);
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(first, codeOf(name, firstCode))).rejects.toMatchObject(
      refusals.sessionExpired,
    );
  });

  test("is guessed five times before it is locked, whatever Session and client", async () => {
    const { home, ada } = await userOf();
    const elsewhere = personAt(app, await otherClientOf(app, home));
    for (const person of [ada, elsewhere, ada, elsewhere, ada]) {
      const asked = await askFor(person, name);
      const wrong = codeOf(name, wrongFor(lastCode(app)));
      await expect(person.answer(asked, wrong)).rejects.toMatchObject(refusals.code);
    }
    const asked = await askFor(elsewhere, name);
    const right = codeOf(name, lastCode(app));
    await expect(elsewhere.answer(asked, right)).rejects.toMatchObject(refusals.locked);
    expect(await signInByPassword(app, home)).toMatchObject(withTokens);
    await expect(elsewhere.answer(asked, right)).rejects.toMatchObject(refusals.locked);
    app.clock.advance(1_000);
    expect(await elsewhere.answer(asked, right)).toMatchObject(withTokens);
  });

  test("of twenty guesses at once no more than five are looked at, and no right one passes then", async () => {
    const { ada } = await userOf();
    const asked = await askFor(ada, name);
    const code = lastCode(app);
    const guesses = Array.from({ length: 20 }, () =>
      ada.answer(asked, codeOf(name, wrongFor(code))),
    );
    expect(await tally(guesses)).toEqual({
      [refusals.code.message]: 5,
      [refusals.locked.message]: 15,
    });
    await expect(ada.answer(asked, codeOf(name, code))).rejects.toMatchObject(refusals.locked);
  });

  test("is refused once the address is another, and so it is to a disabled user", async () => {
    const { home, ada } = await userOf();
    const first = await askFor(ada, name);
    const firstCode = codeOf(name, lastCode(app));
    await change(home, { email: "eve@example.com", phone_number: "+12065550199" });
    await expect(ada.answer(first, firstCode)).rejects.toMatchObject(refusals.code);
    await change(home, proved);
    const second = await askFor(ada, name);
    const right = codeOf(name, lastCode(app));
    const Username = "ada";
    await app.client.send(new AdminDisableUserCommand({ UserPoolId: home.pool.id, Username }));
    await expect(ada.answer(second, right)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
  });

  test("is refused once a second factor is asked for", async () => {
    const { home, ada } = await userOf();
    const asked = await askFor(ada, name);
    const right = codeOf(name, lastCode(app));
    const factor = name === "EMAIL_OTP" ? "EmailMfaSettings" : "SMSMfaSettings";
    await app.client.send(
      new AdminSetUserMFAPreferenceCommand({
        ...{ UserPoolId: home.pool.id, Username: "ada" },
        [factor]: { Enabled: true },
      }),
    );
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.code);
    expect(await ada.begin({ PREFERRED_CHALLENGE: name })).toMatchObject({
      ChallengeName: "SELECT_CHALLENGE",
      AvailableChallenges: ["PASSWORD_SRP", "PASSWORD"],
    });
  });

  test("proves the address", async () => {
    const { home, ada } = await userOf({}, { attributes: { email, phone_number } });
    const asked = await askFor(ada, name);
    expect(await storedAttributes(app, home)).not.toHaveProperty(verified);
    await ada.answer(asked, codeOf(name, lastCode(app)));
    expect(await storedAttributes(app, home)).toEqual({ email, phone_number, [verified]: "true" });
  });

  test("confirms a sign-up; the password that it came with stays in the compat profile", async () => {
    const { home, ada } = await userOf({}, { status: "UNCONFIRMED" });
    const asked = await askFor(ada, name);
    expect(await ada.answer(asked, codeOf(name, lastCode(app)))).toMatchObject(withTokens);
    expect(await storedUser(app, home)).toMatchObject({ status: "CONFIRMED" });
    expect(await signInByPassword(app, home)).toMatchObject(withTokens);
  });

  test("confirms a sign-up; the password that nobody proved dies in the hardened profile", async () => {
    const { home, ada } = await userOf(
      { extensions: { profile: "hardened" }, settings: { autoVerifiedAttributes: [kind] } },
      { status: "UNCONFIRMED", attributes: { email, phone_number } },
    );
    const asked = await askFor(ada, name);
    expect(await ada.answer(asked, codeOf(name, lastCode(app)))).toMatchObject(withTokens);
    expect(await storedUser(app, home)).toMatchObject({ status: "CONFIRMED", passwordHash: null });
    await expect(signInByPassword(app, home)).rejects.toMatchObject(refusals.wrong);
  });

  test("confirms no sign-up that another address, or an administrator, is to confirm, in the hardened profile", async () => {
    const other = kind === "email" ? "phone_number" : "email";
    for (const autoVerifiedAttributes of [[], [other]] as const) {
      const { home, ada } = await userOf(
        { extensions: { profile: "hardened" }, settings: { autoVerifiedAttributes } },
        { status: "UNCONFIRMED", attributes: { email, phone_number } },
      );
      expect((await ada.begin({ PREFERRED_CHALLENGE: name })).ChallengeName).toBe(
        "SELECT_CHALLENGE",
      );
      expect(app.sent).toEqual([]);
      expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
    }
  });

  test("proves no address that is another user's name to sign in by", async () => {
    const { home, ada } = await userOf(
      { settings: { aliasAttributes: [kind] } },
      { username: "eve" },
    );
    await testUser(app, home.pool, { attributes: { [kind]: to } });
    const asked = await askFor(ada, name);
    await expect(ada.answer(asked, codeOf(name, lastCode(app)))).rejects.toMatchObject({
      name: "AliasExistsException",
    });
    expect(await storedAttributes(app, home)).toEqual({ [kind]: to });
  });

  test.each(["compat", "hardened"] as const)(
    "a name that nobody has is asked alike, and no code is sent (%s)",
    async (profile) => {
      const { home, ada } = await userOf({
        client: { preventUserExistenceErrors: "ENABLED" },
        extensions: { profile },
      });
      const nobody = personAt(app, home, "nobody");
      const real = await askFor(ada, name);
      const simulated = await askFor(nobody, name);
      const shape = (answer: object) => [
        ...Object.keys(answer).filter((key) => key !== "$metadata"),
        ...Object.keys((answer as typeof real).ChallengeParameters ?? {}),
      ];
      expect(shape(simulated)).toEqual(shape(real));
      expect(simulated.AvailableChallenges).toEqual(real.AvailableChallenges);
      expect(simulated.Session).toHaveLength(real.Session?.length ?? 0);
      const again = await askFor(nobody, name);
      expect(again.ChallengeParameters).toEqual(simulated.ChallengeParameters);
      await deliverOutbox(app);
      expect(app.sent).toHaveLength(1);
      const guess = () => nobody.answer(simulated, codeOf(name, "12345678"));
      for (let tries = 0; tries < 5; tries += 1) {
        await expect(guess()).rejects.toMatchObject(refusals.code);
      }
      await expect(guess()).rejects.toMatchObject(
        profile === "hardened" ? refusals.locked : refusals.code,
      );
    },
  );

  test("is sent twenty times in an hour", async () => {
    const { home, ada } = await userOf({ client: { preventUserExistenceErrors: "ENABLED" } });
    for (const person of [ada, personAt(app, home, "nobody")]) {
      for (let times = 0; times < 20; times += 1) await askFor(person, name);
      await expect(askFor(person, name)).rejects.toMatchObject({ name: "LimitExceededException" });
    }
    await deliverOutbox(app);
    expect(app.sent).toHaveLength(20);
  });
});

describe.each([
  { name: "SMS_MFA", channel: "sms", to: phone_number, refusal: refusals.smsCode },
  { name: "EMAIL_OTP", channel: "email", to: email, refusal: refusals.code },
] as const)("$name as the second factor", ({ name, channel, to, refusal }) => {
  test("is a code of six digits, good once; a wrong one keeps the Session", async () => {
    const { home, ada } = await userWith(name);
    const asked = await signInByPassword(app, home);
    expect(asked).toMatchObject({
      ChallengeName: name,
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: channel.toUpperCase() },
    });
    expect(app.sent).toMatchObject([{ channel, to, code: expect.stringMatching(/^[0-9]{6}$/) }]);
    const code = lastCode(app);
    await expect(ada.answer(asked, codeOf(name, wrongFor(code)))).rejects.toMatchObject(refusal);
    expect(await ada.answer(asked, codeOf(name, code))).toMatchObject(withTokens);
    await expect(ada.answer(asked, codeOf(name, code))).rejects.toMatchObject(refusals.session);
  });

  test("of twenty guesses at once no more than five are looked at, in Sessions of two clients", async () => {
    const { home, ada } = await userWith(name);
    const elsewhere = await otherClientOf(app, home);
    const asked = await signInByPassword(app, home);
    const askedThere = await signInByPassword(app, elsewhere);
    // Neither code, and neither is the other.
    const wrong = codeOf(name, "abcdef");
    const there = personAt(app, elsewhere);
    const guesses = Array.from({ length: 10 }, () => [
      ada.answer(asked, wrong),
      there.answer(askedThere, wrong),
    ]);
    expect(await tally(guesses.flat())).toEqual({
      [refusal.message]: 5,
      [refusals.locked.message]: 15,
    });
    await expect(there.answer(askedThere, codeOf(name, lastCode(app)))).rejects.toMatchObject(
      refusals.locked,
    );
  });

  test("is refused once the address is another", async () => {
    const { home, ada } = await userWith(name);
    const asked = await signInByPassword(app, home);
    const right = codeOf(name, lastCode(app));
    await change(home, { email: "eve@example.com", phone_number: "+12065550199" });
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusal);
  });

  test("proves the address", async () => {
    const { home, ada } = await userWith(name, { email, phone_number });
    const asked = await signInByPassword(app, home);
    await ada.answer(asked, codeOf(name, lastCode(app)));
    const verified = name === "SMS_MFA" ? "phone_number_verified" : "email_verified";
    expect(await storedAttributes(app, home)).toEqual({ email, phone_number, [verified]: "true" });
  });
});

test("whoever asks for first codes uses up none of the second factor's", async () => {
  const given = { factors: { ...noFactors, enabled: ["SMS_MFA"] } } as const;
  const hidden = { client: { preventUserExistenceErrors: "ENABLED" } } as const;
  const { home, ada } = await userOf({ ...hidden, extensions: { profile: "hardened" } }, given);
  for (let times = 0; times < 20; times += 1) await askFor(ada, "SMS_OTP");
  await expect(askFor(ada, "SMS_OTP")).rejects.toMatchObject({ name: "LimitExceededException" });
  expect(app.sent).toEqual([]);
  expect((await signInByPassword(app, home)).ChallengeName).toBe("SMS_MFA");
});

test("no code is in the trail or the log", async () => {
  const { ada } = await userOf();
  const asked = await askFor(ada, "EMAIL_OTP");
  const code = lastCode(app);
  await ada.answer(asked, codeOf("EMAIL_OTP", code));
  const told = JSON.stringify([await app.auditEvents(), app.logged]);
  expect(told).toContain("EMAIL_OTP");
  expect(told).not.toContain(code);
  expect(told).not.toContain(asked.Session);
});
