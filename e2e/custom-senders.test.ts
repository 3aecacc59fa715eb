/** The senders of docs/guides/triggers.md as modules of a server, which read their codes at its KMS over TLS. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { guideExample } from "./harness/functions.ts";
import { operate } from "./harness/operate.ts";
import { makeFolder, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

afterAll(stopAll);

const POOLHOUSE_ACCOUNT_ID = "123456789012";
const KMSKeyID = `arn:aws:kms:us-east-1:${POOLHOUSE_ACCOUNT_ID}:key/codes`;

/** A mail provider of somebody's; gives its address and what it was told, in turn. */
async function startProvider(): Promise<{ url: string; told: Record<string, string>[] }> {
  const told: Record<string, string>[] = [];
  const provider = createServer(async (request, response) => {
    told.push(JSON.parse(await text(request)) as Record<string, string>);
    response.end();
  });
  await new Promise<void>((listening) => void provider.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void provider.close());
  return { url: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`, told };
}

/** A server that knows its own CA, as one does from its second start on. */
async function startTrustingServer(folder: string): Promise<Server> {
  const first = await startServer({ command: ["dev"], env: { POOLHOUSE_ACCOUNT_ID } });
  const { dataDir, port, caFile } = first;
  await first.stop();
  const env = { POOLHOUSE_FUNCTIONS_DIR: folder, NODE_EXTRA_CA_CERTS: caFile };
  const server = await startServer({ command: ["dev"], dataDir, port, env });
  trust(server);
  return server;
}

test("a code reaches its user through a module with the AWS Encryption SDK", async () => {
  const provider = await startProvider();
  const folder = join(await makeFolder(), "functions");
  await mkdir(folder);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const code = guideExample("CustomEmailSender");
  await writeFile(
    join(folder, "mail.mjs"),
    code.replace("https://mail.example.com/send", provider.url),
  );
  const server = await startTrustingServer(folder);
  const { Function: made } = await operate<{ Function: { FunctionArn: string } }>(
    server,
    "PutFunction",
    {
      FunctionName: "mail",
      Module: "mail.mjs",
      Environment: {
        Variables: {
          KEY_ARN: KMSKeyID,
          AWS_ENDPOINT_URL_KMS: server.url,
          AWS_ACCESS_KEY_ID: server.keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: server.keys.secretAccessKey,
        },
      },
    },
  );
  await operate(server, "AddFunctionPermission", {
    FunctionName: "mail",
    StatementId: "pools",
    Principal: "cognito-idp.amazonaws.com",
  });
  const client = server.client();
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: "pool",
      AutoVerifiedAttributes: ["email"],
      LambdaConfig: {
        KMSKeyID,
        CustomEmailSender: { LambdaArn: made.FunctionArn, LambdaVersion: "V1_0" },
      },
    }),
  );
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: "app" }),
  );
  const ada = { ClientId: UserPoolClient?.ClientId, Username: "ada" };
  const UserAttributes = [{ Name: "email", Value: "ada@example.com" }];
  await client.send(new SignUpCommand({ ...ada, Password: password, UserAttributes }));
  await expect.poll(() => provider.told, { timeout: 60_000 }).toHaveLength(1);
  expect(provider.told).toMatchObject([
    { to: "ada@example.com", text: expect.stringMatching(/^Your code is \d{6}$/) },
  ]);
  const ConfirmationCode = provider.told[0]?.["text"]?.slice(-6);
  await client.send(new ConfirmSignUpCommand({ ...ada, ConfirmationCode }));
});
