import { createHmac } from "node:crypto";
import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { claimsOf, signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const rotating = (retryGracePeriodSeconds: number) => ({
  client: {
    explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
    refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds },
  } as const,
});

async function refresh(given: TestPool, RefreshToken: string, ClientSecret?: string) {
  const { AuthenticationResult } = await app.client.send(
    new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: given.client.id, ClientSecret }),
  );
  return AuthenticationResult ?? {};
}

const getUser = (AccessToken: string | undefined) =>
  app.client.send(new GetUserCommand({ AccessToken }));

describe("without rotation", () => {
  test("a refresh token serves again and again; what belongs to the sign-in stays", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const first = await tokensOf(app, given);
    app.clock.advance(10_000);
    const second = await refresh(given, first.refresh);
    expect(second).not.toHaveProperty("RefreshToken");
    const [before, after] = [claimsOf(first.access), claimsOf(second.AccessToken ?? "")];
    for (const kept of ["sub", "auth_time", "origin_jti", "scope", "username"]) {
      expect(after[kept]).toEqual(before[kept]);
    }
    for (const fresh of ["jti", "event_id", "iat", "exp"]) {
      expect(after[fresh]).not.toEqual(before[fresh]);
    }
    await expect(refresh(given, first.refresh)).resolves.toBeDefined();
    await expect(getUser(second.AccessToken)).resolves.toMatchObject({ Username: "ada" });
  });

  test("InitiateAuth refreshes under both names of the flow", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const { refresh: REFRESH_TOKEN } = await tokensOf(app, given);
    for (const AuthFlow of ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] as const) {
      const { AuthenticationResult } = await app.client.send(
        new InitiateAuthCommand({
          AuthFlow,
          ClientId: given.client.id,
          AuthParameters: { REFRESH_TOKEN },
        }),
      );
      expect(AuthenticationResult?.AccessToken).toBeDefined();
      expect(AuthenticationResult).not.toHaveProperty("RefreshToken");
    }
  });

  test("a refresh token is its client's, and ends with its time", async () => {
    const given = await testPool(app);
    const other = await testPool(app);
    await testUser(app, given.pool);
    const { refresh: token } = await tokensOf(app, given);
    const invalid = { name: "NotAuthorizedException", message: "Invalid Refresh Token" };
    await expect(refresh(other, token)).rejects.toMatchObject(invalid);
    await expect(refresh(given, `${token.slice(0, -1)}!`)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(refresh(given, "A".repeat(43))).rejects.toMatchObject(invalid);
    app.clock.advance(30 * 86_400_000);
    await expect(refresh(given, token)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Refresh Token has expired",
    });
  });

  test("a client with a secret must send it, or its hash over the real user name", async () => {
    const secret = "s".repeat(51);
    const given = await testPool(app, { secret });
    const user = await testUser(app, given.pool);
    const hashOf = (name: string) =>
      createHmac("sha256", secret)
        .update(name + given.client.id)
        .digest("base64");
    const { refresh: token } = await tokensOf(app, given, { secretHash: hashOf("ada") });
    await expect(refresh(given, token)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(refresh(given, token, "t".repeat(51))).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    await expect(refresh(given, token, secret)).resolves.toBeDefined();
    for (const [name, fine] of [
      [user.id, true],
      ["ada", true],
      ["eve", false],
    ] as const) {
      const sent = app.client.send(
        new InitiateAuthCommand({
          AuthFlow: "REFRESH_TOKEN_AUTH",
          ClientId: given.client.id,
          AuthParameters: { REFRESH_TOKEN: token, SECRET_HASH: hashOf(name) },
        }),
      );
      if (fine) await expect(sent).resolves.toBeDefined();
      else await expect(sent).rejects.toMatchObject({ name: "NotAuthorizedException" });
    }
  });
});

