import {
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../testing/app.ts";
import { testPool } from "../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

test("signed calls go on after the clock was moved, for clients that keep their time and those that take ours", async () => {
  const { pool } = await testPool(app);
  const ask = () => app.client.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  await ask();
  app.clock.advance(2 * 3_600_000);
  // The first answer moves the SDK's own clock by its Date header.
  for (let n = 0; n < 3; n++) await expect(ask()).resolves.toBeDefined();
  const fresh = sdkClient(app.app);
  await expect(
    fresh.send(new DescribeUserPoolCommand({ UserPoolId: pool.id })),
  ).resolves.toBeDefined();
});

test("a stranger who names nothing of ours leaves no row in the trail", async () => {
  const { client } = await testPool(app);
  const before = (await app.auditEvents()).length;
  const start = (ClientId: string) =>
    app.client.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId,
        AuthParameters: { USERNAME: "eve", PASSWORD: "x" },
      }),
    );
  await expect(start("unknownclient")).rejects.toThrow();
  await expect(app.client.send(new GetUserCommand({ AccessToken: "x.y.z" }))).rejects.toThrow();
  expect(await app.auditEvents()).toHaveLength(before);
  await expect(start(client.id)).rejects.toThrow();
  expect(await app.auditEvents()).toHaveLength(before + 1);
});

test("X-Amz-Target decides on any path, also where another room has routes", async () => {
  for (const url of ["/", "/some/prefix", "/_api/x/y/z", "/us-east-1_x/.well-known/jwks.json"]) {
    const answer = await app.app.inject({
      method: "POST",
      url,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      },
      payload: "{}",
    });
    expect([answer.statusCode, answer.json()["__type"]]).toEqual([
      400,
      "InvalidParameterException",
    ]);
  }
});
