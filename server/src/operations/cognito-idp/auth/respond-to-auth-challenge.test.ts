import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  GetUserCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp, startSrp } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const newOne = "Another-Horse-7-Saddle";

describe("PASSWORD_VERIFIER", () => {
  test("the right password gives tokens, with Session and without", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    expect((await signInBySrp(app, given)).AuthenticationResult?.AccessToken).toBeDefined();
    const withoutSession = await signInBySrp(app, given, { withoutSession: true });
    expect(withoutSession.AuthenticationResult?.AccessToken).toBeDefined();
  });

  test("a wrong password never does", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    for (const wrong of ["Wrong-1-Password", `${password} `, password.toLowerCase()]) {
      await expect(signInBySrp(app, given, { password: wrong })).rejects.toMatchObject({
        name: "NotAuthorizedException",
        message: "Incorrect username or password.",
      });
    }
  });

  test("an answer counts once, of ten at once as well", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    const { started, responses } = await startSrp(app, given);
    const answer = new RespondToAuthChallengeCommand({
      ClientId: given.client.id,
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeResponses: responses,
      Session: started.Session,
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => app.client.send(answer)),
    );
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    await expect(app.client.send(answer)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Invalid session for the user.",
    });
  });

  test("an answer is bound to user, client, challenge and time", async () => {
    const given = await testPool(app);
    const other = await testPool(app);
    await testUser(app, given.pool);
    await testUser(app, given.pool, { username: "eve" });
    const send = async (change: {
      ClientId?: string;
      name?: "NEW_PASSWORD_REQUIRED";
      responses?: Record<string, string>;
      waitMs?: number;
    }) => {
      const { started, responses } = await startSrp(app, given);
      app.clock.advance(change.waitMs ?? 0);
      return app.client.send(
        new RespondToAuthChallengeCommand({
          ClientId: change.ClientId ?? given.client.id,
          ChallengeName: change.name ?? "PASSWORD_VERIFIER",
          ChallengeResponses: { ...responses, ...change.responses },
          Session: started.Session,
        }),
      );
    };
    const invalid = { name: "NotAuthorizedException", message: "Invalid session for the user." };
    await expect(send({ responses: { USERNAME: "eve" } })).rejects.toMatchObject(invalid);
    await expect(send({ ClientId: other.client.id })).rejects.toMatchObject(invalid);
    await expect(
      send({ name: "NEW_PASSWORD_REQUIRED", responses: { NEW_PASSWORD: newOne } }),
    ).rejects.toMatchObject(invalid);
    await expect(
      send({ responses: { PASSWORD_CLAIM_SECRET_BLOCK: Buffer.alloc(64).toString("base64") } }),
    ).rejects.toMatchObject(invalid);
    await expect(send({ waitMs: 180_000 })).rejects.toMatchObject({
      message: "Invalid session for the user, session is expired.",
    });
    await expect(send({ responses: { TIMESTAMP: "now" } })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    expect((await send({})).AuthenticationResult).toBeDefined();
  });

  test("an alias or the user name may name the user in the answer", async () => {
    const given = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    const attributes = { email: "ada@example.com", email_verified: "true" };
    await testUser(app, given.pool, { attributes });
    const { started, responses } = await startSrp(app, given, { username: "ada@example.com" });
    expect(started.ChallengeParameters?.["USER_ID_FOR_SRP"]).toBe("ada");
    expect(started.ChallengeParameters?.["USERNAME"]).toBe("ada");
    const answer = await app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: given.client.id,
        ChallengeName: "PASSWORD_VERIFIER",
        ChallengeResponses: { ...responses, USERNAME: "ada" },
        Session: started.Session,
      }),
    );
    expect(answer.AuthenticationResult).toBeDefined();
  });

  test("a password changed meanwhile voids the challenge", async () => {
    const given = await testPool(app);
    const user = await testUser(app, given.pool);
    const { started, responses } = await startSrp(app, given);
    await app.context.store.db
      .updateTable("users")
      .set({ password_hash: "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA" })
      .where("id", "=", user.id)
      .execute();
    await expect(
      app.client.send(
        new RespondToAuthChallengeCommand({
          ClientId: given.client.id,
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: responses,
          Session: started.Session,
        }),
      ),
    ).rejects.toMatchObject({ message: "Incorrect username or password." });
  });

  test("SRP is refused by name where the pool keeps no verifiers", async () => {
    const given = await testPool(app, { extensions: { srpVerifiers: "off" } });
    await testUser(app, given.pool);
    await expect(signInBySrp(app, given)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "USER_SRP_AUTH is not enabled for the client.",
    });
    expect((await signInByPassword(app, given)).AuthenticationResult).toBeDefined();
  });

  test("a verifier that is missing is made at the next password sign-in; until then SRP fails as a wrong password", async () => {
    const given = await testPool(app);
    const user = await testUser(app, given.pool);
    await app.context.store.db
      .updateTable("users")
      .set({ srp_salt: null, srp_verifier: null })
      .where("id", "=", user.id)
      .execute();
    await expect(signInBySrp(app, given)).rejects.toMatchObject({
      message: "Incorrect username or password.",
    });
    await signInByPassword(app, given);
    expect((await signInBySrp(app, given)).AuthenticationResult).toBeDefined();
  });

  test("a number that every password would pass is refused", async () => {
    const given = await testPool(app);
    await testUser(app, given.pool);
    for (const SRP_A of ["0", "00", "zz", "f".repeat(10_000)]) {
      await expect(
        app.client.send(
          new AdminInitiateAuthCommand({
            AuthFlow: "USER_SRP_AUTH",
            UserPoolId: given.pool.id,
            ClientId: given.client.id,
            AuthParameters: { USERNAME: "ada", SRP_A },
          }),
        ),
      ).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });
});