describe("with rotation", () => {
  test("every refresh gives a new token, good for the time that was left", async () => {
    const given = await testPool(app, rotating(10));
    await testUser(app, given.pool);
    const { refresh: first } = await tokensOf(app, given);
    app.clock.advance(29 * 86_400_000);
    const { RefreshToken: second = "" } = await refresh(given, first);
    expect(second).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(second).not.toBe(first);
    await expect(
      app.client.send(
        new InitiateAuthCommand({
          AuthFlow: "REFRESH_TOKEN_AUTH",
          ClientId: given.client.id,
          AuthParameters: { REFRESH_TOKEN: second },
        }),
      ),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
    app.clock.advance(86_400_000);
    await expect(refresh(given, second)).rejects.toMatchObject({
      message: "Refresh Token has expired",
    });
  });

  test("the old token works for the grace period; after it a reuse ends the whole family", async () => {
    const given = await testPool(app, rotating(10));
    await testUser(app, given.pool);
    const { refresh: first } = await tokensOf(app, given);
    const second = await refresh(given, first);
    app.clock.advance(5_000);
    await expect(refresh(given, first)).resolves.toHaveProperty("RefreshToken");
    app.clock.advance(5_000);
    await expect(refresh(given, first)).rejects.toMatchObject({
      name: "RefreshTokenReuseException",
    });
    await expect(refresh(given, second.RefreshToken ?? "")).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Refresh Token has been revoked",
    });
    await expect(getUser(second.AccessToken)).rejects.toMatchObject({
      message: "Access Token has been revoked",
    });
    const refusals = (await app.auditEvents()).filter((each) => each.errorCode);
    expect(refusals.map((each) => each.errorCode)).toContain("RefreshTokenReuseException");
  });

  test("without grace, of twenty uses at once at most one gets tokens", async () => {
    const given = await testPool(app, rotating(0));
    await testUser(app, given.pool);
    const { refresh: first } = await tokensOf(app, given);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => refresh(given, first)),
    );
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
  });

  test("without grace, a use that began before the token was replaced is a reuse", async () => {
    const given = await testPool(app, rotating(0));
    await testUser(app, given.pool);
    const { refresh: first } = await tokensOf(app, given);
    app.clock.advance(2_000);
    await refresh(given, first);
    // As of a node that read its clock and had to wait, or whose clock is behind.
    app.clock.advance(-1_000);
    await expect(refresh(given, first)).rejects.toMatchObject({
      name: "RefreshTokenReuseException",
    });
  });
});

describe("the end of a sign-in", () => {
  test("RevokeToken kills refresh and access tokens of that sign-in and no other", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const one = await tokensOf(app, given);
    const other = await tokensOf(app, given);
    const revoke = (Token: string) =>
      app.client.send(new RevokeTokenCommand({ Token, ClientId: given.client.id }));
    await expect(revoke(one.access)).rejects.toMatchObject({
      name: "UnsupportedTokenTypeException",
      message: "Unsupported token type",
    });
    await revoke(one.refresh);
    await revoke(one.refresh);
    await revoke("unknown");
    await expect(refresh(given, one.refresh)).rejects.toMatchObject({
      message: "Refresh Token has been revoked",
    });
    await expect(getUser(one.access)).rejects.toMatchObject({
      message: "Access Token has been revoked",
    });
    await expect(getUser(other.access)).resolves.toBeDefined();
  });

  test("RevokeToken leaves another client's token alone, and needs revocation switched on", async () => {
    const given = await testPool(app);
    const other = await testPool(app, { client: { enableTokenRevocation: false } });
    await testUser(app, given.pool);
    const { refresh: token, access } = await tokensOf(app, given);
    await expect(
      app.client.send(new RevokeTokenCommand({ Token: token, ClientId: other.client.id })),
    ).rejects.toMatchObject({ name: "UnsupportedOperationException" });
    const third = await testPool(app);
    await app.client.send(new RevokeTokenCommand({ Token: token, ClientId: third.client.id }));
    await expect(getUser(access)).resolves.toBeDefined();
  });

  test("GlobalSignOut and its admin twin end all sign-ins, whatever their tokens say of their family", async () => {
    const given = await testPool(app, { client: { enableTokenRevocation: false } });
    await testUser(app, given.pool);
    for (const how of ["user", "admin"] as const) {
      const one = await tokensOf(app, given);
      const other = await tokensOf(app, given);
      expect(claimsOf(one.access)).not.toHaveProperty("origin_jti");
      app.clock.advance(1_000);
      await (how === "user"
        ? app.client.send(new GlobalSignOutCommand({ AccessToken: one.access }))
        : app.client.send(
            new AdminUserGlobalSignOutCommand({ UserPoolId: given.pool.id, Username: "ada" }),
          ));
      for (const { access, refresh: token } of [one, other]) {
        await expect(getUser(access)).rejects.toMatchObject({
          message: "Access Token has been revoked",
        });
        await expect(refresh(given, token)).rejects.toMatchObject({
          message: "Refresh Token has been revoked",
        });
      }
      app.clock.advance(1_000);
      expect((await signInByPassword(app, given)).AuthenticationResult).toBeDefined();
    }
  });

  test("the admin twin is for signers alone", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const stranger = sdkClient(app.app, { accessKeyId: "AKIASTRANGER", secretAccessKey: "x" });
    await expect(
      stranger.send(
        new AdminUserGlobalSignOutCommand({ UserPoolId: given.pool.id, Username: "ada" }),
      ),
    ).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
  });
});
