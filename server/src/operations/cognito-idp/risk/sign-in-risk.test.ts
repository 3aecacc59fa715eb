import {
  AdminInitiateAuthCommand,
  AdminListUserAuthEventsCommand,
  AdminSetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
afterEach(() => app.close());

const enforced = { tier: "PLUS", advancedSecurityMode: "ENFORCED" } as const;
/** One of the list, which the policy of AWS's defaults would take. */
const breached = "P@ssw0rd";

async function start(
  risk: Omit<SetRiskConfigurationCommandInput, "UserPoolId">,
  options: { engine?: "sqlite" | "postgres"; settings?: TestPoolOptions["settings"] } = {},
) {
  const { engine, settings = enforced } = options;
  app = await testApp(engine ? { engine } : {});
  home = await testPool(app, { settings });
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
  await app.client.send(new SetRiskConfigurationCommand({ UserPoolId: home.pool.id, ...risk }));
}

const set = (Password: string, Permanent = true) =>
  app.client.send(
    new AdminSetUserPasswordCommand({
      ...{ UserPoolId: home.pool.id, Username: "ada" },
      ...{ Password, Permanent },
    }),
  );

const block = (EventFilter?: ("SIGN_IN" | "PASSWORD_CHANGE" | "SIGN_UP")[]) => ({
  CompromisedCredentialsRiskConfiguration: {
    ...(EventFilter ? { EventFilter } : {}),
    Actions: { EventAction: "BLOCK" as const },
  },
});
const mustReset = { name: "PasswordResetRequiredException" };
const notAllowed = {
  name: "NotAuthorizedException",
  message: "Request not allowed due to security reasons.",
};

describe.each(engines)("a compromised password on %s", (engine) => {
  test("signs in nobody, and is good for nothing until another is set by a code", async () => {
    await start(block(), { engine });
    await set(breached);
    await expect(signInByPassword(app, home, { password: breached })).rejects.toMatchObject(
      mustReset,
    );
    expect((await storedUser(app, home))?.status).toBe("RESET_REQUIRED");
    await expect(signInBySrp(app, home, { password: breached })).rejects.toMatchObject(mustReset);
    const named = { ClientId: home.client.id, Username: "ada" };
    await app.client.send(new ForgotPasswordCommand(named));
    const ConfirmationCode = app.sent.at(-1)?.code ?? "";
    const confirm = (Password: string) =>
      app.client.send(new ConfirmForgotPasswordCommand({ ...named, ConfirmationCode, Password }));
    await expect(confirm(breached)).rejects.toMatchObject({ name: "InvalidPasswordException" });
    await confirm(`${password}-2`);
    await tokensOf(app, home, { password: `${password}-2` });
  });

  test("that is only guessed resets nobody", async () => {
    await start(block(), { engine });
    await expect(signInByPassword(app, home, { password: breached })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    expect((await storedUser(app, home))?.status).toBe("CONFIRMED");
    await tokensOf(app, home);
  });
});

test("where sign-ins are not looked at, it signs in", async () => {
  await start(block(["PASSWORD_CHANGE", "SIGN_UP"]));
  await set(breached);
  await tokensOf(app, home, { password: breached });
});

test("where the pool only watches, it signs in and is told", async () => {
  await start(block(), { settings: { ...enforced, advancedSecurityMode: "AUDIT" } });
  await set(breached);
  await tokensOf(app, home, { password: breached });
  const { AuthEvents } = await app.client.send(
    new AdminListUserAuthEventsCommand({ UserPoolId: home.pool.id, Username: "ada" }),
  );
  expect(AuthEvents?.[0]).toMatchObject({
    EventResponse: "Pass",
    EventRisk: { CompromisedCredentialsDetected: true },
  });
});

test("nobody answers a temporary password with a compromised one", async () => {
  await start(block(["PASSWORD_CHANGE"]));
  await set(password, false);
  const { ChallengeName, Session } = await signInByPassword(app, home);
  const answer = (NEW_PASSWORD: string) =>
    app.client.send(
      new RespondToAuthChallengeCommand({
        ...{ ClientId: home.client.id, ChallengeName, Session },
        ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD },
      }),
    );
  await expect(answer(breached)).rejects.toMatchObject({ name: "InvalidPasswordException" });
  await answer(`${password}-2`);
});

describe("a blocked address", () => {
  const blocked = { RiskExceptionConfiguration: { BlockedIPRangeList: ["127.0.0.0/8"] } };

  test("begins no sign-in by any flow, right password or not, and answers no challenge", async () => {
    await start(blocked);
    for (const given of [password, "wrong"]) {
      await expect(signInByPassword(app, home, { password: given })).rejects.toMatchObject(
        notAllowed,
      );
      await expect(signInBySrp(app, home, { password: given })).rejects.toMatchObject(notAllowed);
    }
    await expect(signInByPassword(app, home, { username: "nobody" })).rejects.toMatchObject(
      notAllowed,
    );
    await expect(
      app.client.send(
        new RespondToAuthChallengeCommand({
          ...{ ClientId: home.client.id, ChallengeName: "SMS_MFA", Session: "a".repeat(43) },
          ChallengeResponses: { USERNAME: "ada", SMS_MFA_CODE: "000000" },
        }),
      ),
    ).rejects.toMatchObject(notAllowed);
    expect(await app.context.store.db.selectFrom("lockouts").selectAll().execute()).toEqual([]);
  });

  test("refreshes nothing any more", async () => {
    await start({});
    const { refresh } = await tokensOf(app, home);
    await app.client.send(
      new SetRiskConfigurationCommand({ UserPoolId: home.pool.id, ...blocked }),
    );
    const AuthParameters = { REFRESH_TOKEN: refresh };
    await expect(
      app.client.send(
        new InitiateAuthCommand({
          ...{ ClientId: home.client.id, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters },
        }),
      ),
    ).rejects.toMatchObject(notAllowed);
  });

  test("is the user's, not the server's that signs for them", async () => {
    await start({ RiskExceptionConfiguration: { BlockedIPRangeList: ["203.0.113.0/24"] } });
    const signIn = (IpAddress?: string) =>
      app.client.send(
        new AdminInitiateAuthCommand({
          ...{ UserPoolId: home.pool.id, ClientId: home.client.id },
          AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD: password },
          ...(IpAddress && {
            ContextData: { IpAddress, ServerName: "s", ServerPath: "/", HttpHeaders: [] },
          }),
        }),
      );
    await expect(signIn("203.0.113.9")).rejects.toMatchObject(notAllowed);
    await signIn("198.51.100.1");
    await signIn();
  });
});
