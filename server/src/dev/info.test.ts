import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDev, testDev } from "../testing/dev.ts";
import { testPool } from "../testing/pools.ts";

let dev: TestDev;
beforeEach(async () => {
  dev = await testDev();
});
afterEach(() => dev.close());

test("the start page is told of pools and clients, and of no secret", async () => {
  const { pool, client } = await testPool(dev.base, { secret: "very-secret-client-secret" });
  const answer = await dev.ask("/_poolhouse/dev.json");
  expect(answer.json()).toEqual({
    publicUrl: "https://localhost:8443",
    region: "us-east-1",
    caFile: "/data/ca.pem",
    credentialsFile: "/data/credentials.env",
    userPools: [
      {
        id: pool.id,
        name: "test",
        loginWith: { username: true },
        clients: [{ id: client.id, name: "test", hasSecret: true }],
      },
    ],
  });
  expect(answer.body).not.toContain("very-secret");
});
