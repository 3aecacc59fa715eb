import { createHmac } from "node:crypto";
import { GetUserCommand, InitiateAuthCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseJws } from "../../../domain/tokens/jws.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { password, testPool, testUser } from "../../../testing/pools.ts";
import { claimsOf, signInByPassword, signInBySrp, startSrp } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const hiding = { client: { preventUserExistenceErrors: "ENABLED" } } as const;
const hardened = { ...hiding, extensions: { profile: "hardened" } } as const;

describe("the password itself", () => {
  test("gives three tokens whose claims are Cognito's", async () => {
    const given = await testPool(app);
    const user = await testUser(app, given.pool, {
      attributes: { email: "ada@example.com", email_verified: "true", "custom:n": "7" },
    });
    const answer = await signInByPassword(app, given);
    expect(answer.ChallengeName).toBeUndefined();
    expect(answer.AuthenticationResult).toMatchObject({ TokenType: "Bearer", ExpiresIn: 3600 });
    const { AccessToken = "", IdToken = "", RefreshToken = "" } = answer.AuthenticationResult ?? {};
    expect(RefreshToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const access = claimsOf(AccessToken);
    expect(access).toEqual({
      sub: user.id,
      iss: `https://localhost:8443/${given.pool.id}`,
      client_id: given.client.id,
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: Number(access["iat"]) + 3600,
      jti: expect.any(String),
      username: "ada",
    });
    const id = claimsOf(IdToken);
    expect(id).toMatchObject({
      aud: given.client.id,
      token_use: "id",
      "cognito:username": "ada",
      email: "ada@example.com",
      email_verified: true,
      "custom:n": "7",
      origin_jti: access["origin_jti"],
    });
    expect(id["jti"]).not.toBe(access["jti"]);
    const header = JSON.parse(Buffer.from(IdToken.split(".")[0] ?? "", "base64url").toString());
    expect(Object.keys(header)).toEqual(["kid", "alg"]);
    expect(parseJws(IdToken)?.kid).not.toBe(parseJws(AccessToken)?.kid);
  });

  test("refuses a wrong password and one that differs late", async () => {
    const given = await testPool(app);
    const long = `Aa1!${"x".repeat(90)}`;
    await testUser(app, given.pool, { password: `${long}y` });
    await expect(signInByPassword(app, given, { password: `${long}z` })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
    await expect(signInByPassword(app, given, { password: `${long}y` })).resolves.toBeDefined();
  });

  test("asks for what is missing by AWS's names", async () => {
    const { client } = await testPool(app);
    const send = (AuthParameters: Record<string, string>) =>
      app.client.send(
        new InitiateAuthCommand({
          AuthFlow: "USER_PASSWORD_AUTH",
          ClientId: client.id,
          AuthParameters,
        }),
      );
    await expect(send({})).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Missing required parameter USERNAME",
    });
    await expect(send({ USERNAME: "ada" })).rejects.toMatchObject({
      message: "Missing required parameter PASSWORD",
    });
    await expect(send({ USERNAME: "x".repeat(129), PASSWORD: password })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("needs the client's permission, each flow its own", async () => {
    const given = await testPool(app, { client: { explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] } });
    await testUser(app, given.pool);
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      message: "USER_PASSWORD_AUTH flow not enabled for this client",
    });
    await expect(
      app.client.send(
        new InitiateAuthCommand({
          AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
          ClientId: given.client.id,
          AuthParameters: { USERNAME: "ada", PASSWORD: password },
        }),
      ),
    ).rejects.toMatchObject({ message: "Initiate Auth method not supported." });
    for (const AuthFlow of ["USER_AUTH", "CUSTOM_AUTH"] as const) {
      await expect(
        app.client.send(
          new InitiateAuthCommand({
            AuthFlow,
            ClientId: given.client.id,
            AuthParameters: { USERNAME: "ada" },
          }),
        ),
      ).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });

  test("really checks the secret hash", async () => {
    const secret = "s".repeat(51);
    const given = await testPool(app, { secret });
    await testUser(app, given.pool);
    const hashOf = (name: string) =>
      createHmac("sha256", secret)
        .update(name + given.client.id)
        .digest("base64");
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      message: `Client ${given.client.id} is configured with secret but SECRET_HASH was not received`,
    });
    await expect(signInByPassword(app, given, { secretHash: hashOf("eve") })).rejects.toMatchObject(
      {
        message: `Unable to verify secret hash for client ${given.client.id}`,
      },
    );
    const answer = await signInByPassword(app, given, { secretHash: hashOf("ada") });
    expect(answer.AuthenticationResult).toBeDefined();
  });

  test("finds a user by a verified alias and not by one that is unverified", async () => {
    const given = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    await testUser(app, given.pool, {
      attributes: { email: "ada@example.com", email_verified: "true" },
    });
    await testUser(app, given.pool, {
      username: "eve",
      attributes: { email: "eve@example.com", email_verified: "false" },
    });
    const answer = await signInByPassword(app, given, { username: "ada@example.com" });
    expect(claimsOf(answer.AuthenticationResult?.AccessToken ?? "")["username"]).toBe("ada");
    await expect(
      signInByPassword(app, given, { username: "eve@example.com" }),
    ).rejects.toMatchObject({ name: "UserNotFoundException", message: "User does not exist." });
  });
});

