import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, testPool } from "../../testing/pools.ts";
import { signedCall } from "../../testing/signed-call.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
});
afterEach(() => app.close());

const put = (BackChannelLogoutUri: string) =>
  signedCall(app, {
    target: "PoolhouseService.PutUserPoolClientExtensions",
    input: {
      UserPoolId: home.pool.id,
      ClientId: home.client.id,
      Extensions: { BackChannelLogoutUri },
    },
  });

test.each([
  "https://app.example.com/logout",
  "https://app.example.com:8443/logout?tenant=1",
  "http://localhost:3000/logout",
  "http://127.0.0.1:3000/logout",
  "http://[::1]:3000/logout",
])("a client may be told of logouts at %s", async (uri) => {
  expect(await put(uri)).toEqual({ Extensions: { BackChannelLogoutUri: uri } });
});

test.each([
  ["http://app.example.com/logout", "must begin with https://."],
  ["http://localhost.example.com/logout", "must begin with https://."],
  ["myapp://logout", "must begin with https://."],
  ["javascript:alert(1)", "must begin with https://."],
  ["file:///etc/passwd", "must begin with https://."],
  ["https://app.example.com/logout#part", "cannot use a fragment."],
  ["https://app.example.com/logout#", "cannot use a fragment."],
  ["https://user:secret@app.example.com/", "cannot hold credentials."],
  ["/logout", "is not an absolute URL."],
  ["https://", "is not an absolute URL."],
])("%s is refused: it %s", async (uri, why) => {
  await expect(put(uri)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `BackChannelLogoutUri ${why}`,
  });
});

test("one of more than 1024 characters is refused by its shape", async () => {
  await expect(put(`https://app.example.com/${"a".repeat(1024)}`)).rejects.toThrow(
    "Member must have length less than or equal to 1024",
  );
});
