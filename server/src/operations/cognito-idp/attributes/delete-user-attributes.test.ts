import { DeleteUserAttributesCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { storedAttributes, storedUser, type TestPoolOptions } from "../../../testing/pools.ts";
import { signedInUser } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const attributes = {
  email: "ada@example.com",
  email_verified: "true",
  name: "Ada",
  nickname: "Countess",
};

function signedIn(options: TestPoolOptions = {}) {
  return signedInUser(app, options, attributes);
}

function remove(AccessToken: string, ...UserAttributeNames: string[]) {
  return app.client.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }));
}

test("takes attributes away, those too that are not there", async () => {
  const { home, access } = await signedIn();
  await remove(access, "nickname", "profile");
  const { nickname: _, ...rest } = attributes;
  expect(await storedAttributes(app, home)).toEqual(rest);
});

test("an address goes with its proof, and no longer names the user", async () => {
  const { home, access } = await signedIn({ settings: { aliasAttributes: ["email"] } });
  await remove(access, "email");
  expect(await storedAttributes(app, home)).toEqual({ name: "Ada", nickname: "Countess" });
  expect(await storedUser(app, home, "ada@example.com")).toBeUndefined();
});

test("refuses what the schema does not know", async () => {
  const { home, access } = await signedIn();
  await expect(remove(access, "nickname", "custom:none")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid user attributes: user.custom:none: Attribute does not exist in the schema.\n",
  });
  expect(await storedAttributes(app, home)).toEqual(attributes);
});

test("refuses what the client may not write, and the proof of an address", async () => {
  const { home, access } = await signedIn({ client: { writeAttributes: ["name"] } });
  for (const name of ["nickname", "email_verified", "sub"]) {
    await expect(remove(access, name)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "A client attempted to write unauthorized attribute",
    });
  }
  await remove(access, "name");
  expect(await storedAttributes(app, home)).not.toHaveProperty("name");
});

test("refuses what the pool requires", async () => {
  const schema = standardAttributes.map((each) =>
    each.name === "name" ? { ...each, required: true } : each,
  );
  const { home, access } = await signedIn({ settings: { schema } });
  await expect(remove(access, "name")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message:
      "Attributes did not conform to the schema: name.formatted: The attribute name.formatted is required\n",
  });
  expect(await storedAttributes(app, home)).toEqual(attributes);
});