describe("the lock schedule", () => {
  test("locks after five failures, does not count meanwhile, and holds for SRP and the right password", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const wrong = () => signInByPassword(app, given, { password: "Wrong-1-Password" });
    for (let n = 0; n < 5; n++) {
      await expect(wrong()).rejects.toMatchObject({ message: "Incorrect username or password." });
    }
    const locked = { name: "NotAuthorizedException", message: "Password attempts exceeded" };
    await expect(wrong()).rejects.toMatchObject(locked);
    await expect(signInByPassword(app, given)).rejects.toMatchObject(locked);
    await expect(signInBySrp(app, given)).rejects.toMatchObject(locked);
    app.clock.advance(1_001);
    await expect(wrong()).rejects.toMatchObject({ message: "Incorrect username or password." });
    app.clock.advance(1_001);
    await expect(wrong()).rejects.toMatchObject(locked);
    app.clock.advance(1_000);
    expect((await signInByPassword(app, given)).AuthenticationResult).toBeDefined();
    await expect(wrong()).rejects.toMatchObject({ message: "Incorrect username or password." });
    await expect(wrong()).rejects.toMatchObject({ message: "Incorrect username or password." });
  });

  test("tells at most five of thirty guesses at once, and none of them passes a lock", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const guesses = Array.from({ length: 30 }, (_, n) =>
      signInByPassword(app, given, { password: n === 29 ? password : `Wrong-${n}-Password` }),
    );
    const outcomes = await Promise.allSettled(guesses);
    const told = outcomes.filter(
      (each) =>
        each.status === "fulfilled" || each.reason.message === "Incorrect username or password.",
    );
    expect(told.length).toBeLessThanOrEqual(5);
  });
});

describe("who exists", () => {
  test("shows where the client asks for it", async () => {
    const given = await testPool(app);
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "User does not exist.",
    });
    await expect(startSrp(app, given)).rejects.toMatchObject({ name: "UserNotFoundException" });
  });

  test("is hidden where the client asks for that, in password and SRP sign-in", async () => {
    const given = await testPool(app, hiding);
    await testUser(app, given.pool);
    const known = signInByPassword(app, given, { password: "Wrong-1-Password" });
    const unknown = signInByPassword(app, given, { username: "eve" });
    const told = await Promise.allSettled([known, unknown]);
    const [one, other] = told.map((each) =>
      each.status === "rejected" ? [each.reason.name, each.reason.message] : [],
    );
    expect(one).toEqual(["NotAuthorizedException", "Incorrect username or password."]);
    expect(other).toEqual(one);

    const first = await startSrp(app, given, { username: "eve" });
    const second = await startSrp(app, given, { username: "eve" });
    const real = await startSrp(app, given);
    expect(first.started.ChallengeName).toBe("PASSWORD_VERIFIER");
    expect(second.started.ChallengeParameters?.["SALT"]).toBe(
      first.started.ChallengeParameters?.["SALT"],
    );
    expect(Object.keys(first.started.ChallengeParameters ?? {})).toEqual(
      Object.keys(real.started.ChallengeParameters ?? {}),
    );
    expect(first.started.ChallengeParameters?.["USERNAME"]).toBe("eve");
    await expect(signInBySrp(app, given, { username: "eve" })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
  });

  test("a simulated user of an e-mail pool has an id of its own that stays the same", async () => {
    const given = await testPool(app, { ...hiding, settings: { usernameAttributes: ["email"] } });
    const of = async (username: string) =>
      (await startSrp(app, given, { username })).started.ChallengeParameters?.["USER_ID_FOR_SRP"];
    const id = await of("eve@example.com");
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await of("eve@example.com")).toBe(id);
    expect(await of("mallory@example.com")).not.toBe(id);
  });

  test("in the hardened profile unknown names get the same locks", async () => {
    const given = await testPool(app, hardened);
    await testUser(app, given.pool);
    for (const username of ["ada", "eve"]) {
      for (let n = 0; n < 5; n++) {
        await expect(
          signInByPassword(app, given, { username, password: "Wrong-1-Password" }),
        ).rejects.toMatchObject({ message: "Incorrect username or password." });
      }
      await expect(
        signInByPassword(app, given, { username, password: "Wrong-1-Password" }),
      ).rejects.toMatchObject({ message: "Password attempts exceeded" });
    }
  });
});

