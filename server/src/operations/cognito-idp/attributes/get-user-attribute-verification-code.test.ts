import {
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { storedUser, type TestPoolOptions } from "../../../testing/pools.ts";
import { signedInUser } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function signedIn(
  attributes: Record<string, string> = { email: "ada@example.com" },
  options: TestPoolOptions = {},
) {
  return signedInUser(app, options, attributes);
}

async function ask(AccessToken: string, AttributeName = "email") {
  const input = { AccessToken, AttributeName };
  const answer = await app.client.send(new GetUserAttributeVerificationCodeCommand(input));
  return answer.CodeDeliveryDetails;
}

test("sends a code to the address, be it proved already", async () => {
  const { access } = await signedIn({
    email: "ada@example.com",
    email_verified: "true",
    phone_number: "+12065559934",
  });
  expect(await ask(access)).toEqual({
    AttributeName: "email",
    DeliveryMedium: "EMAIL",
    Destination: "a***@e***",
  });
  expect(await ask(access, "phone_number")).toEqual({
    AttributeName: "phone_number",
    DeliveryMedium: "SMS",
    Destination: "+*******9934",
  });
  expect(app.sent.map(({ to }) => to)).toEqual(["ada@example.com", "+12065559934"]);
});

test("sends it to the address that waits for its proof", async () => {
  const settings = {
    autoVerifiedAttributes: ["email"],
    verificationBeforeUpdate: ["email"],
  } as const;
  const { home, access } = await signedIn(undefined, { settings });
  const update = {
    AccessToken: access,
    UserAttributes: [{ Name: "email", Value: "new@example.com" }],
  };
  await app.client.send(new UpdateUserAttributesCommand(update));
  await ask(access);
  expect(app.sent.map(({ to }) => to)).toEqual(["new@example.com", "new@example.com"]);
  const input = { AccessToken: access, AttributeName: "email", Code: lastCode(app) };
  await app.client.send(new VerifyUserAttributeCommand(input));
  const user = await storedUser(app, home);
  expect(user?.attributes).toMatchObject({ email: "new@example.com", email_verified: "true" });
});

test("tells that there is no address", async () => {
  const { access } = await signedIn({});
  await expect(ask(access)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "User does not have a valid registered email address",
  });
  await expect(ask(access, "phone_number")).rejects.toMatchObject({
    message: "User does not have a valid registered phone number",
  });
});

test("is for e-mail addresses and phone numbers", async () => {
  const { access } = await signedIn();
  await expect(ask(access, "+12065559934")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid attribute name. Only phone_number and email can be verified.",
  });
});

test("sends at most five codes an hour", async () => {
  const { access } = await signedIn();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => ask(access)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect(app.sent).toHaveLength(5);
  await expect(ask(access)).rejects.toMatchObject({ name: "LimitExceededException" });
});

test("tells of a failed message", async () => {
  const { access } = await signedIn();
  app.mail.broken = true;
  await expect(ask(access)).rejects.toMatchObject({ name: "CodeDeliveryFailureException" });
});
