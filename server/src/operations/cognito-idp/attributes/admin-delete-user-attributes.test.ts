import { AdminDeleteUserAttributesCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { storedAttributes, type TestPool, testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
const attributes = { email: "ada@example.com", email_verified: "true", name: "Ada" };
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app, {
    settings: { aliasAttributes: ["email"] },
    client: { writeAttributes: [] },
  });
  await testUser(app, home.pool, { attributes });
});
afterEach(() => app.close());

function remove(...UserAttributeNames: string[]) {
  const input = { UserPoolId: home.pool.id, Username: "ada", UserAttributeNames };
  return app.client.send(new AdminDeleteUserAttributesCommand(input));
}

test("takes attributes away that the user may not write", async () => {
  await remove("name");
  const { name: _, ...rest } = attributes;
  expect(await storedAttributes(app, home)).toEqual(rest);
});

test("an address whose proof is taken away no longer names the user", async () => {
  await remove("email_verified");
  expect(await storedAttributes(app, home, "ada@example.com")).toBeUndefined();
});

test("refuses the sub, and what the schema does not know", async () => {
  for (const name of ["sub", "custom:none"]) {
    await expect(remove("name", name)).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
  expect(await storedAttributes(app, home)).toEqual(attributes);
});
