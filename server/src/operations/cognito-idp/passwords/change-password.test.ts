import {
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
import { password } from "../../../testing/pools.ts";
import { signedInUser, signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const next = "Another-Horse-9-Battery";

function change(
  AccessToken: string,
  PreviousPassword: string | undefined,
  ProposedPassword = next,
) {
  const input = { AccessToken, PreviousPassword, ProposedPassword };
  return app.client.send(new ChangePasswordCommand(input));
}

function read(AccessToken: string) {
  return app.client.send(new GetUserCommand({ AccessToken }));
}

test("the new password signs in, by either flow, and the old one no more", async () => {
  const { home, access } = await signedInUser(app);
  await change(access, password);
  await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
  await expect(signInBySrp(app, home, { password: next })).resolves.toBeDefined();
  await expect(signInByPassword(app, home)).rejects.toMatchObject({
    message: "Incorrect username or password.",
  });
});

describe("the present password", () => {
  test("must be right", async () => {
    const { home, access } = await signedInUser(app);
    await expect(change(access, "Wrong-Horse-9-Battery")).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });

  test("must be given", async () => {
    const { access } = await signedInUser(app);
    await expect(change(access, undefined)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("is guessed at most five times an hour, however many try at once", async () => {
    const { access } = await signedInUser(app);
    const guesses = await Promise.allSettled(
      Array.from({ length: 8 }, () => change(access, "Wrong-Horse-9-Battery")),
    );
    const names = guesses.map((each) => (each.status === "rejected" ? each.reason.name : "none"));
    expect(names.filter((name) => name === "LimitExceededException")).toHaveLength(3);
    await expect(change(access, password)).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });

  test("shares its lock with sign-in", async () => {
    const { home, access } = await signedInUser(app);
    for (let failure = 0; failure < 5; failure++) {
      await signInByPassword(app, home, { password: "Wrong-Horse-9" }).catch(() => undefined);
    }
    await expect(change(access, password)).rejects.toMatchObject({
      message: "Password attempts exceeded",
    });
  });

  test.each(engines)("changes for one of those who prove it at once, on %s", async (engine) => {
    await app.close();
    app = await testApp({ engine: engine });
    const { access } = await signedInUser(app);
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => change(access, password, `${next}-${n}`)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("the new password", () => {
  test("must be one that the pool takes, before the present one is looked at", async () => {
    const { access } = await signedInUser(app);
    for (let attempt = 0; attempt < 6; attempt++) {
      await expect(change(access, "Wrong-Horse-9-Battery", "short")).rejects.toMatchObject({
        name: "InvalidPasswordException",
        message: "Password did not conform with policy: Password not long enough",
      });
    }
    await expect(change(access, password)).resolves.toBeDefined();
  });

  test("stands in no row of the trail, and neither does the old one", async () => {
    const { access } = await signedInUser(app);
    await change(access, password);
    const trail = JSON.stringify([await app.auditEvents(), app.logged]);
    for (const secret of [password, next, access]) expect(trail).not.toContain(secret);
  });
});

describe("other sign-ins", () => {
  const strict = {
    extensions: { profile: "hardened" },
    client: {
      preventUserExistenceErrors: "ENABLED",
      explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    },
  } as const;

  test("stay as they are in Cognito", async () => {
    const { home, access } = await signedInUser(app);
    const other = await tokensOf(app, home);
    await change(access, password);
    await expect(read(other.access)).resolves.toBeDefined();
  });

  test("end in the hardened profile, but not the one that changed it, and the user is told", async () => {
    const { home, access } = await signedInUser(app, strict);
    const other = await tokensOf(app, home);
    await change(access, password);
    await expect(read(other.access)).rejects.toMatchObject({
      message: "Access Token has been revoked",
    });
    await expect(read(access)).resolves.toBeDefined();
    await deliverOutbox(app);
    expect(app.sent).toMatchObject([
      { to: "ada@example.com", subject: "Your password was changed" },
    ]);
  });

  test("all end in the hardened profile where the token does not tell its own", async () => {
    const client = { ...strict.client, enableTokenRevocation: false };
    const { home, access } = await signedInUser(app, { ...strict, client });
    const other = await tokensOf(app, home);
    app.clock.advance(2000);
    await change(access, password);
    for (const token of [access, other.access]) {
      await expect(read(token)).rejects.toMatchObject({ message: "Access Token has been revoked" });
    }
  });
});

describe("a token that outlived what an administrator did", () => {
  test("cannot set the password after a reset", async () => {
    const { home, access } = await signedInUser(app);
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminResetUserPasswordCommand(named));
    await expect(change(access, password)).rejects.toMatchObject({
      name: "PasswordResetRequiredException",
      message: "Password reset required for the user",
    });
  });

  test("cannot keep a temporary password", async () => {
    const { home, access } = await signedInUser(app);
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminSetUserPasswordCommand({ ...named, Password: next }));
    await expect(change(access, next, password)).rejects.toMatchObject({
      name: "PasswordResetRequiredException",
    });
  });
});

test("a token that is none is refused", async () => {
  await expect(change("not.a.token", password)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid Access Token",
  });
});
