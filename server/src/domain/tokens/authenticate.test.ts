import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testCall, testPool, testUser } from "../../testing/pools.ts";
import { authenticate } from "./authenticate.ts";
import { prepareFamily } from "./issue.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

test("the access token of a stored family names its holder", async () => {
  const { pool, client } = await testPool(app);
  const user = await testUser(app, pool);
  const call = testCall(app);
  const family = await prepareFamily(call, { pool, client, user });
  await expect(authenticate(testCall(app), family.tokens.accessToken)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Access Token has been revoked",
  });
  await call.change((trx) => family.store(trx));
  const holder = await authenticate(testCall(app), family.tokens.accessToken);
  expect(holder.user.username).toBe("ada");
});
