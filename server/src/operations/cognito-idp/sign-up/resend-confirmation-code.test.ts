import {
  AdminDisableUserCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const verifying = { settings: { autoVerifiedAttributes: ["email"] } } as const;
const hiding = { ...verifying, client: { preventUserExistenceErrors: "ENABLED" } } as const;
const details = { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "a***@e***" };

function resend({ client }: TestPool, Username = "ada") {
  return app.client.send(new ResendConfirmationCodeCommand({ ClientId: client.id, Username }));
}

function unconfirmed({ pool }: TestPool) {
  const attributes = { email: "ada@example.com", email_verified: "false" };
  return testUser(app, pool, { status: "UNCONFIRMED", attributes });
}

test("sends a new code, and the one before is void", async () => {
  const home = await testPool(app, verifying);
  await unconfirmed(home);
  const answer = await resend(home);
  expect(answer.CodeDeliveryDetails).toEqual(details);
  const before = lastCode(app);
  await resend(home);
  const confirm = { ClientId: home.client.id, Username: "ada" };
  if (before !== lastCode(app)) {
    await expect(
      app.client.send(new ConfirmSignUpCommand({ ...confirm, ConfirmationCode: before })),
    ).rejects.toMatchObject({ name: "CodeMismatchException" });
  }
  await app.client.send(new ConfirmSignUpCommand({ ...confirm, ConfirmationCode: lastCode(app) }));
});

test("sends at most five in an hour", async () => {
  const home = await testPool(app, verifying);
  await unconfirmed(home);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => resend(home)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect(app.sent).toHaveLength(5);
  await expect(resend(home)).rejects.toMatchObject({ name: "LimitExceededException" });
});

test("tells that a user is confirmed, in the words that Amplify UI looks for", async () => {
  const home = await testPool(app, hiding);
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  await expect(resend(home)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "User is already confirmed.",
  });
});

test("sends nothing in a pool that verifies no address, whoever is named", async () => {
  const home = await testPool(app);
  await unconfirmed(home);
  for (const name of ["ada", "nobody"]) {
    await expect(resend(home, name)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Cannot resend codes. Auto verification not turned on.",
    });
  }
});

test("tells of a failed message, and the code can be asked for again", async () => {
  const home = await testPool(app, verifying);
  await unconfirmed(home);
  app.mail.broken = true;
  await expect(resend(home)).rejects.toMatchObject({ name: "CodeDeliveryFailureException" });
  app.mail.broken = false;
  await expect(resend(home)).resolves.toMatchObject({ CodeDeliveryDetails: details });
});

describe("a name that nobody has", () => {
  test("is told by default", async () => {
    const home = await testPool(app, verifying);
    await expect(resend(home)).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "Username/client id combination not found.",
    });
  });

  test("gets the same invented answer every time, and as many as a user gets", async () => {
    const home = await testPool(app, hiding);
    const first = await resend(home, "nobody");
    expect(first.CodeDeliveryDetails).toEqual({
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: expect.stringMatching(/^[a-z]\*{3}@[a-z]\*{3}$/),
    });
    for (let more = 0; more < 4; more++) {
      expect((await resend(home, "nobody")).CodeDeliveryDetails).toEqual(first.CodeDeliveryDetails);
    }
    await expect(resend(home, "nobody")).rejects.toMatchObject({ name: "LimitExceededException" });
    await deliverOutbox(app);
    expect(app.sent).toEqual([]);
  });

  test("is answered like a disabled user, to whom nothing is sent", async () => {
    const home = await testPool(app, hiding);
    await unconfirmed(home);
    await app.client.send(
      new AdminDisableUserCommand({ UserPoolId: home.pool.id, Username: "ada" }),
    );
    expect((await resend(home)).CodeDeliveryDetails).toEqual(details);
    await deliverOutbox(app);
    expect(app.sent).toEqual([]);
    expect(await storedUser(app, home)).toMatchObject({
      status: "UNCONFIRMED",
    });
  });

  test("is not told from a confirmed user in the hardened profile", async () => {
    const home = await testPool(app, { ...hiding, extensions: { profile: "hardened" } });
    await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
    for (const name of ["ada", "nobody"]) {
      expect((await resend(home, name)).CodeDeliveryDetails).toMatchObject({
        AttributeName: "email",
        DeliveryMedium: "EMAIL",
      });
    }
    await deliverOutbox(app);
    expect(app.sent).toEqual([]);
  });
});