describe("NEW_PASSWORD_REQUIRED", () => {
  async function invited(settings = {}): Promise<TestPool> {
    const given = await testPool(app, { settings });
    await testUser(app, given.pool, {
      status: "FORCE_CHANGE_PASSWORD",
      temporaryPasswordExpiresAtMs: app.clock.now() + 1_000_000,
      attributes: { email: "ada@example.com" },
    });
    return given;
  }

  const answer = (given: TestPool, Session: string | undefined, responses: object) =>
    app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: given.client.id,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        ChallengeResponses: { USERNAME: "ada", ...responses },
        Session,
      }),
    );

  test("follows a temporary password and ends in tokens and a password of one's own", async () => {
    const given = await invited();
    const { ChallengeName, ChallengeParameters, Session } = await signInBySrp(app, given);
    expect(ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    expect(ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: "ada",
      requiredAttributes: "[]",
      userAttributes: JSON.stringify({ email: "ada@example.com" }),
    });
    await expect(answer(given, Session, { NEW_PASSWORD: "short" })).rejects.toMatchObject({
      name: "InvalidPasswordException",
      message: "Password did not conform with policy: Password not long enough",
    });
    const { AuthenticationResult } = await answer(given, Session, { NEW_PASSWORD: newOne });
    expect(AuthenticationResult?.RefreshToken).toBeDefined();
    await expect(answer(given, Session, { NEW_PASSWORD: newOne })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    await expect(signInByPassword(app, given)).rejects.toMatchObject({
      message: "Incorrect username or password.",
    });
    const again = await signInBySrp(app, given, { password: newOne });
    expect(again.AuthenticationResult).toBeDefined();
  });

  test("asks for required attributes that are missing and leaves the others alone", async () => {
    const schema = standardAttributes.map((each) =>
      each.name === "given_name" || each.name === "email" ? { ...each, required: true } : each,
    );
    const given = await invited({ schema });
    const { ChallengeParameters, Session } = await signInByPassword(app, given);
    expect(ChallengeParameters?.["requiredAttributes"]).toBe('["userAttributes.given_name"]');
    await expect(answer(given, Session, { NEW_PASSWORD: newOne })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Invalid attributes given, given_name is missing",
    });
    const name = { "userAttributes.given_name": "Ada" };
    await expect(
      answer(given, Session, {
        NEW_PASSWORD: newOne,
        ...name,
        "userAttributes.email": "eve@example.com",
      }),
    ).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Cannot modify an already provided email",
    });
    await expect(
      answer(given, Session, {
        NEW_PASSWORD: newOne,
        ...name,
        "userAttributes.email_verified": "true",
      }),
    ).rejects.toMatchObject({
      message: "A client attempted to write unauthorized attribute",
    });
    const done = await answer(given, Session, { NEW_PASSWORD: newOne, ...name });
    const { UserAttributes } = await app.client.send(
      new GetUserCommand({ AccessToken: done.AuthenticationResult?.AccessToken }),
    );
    expect(UserAttributes).toContainEqual({ Name: "given_name", Value: "Ada" });
  });

  test("works for a server by the admin operations, as the same machine", async () => {
    const given = await invited();
    const started = await app.client.send(
      new AdminInitiateAuthCommand({
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        UserPoolId: given.pool.id,
        ClientId: given.client.id,
        AuthParameters: { USERNAME: "ada", PASSWORD: password },
      }),
    );
    const done = await app.client.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: given.pool.id,
        ClientId: given.client.id,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD: newOne },
        Session: started.Session,
      }),
    );
    expect(done.AuthenticationResult?.IdToken).toBeDefined();
  });

  test("of two answers at once one counts", async () => {
    const given = await invited();
    const { Session } = await signInByPassword(app, given);
    const outcomes = await Promise.allSettled([
      answer(given, Session, { NEW_PASSWORD: newOne }),
      answer(given, Session, { NEW_PASSWORD: `${newOne}2` }),
    ]);
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
  });
});

test("the names that only a response carries are no challenges to answer", async () => {
  const given = await testPool(app);
  await expect(
    app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: given.client.id,
        ChallengeName: "ADMIN_NO_SRP_AUTH",
        ChallengeResponses: { USERNAME: "ada" },
        Session: "x".repeat(43),
      }),
    ),
  ).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "ADMIN_NO_SRP_AUTH is no challenge to answer.",
  });
});