describe("the state of the account", () => {
  test("shows before the password in the compat profile, as with Cognito", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool, { enabled: false });
    await testUser(app, given.pool, { username: "new", status: "UNCONFIRMED" });
    const wrong = "Wrong-1-Password";
    await expect(signInByPassword(app, given, { password: wrong })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "User is disabled.",
    });
    await expect(
      signInByPassword(app, given, { username: "new", password: wrong }),
    ).rejects.toMatchObject({
      name: "UserNotConfirmedException",
      message: "User is not confirmed.",
    });
  });

  test("shows only after the right password in the hardened profile", async () => {
    const given = await testPool(app, hardened);
    await testUser(app, given.pool, { enabled: false });
    await testUser(app, given.pool, { username: "new", status: "UNCONFIRMED" });
    for (const username of ["ada", "new"]) {
      await expect(
        signInByPassword(app, given, { username, password: "Wrong-1-Password" }),
      ).rejects.toMatchObject({ message: "Incorrect username or password." });
    }
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      message: "User is disabled.",
    });
    await expect(signInByPassword(app, given, { username: "new" })).rejects.toMatchObject({
      name: "UserNotConfirmedException",
    });
  });

  test("RESET_REQUIRED and an outlived temporary password stop a right password", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool, { status: "RESET_REQUIRED" });
    await testUser(app, given.pool, {
      username: "new",
      status: "FORCE_CHANGE_PASSWORD",
      temporaryPasswordExpiresAtMs: app.clock.now() + 1000,
    });
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      name: "PasswordResetRequiredException",
      message: "Password reset required for the user",
    });
    app.clock.advance(1000);
    await expect(signInByPassword(app, given, { username: "new" })).rejects.toMatchObject({
      message: "Temporary password has expired and must be reset by an administrator.",
    });
  });
});

test("no password, hash or token reaches the trail or the log", async () => {
  const given = await testPool(app, { secret: "s".repeat(51) });
  await testUser(app, given.pool);
  const secretHash = createHmac("sha256", "s".repeat(51))
    .update(`ada${given.client.id}`)
    .digest("base64");
  const answer = await signInByPassword(app, given, { secretHash });
  await signInByPassword(app, given, { secretHash, password: "Wrong-1-Password" }).catch(
    () => null,
  );
  const { AccessToken = "", IdToken = "", RefreshToken = "" } = answer.AuthenticationResult ?? {};
  const told = JSON.stringify([await app.auditEvents(), app.logged]);
  for (const secret of [password, "Wrong-1", secretHash, AccessToken, IdToken, RefreshToken]) {
    expect(told).not.toContain(secret);
  }
  const events = (await app.auditEvents()).filter((each) => each.eventName === "InitiateAuth");
  expect(events.map((each) => each.errorCode)).toEqual([undefined, "NotAuthorizedException"]);
  expect(events[0]?.additionalEventData).toMatchObject({ authFlow: "USER_PASSWORD_AUTH" });
});

test("the access token opens the token operations, and not in another pool's name", async () => {
  const given = await testPool(app);
  await testUser(app, given.pool);
  const answer = await signInByPassword(app, given);
  const AccessToken = answer.AuthenticationResult?.AccessToken ?? "";
  const user = await app.client.send(new GetUserCommand({ AccessToken }));
  expect(user.Username).toBe("ada");
  const [head = "", body = "", signature = ""] = AccessToken.split(".");
  const forged = { ...claimsOf(AccessToken), username: "eve", sub: "another" };
  const bent = [
    `${head}.${Buffer.from(JSON.stringify(forged)).toString("base64url")}.${signature}`,
    `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
    `${Buffer.from('{"alg":"HS256","kid":"x"}').toString("base64url")}.${body}.${signature}`,
    answer.AuthenticationResult?.IdToken ?? "",
    `${head}.${body}.${signature.slice(0, -4)}AAAA`,
  ];
  for (const token of bent) {
    await expect(app.client.send(new GetUserCommand({ AccessToken: token }))).rejects.toMatchObject(
      { name: "NotAuthorizedException", message: "Invalid Access Token" },
    );
  }
  app.clock.advance(3_600_000);
  await expect(app.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Access Token has expired",
  });
});
