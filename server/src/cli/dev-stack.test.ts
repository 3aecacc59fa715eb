import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openServer, type Server } from "../app/open-server.ts";
import { readServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
import { applyDevStack, findDevStack } from "./dev-stack.ts";

const log: Log = { info() {}, warn() {}, error() {} };
const demo = fileURLToPath(new URL("../../../demo/stack.yaml", import.meta.url));
let dataDir: string;
let server: Server;

async function open(): Promise<void> {
  const environment = { POOLHOUSE_DATA_DIR: dataDir, POOLHOUSE_LISTEN: "127.0.0.1:0" };
  server = await openServer(readServerConfig("dev", environment), log);
}
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "stack-"));
  await open();
});
afterEach(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

async function signIn(name: string, password: string): Promise<unknown> {
  const client = await server.call<{ UserPoolClient: { ClientSecret: string } }>(
    "AWSCognitoIdentityProviderService.DescribeUserPoolClient",
    { UserPoolId: "us-east-1_Poolhouse", ClientId: "poolhousedemoserver0000001" },
  );
  const secret = client.UserPoolClient.ClientSecret;
  const SECRET_HASH = createHmac("sha256", secret)
    .update(`${name}poolhousedemoserver0000001`)
    .digest("base64");
  return await server.call("AWSCognitoIdentityProviderService.AdminInitiateAuth", {
    UserPoolId: "us-east-1_Poolhouse",
    ClientId: "poolhousedemoserver0000001",
    AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: name, PASSWORD: password, SECRET_HASH },
  });
}

const everybody = ["admin@example.com", "strict@example.com", "user@example.com"];

test("the demo's users can sign in with the passwords that are shown", async () => {
  await applyDevStack(server, demo);
  const stack = await findDevStack(server);
  expect(stack?.outputs.get("WebClientId")).toBe("poolhousedemoweb0000000001");
  expect(stack?.users.map(({ name }) => name)).toEqual(everybody);
  const passwords = stack?.users.map(({ password }) => password) ?? [];
  expect(new Set(passwords).size).toBe(3);
  for (const { name, password } of stack?.users ?? []) {
    expect(password).toMatch(/^([A-Z][a-z][2-9][a-z]-?){4}$/);
    if (name === "strict@example.com") continue;
    expect(await signIn(name, password)).toHaveProperty("AuthenticationResult.AccessToken");
  }
});

test("the next start shows the same passwords and changes none", async () => {
  await applyDevStack(server, demo);
  const before = await findDevStack(server);
  const [user] = before?.users ?? [];
  await server.call("AWSCognitoIdentityProviderService.AdminSetUserPassword", {
    UserPoolId: "us-east-1_Poolhouse",
    Username: user?.name,
    Password: "My-0wn-password",
    Permanent: true,
  });
  await server.stop();
  await open();
  await applyDevStack(server, demo);
  expect((await findDevStack(server))?.users).toEqual(before?.users);
  expect(await signIn(user?.name ?? "", "My-0wn-password")).toHaveProperty("AuthenticationResult");
});

test("another data directory has other passwords", async () => {
  await applyDevStack(server, demo);
  const before = await findDevStack(server);
  await server.stop();
  rmSync(dataDir, { recursive: true });
  await open();
  await applyDevStack(server, demo);
  expect((await findDevStack(server))?.users).not.toEqual(before?.users);
});

test("a user who was deleted is neither shown nor an obstacle", async () => {
  await applyDevStack(server, demo);
  await server.call("AWSCognitoIdentityProviderService.AdminDeleteUser", {
    UserPoolId: "us-east-1_Poolhouse",
    Username: "user@example.com",
  });
  const stack = await findDevStack(server);
  expect(stack?.users.map(({ name }) => name)).toEqual(["admin@example.com", "strict@example.com"]);
});

test("without a stack there is nothing to show", async () => {
  expect(await findDevStack(server)).toBeUndefined();
});

test("a mistake in the template is told with the file and the line", async () => {
  const file = join(dataDir, "wrong.yaml");
  writeFileSync(file, "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPol\n");
  await expect(applyDevStack(server, file)).rejects.toThrow(/wrong\.yaml: .*\b3\b/);
});

test("the demo app is told where its pools and its API are, and what each of them has", async () => {
  const { development, publicUrl } = server;
  await applyDevStack(server, demo);
  expect(await development?.routes.demoConfig()).toBeUndefined();
  const everyday = {
    userPoolId: "us-east-1_Poolhouse",
    userPoolClientId: "poolhousedemoweb0000000001",
  };
  const strict = {
    userPoolId: "us-east-1_PoolhouseStrict",
    userPoolClientId: "poolhousedemostrict0000001",
  };
  development?.showDemo({ everyday, strict });
  const loginWith = { email: true };
  const passwordFormat = {
    minLength: 8,
    requireLowercase: true,
    requireUppercase: true,
    requireNumbers: true,
    requireSpecialCharacters: true,
  };
  // The callback is this very server's demo, whichever port it has.
  const oauthOf = (poolId: string, path: string) => ({
    domain: `${new URL(publicUrl).host}/${poolId}`,
    scopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
    redirectSignIn: [`${publicUrl}${path}`],
    redirectSignOut: [`${publicUrl}${path}`],
    responseType: "code",
  });
  expect(await development?.routes.demoConfig()).toEqual({
    region: "us-east-1",
    userPoolEndpoint: publicUrl,
    apiEndpoint: `${publicUrl}/_api/poolhsdemo/dev`,
    everyday: {
      ...everyday,
      loginWith,
      passwordFormat,
      passwordless: {
        emailOtpEnabled: true,
        webAuthn: { userVerification: "required" },
        preferredChallenge: "PASSWORD",
      },
      selfSignUp: true,
      mfa: "OPTIONAL",
      passkeys: "both",
      devices: true,
      sessions: true,
      recoveryCodes: true,
      oauth: oauthOf(everyday.userPoolId, "/demo/"),
    },
    strict: {
      ...strict,
      loginWith,
      passwordFormat: { ...passwordFormat, minLength: 12 },
      selfSignUp: false,
      mfa: "ON",
      passkeys: "none",
      devices: false,
      sessions: true,
      recoveryCodes: true,
      oauth: oauthOf(strict.userPoolId, "/demo/?pool=strict"),
    },
  });
});
