/** The AWS SDK for JavaScript v3, unmodified: only endpoint, region and keys are ours. */

import { createHmac } from "node:crypto";
import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  ListGroupsCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demo, type Server, sdkClient, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterAll(stopAll);

const { userPoolId: UserPoolId, webClientId: ClientId } = demo;

test("sees what the demo's stack made", async () => {
  const client = server.client();
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(UserPool).toMatchObject({
    Id: UserPoolId,
    Name: "poolhouse-demo",
    UsernameAttributes: ["email"],
    Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: true } },
    MfaConfiguration: "OPTIONAL",
  });
  const { UserPools } = await client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  const ids = UserPools?.map(({ Id }) => Id);
  expect(new Set(ids)).toEqual(new Set([UserPoolId, `${UserPoolId}Strict`]));
  const { UserPoolClients } = await client.send(new ListUserPoolClientsCommand({ UserPoolId }));
  expect(UserPoolClients?.map((each) => each.ClientName).sort()).toEqual([
    "machine",
    "server",
    "web",
  ]);
  const { Groups } = await client.send(new ListGroupsCommand({ UserPoolId }));
  expect(Groups?.map((each) => each.GroupName)).toEqual(["Admin", "User"]);
  const { Users } = await client.send(
    new ListUsersCommand({ UserPoolId, Filter: 'email = "admin@example.com"' }),
  );
  expect(Users?.[0]?.UserStatus).toBe("CONFIRMED");
});

test("signs up, confirms by the code of the inbox and resets a forgotten password", async () => {
  const client = server.client();
  const Username = newAddress();
  const signedUp = await client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: password,
      UserAttributes: [{ Name: "email", Value: Username }],
    }),
  );
  expect(signedUp).toMatchObject({
    UserConfirmed: false,
    CodeDeliveryDetails: { DeliveryMedium: "EMAIL", AttributeName: "email" },
  });
  const { code, id } = await server.message(Username);
  expect(code).toMatch(/^\d{6}$/);
  await client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: code ?? "" }));
  const { UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
  expect(UserStatus).toBe("CONFIRMED");

  await client.send(new ForgotPasswordCommand({ ClientId, Username }));
  const reset = await server.message(Username, id);
  const Password = "A-New-Horse-5-Saddle";
  await client.send(
    new ConfirmForgotPasswordCommand({
      ClientId,
      Username,
      Password,
      ConfirmationCode: reset.code ?? "",
    }),
  );
  await expect(
    client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username,
        Password,
        ConfirmationCode: reset.code ?? "",
      }),
    ),
  ).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

test("a server signs users in with its secret and its signature", async () => {
  const client = server.client();
  const Username = await makeUser(server);
  const { UserPoolClient } = await client.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId: demo.serverClientId }),
  );
  const SECRET_HASH = createHmac("sha256", UserPoolClient?.ClientSecret ?? "")
    .update(Username + demo.serverClientId)
    .digest("base64");
  const answer = await client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: demo.serverClientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: password, SECRET_HASH },
    }),
  );
  expect(answer.AuthenticationResult?.AccessToken).toBeDefined();
});

test("a wrong key, an unknown key and no key are refused as AWS refuses them", async () => {
  const ask = (keys: { accessKeyId: string; secretAccessKey: string }) =>
    sdkClient({ url: server.url, keys }).send(new DescribeUserPoolCommand({ UserPoolId }));
  await expect(ask({ ...server.keys, secretAccessKey: "wrong" })).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
  await expect(ask({ accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" })).rejects.toMatchObject({
    name: "UnrecognizedClientException",
    $metadata: { httpStatusCode: 400 },
  });
});
