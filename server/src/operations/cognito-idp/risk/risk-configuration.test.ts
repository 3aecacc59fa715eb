import {
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeRiskConfigurationCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  ResendConfirmationCodeCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
  SignUpCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import {
  password,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const enforced = { tier: "PLUS", advancedSecurityMode: "ENFORCED" } as const;
const verified = { email: "ada@example.com", email_verified: "true" };
/** One of the list, which the policy of AWS's defaults would take. */
const breached = "P@ssw0rd";

async function start(settings: TestPoolOptions["settings"] = enforced) {
  home = await testPool(app, { settings });
  await testUser(app, home.pool, { attributes: verified });
}

type Given = Omit<SetRiskConfigurationCommandInput, "UserPoolId">;

const UserPoolId = () => home.pool.id;
const ClientId = () => home.client.id;
const set = (given: Given = {}) =>
  app.client.send(new SetRiskConfigurationCommand({ UserPoolId: UserPoolId(), ...given }));
const describeRisk = (ofClient = false) =>
  app.client.send(
    new DescribeRiskConfigurationCommand({
      UserPoolId: UserPoolId(),
      ...(ofClient ? { ClientId: ClientId() } : {}),
    }),
  );

const blocking = (EventFilter?: ("SIGN_IN" | "PASSWORD_CHANGE" | "SIGN_UP")[]): Given => ({
  CompromisedCredentialsRiskConfiguration: {
    ...(EventFilter ? { EventFilter } : {}),
    Actions: { EventAction: "BLOCK" },
  },
});
const blockedRange = (...ranges: string[]): Given => ({
  RiskExceptionConfiguration: { BlockedIPRangeList: ranges },
});

const signUp = (Username: string, Password = breached) =>
  app.client.send(new SignUpCommand({ ClientId: ClientId(), Username, Password }));
const notAllowed = {
  name: "NotAuthorizedException",
  message: "Request not allowed due to security reasons.",
};
const compromised = {
  name: "InvalidPasswordException",
  message: "Provided password cannot be used for security reasons.",
};

describe("the configuration", () => {
  test("is shown as it was set, outlives updates, and goes with a request that says nothing", async () => {
    await start();
    const given: Given = {
      ...blocking(["SIGN_UP"]),
      RiskExceptionConfiguration: {
        BlockedIPRangeList: ["192.0.2.0/24"],
        SkippedIPRangeList: ["2001:db8::/32"],
      },
    };
    const shown = { UserPoolId: UserPoolId(), ...given, LastModifiedDate: expect.any(Date) };
    expect((await set(given)).RiskConfiguration).toEqual(shown);
    await app.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: UserPoolId(),
        UserPoolTier: "PLUS",
        UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" },
      }),
    );
    expect((await describeRisk()).RiskConfiguration).toEqual(shown);
    await set();
    expect((await describeRisk()).RiskConfiguration).toEqual({ UserPoolId: UserPoolId() });
  });

  test("of a client is its own, outlives updates, and gives way to the pool's when reset", async () => {
    await start();
    await set(blocking());
    const own = { UserPoolId: UserPoolId(), ClientId: ClientId() };
    expect((await describeRisk(true)).RiskConfiguration).toEqual(own);
    const allowing: Given = {
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: "NO_ACTION" } },
    };
    await set({ ClientId: ClientId(), ...allowing });
    await app.client.send(new UpdateUserPoolClientCommand(own));
    expect((await describeRisk(true)).RiskConfiguration).toMatchObject({ ...own, ...allowing });
    await signUp("bob");
    await set({ ClientId: ClientId() });
    expect((await describeRisk(true)).RiskConfiguration).toEqual(own);
    await expect(signUp("cy")).rejects.toMatchObject(compromised);
  });

  test("is refused where nothing would act on it", async () => {
    await start();
    await expect(
      set({
        AccountTakeoverRiskConfiguration: {
          Actions: { HighAction: { Notify: false, EventAction: "BLOCK" } },
        },
      }),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "AccountTakeoverRiskConfiguration cannot be set: nothing here judges how risky a sign-in is.",
    });
    await expect(set(blockedRange("192.0.2.0/24", "10.0.0.1"))).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "10.0.0.1 is not an IP address range in CIDR notation.",
    });
    expect((await describeRisk()).RiskConfiguration).toEqual({ UserPoolId: UserPoolId() });
  });

  test("is there only where threat protection is on", async () => {
    await start({ tier: "PLUS" });
    const off = { name: "UserPoolAddOnNotEnabledException" };
    await expect(set(blocking())).rejects.toMatchObject(off);
    await expect(set({ ClientId: ClientId(), ...blocking() })).rejects.toMatchObject(off);
    await expect(describeRisk()).rejects.toMatchObject(off);
  });

  test("of a client of another pool is not reached", async () => {
    await start();
    const other = ClientId();
    await start();
    await expect(set({ ClientId: other, ...blocking() })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("a blocked address", () => {
  async function requests() {
    const { refresh } = await tokensOf(app, home);
    const asked = { ClientId: ClientId(), Username: "ada" };
    return [
      () => signUp("bob", password),
      () => app.client.send(new ForgotPasswordCommand(asked)),
      () => app.client.send(new ResendConfirmationCodeCommand(asked)),
      () => app.client.send(new ConfirmSignUpCommand({ ...asked, ConfirmationCode: "1" })),
      () =>
        app.client.send(
          new ConfirmForgotPasswordCommand({ ...asked, ConfirmationCode: "1", Password: password }),
        ),
      () =>
        app.client.send(
          new GetTokensFromRefreshTokenCommand({ ClientId: ClientId(), RefreshToken: refresh }),
        ),
    ];
  }

  test("is refused whatever it asks for, and nothing is changed or sent", async () => {
    await start();
    const asked = await requests();
    await set(blockedRange("127.0.0.0/8", "2001:db8::/32"));
    for (const request of asked) await expect(request()).rejects.toMatchObject(notAllowed);
    expect(app.sent).toEqual([]);
  });

  test("is not refused elsewhere, nor where the pool only watches", async () => {
    await start();
    await set(blockedRange("192.0.2.0/24"));
    await signUp("bob", password);
    await start({ ...enforced, advancedSecurityMode: "AUDIT" });
    await set(blockedRange("127.0.0.0/8"));
    await signUp("bob", password);
  });
});

describe("a password of a data breach", () => {
  test("is refused at a sign-up and in place of another, where it is to be blocked", async () => {
    await start();
    const { access: AccessToken } = await tokensOf(app, home);
    const change = () =>
      app.client.send(
        new ChangePasswordCommand({
          AccessToken,
          PreviousPassword: password,
          ProposedPassword: breached,
        }),
      );
    const asked = { ClientId: ClientId(), Username: "ada" };
    await app.client.send(new ForgotPasswordCommand(asked));
    const ConfirmationCode = app.sent.at(-1)?.code ?? "";
    const recover = () =>
      app.client.send(
        new ConfirmForgotPasswordCommand({ ...asked, ConfirmationCode, Password: breached }),
      );
    await set(blocking());
    await expect(signUp("bob")).rejects.toMatchObject(compromised);
    await expect(change()).rejects.toMatchObject(compromised);
    await expect(recover()).rejects.toMatchObject(compromised);
    await signUp("bob", password);
    await set(blocking(["SIGN_UP"]));
    await expect(signUp("cy")).rejects.toMatchObject(compromised);
    // The code is still good, since nothing was looked at before.
    await recover();
    await set(blocking(["PASSWORD_CHANGE"]));
    await signUp("cy");
  });

  test("says nothing of whether there is a user", async () => {
    await start();
    await set(blocking());
    await expect(
      app.client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: ClientId(),
          Username: "ada",
          ConfirmationCode: "1",
          Password: breached,
        }),
      ),
    ).rejects.toMatchObject(compromised);
  });

  test("is taken where nothing was configured, no action is wanted or the address is skipped", async () => {
    await start();
    await signUp("a");
    await set({
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: "NO_ACTION" } },
    });
    await signUp("b");
    await set({
      ...blocking(),
      RiskExceptionConfiguration: { SkippedIPRangeList: ["127.0.0.1/32"] },
    });
    await signUp("c");
  });

  test("is taken and told in the history where the pool only watches", async () => {
    await start({ ...enforced, advancedSecurityMode: "AUDIT" });
    await set(blocking());
    await signUp("bob");
    const rows = await app.context.store.db.selectFrom("auth_events").selectAll().execute();
    expect(JSON.parse(rows.at(-1)?.event ?? "")).toMatchObject({
      isCompromised: true,
      isBlocked: false,
    });
  });
});
