/** docs/guides/functions.md as its readers follow it: its files, a server, and people who sign up. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SignUpCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  freePort,
  launcher,
  makeFolder,
  root,
  type Server,
  startServer,
  stopAll,
} from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

const guide = readFileSync(join(root, "docs/guides/functions.md"), "utf8");

/** The first block of this language below a heading. */
function exampleOf(heading: string, language: string): string {
  const [, below = ""] = guide.split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(below) ?? [];
  if (code === undefined) throw new Error(`no ${language} below ${heading}`);
  return code;
}

const secret = "s".repeat(40);
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await makeFolder();
  await mkdir(join(folder, "functions"));
  await writeFile(join(folder, "functions/by-invitation.mjs"), exampleOf("A module", "js"));
  await writeFile(join(folder, "stack.yaml"), exampleOf("A module", "yaml"));
  server = await startServer({
    command: ["dev", "--stack", join(folder, "stack.yaml")],
    env: { POOLHOUSE_ALLOWED_PRIVATE_HOSTS: "127.0.0.1" },
  });
  trust(server);
});
afterAll(stopAll);

/** Answers where it listens; it ends with the test. */
async function startEndpoint(): Promise<string> {
  await writeFile(join(folder, "endpoint.mjs"), exampleOf("An endpoint", "js"));
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, "endpoint.mjs")], {
    env: { HOOK_SECRET: secret, PORT: String(port) },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill());
  const url = `http://127.0.0.1:${port}/`;
  const statusOf = async () => (await fetch(url)).status;
  // Not signed, so it is refused as soon as there is somebody to refuse it.
  await expect.poll(() => statusOf().catch(() => 0)).toBe(401);
  return url;
}

async function apply(template: string, ...more: string[]): Promise<{ ClientId: string }> {
  const file = join(folder, "applied.yaml");
  await writeFile(file, template);
  const child = spawn(process.execPath, [launcher, "apply", file, "--yes", "--json", ...more], {
    env: { PATH: process.env["PATH"], POOLHOUSE_DATA_DIR: server.dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(0);
  const { Outputs } = JSON.parse(printed.join("")) as {
    Outputs: { OutputKey: string; OutputValue: string }[];
  };
  return { ClientId: Outputs.find(({ OutputKey }) => OutputKey === "ClientId")?.OutputValue ?? "" };
}

function signUp(ClientId: string, email: string) {
  const UserAttributes = [{ Name: "email", Value: email }];
  return server
    .client()
    .send(new SignUpCommand({ ClientId, Username: email, Password: password, UserAttributes }));
}

const refusal = {
  name: "UserLambdaValidationException",
  message: "PreSignUp failed with error Only for people we invited.",
};

test("the module lets in whom it should, and is loaded anew when it changes", async () => {
  const { ClientId } = await apply(exampleOf("A module", "yaml"));
  await expect(signUp(ClientId, "eve@example.org")).rejects.toMatchObject(refusal);
  expect(await signUp(ClientId, "ada@example.com")).toMatchObject({ UserConfirmed: false });
  const other = `console.log("as it is now");${exampleOf("A module", "js")}`;
  const changed = other.replace("Only for people we invited", "Not today");
  await writeFile(join(folder, "functions/by-invitation.mjs"), changed);
  await expect(signUp(ClientId, "eve@example.org")).rejects.toThrow("Not today");
  await expect.poll(() => server.output()).toContain("as it is now");
});

test("a module that is gone, spins or crashes lets nobody in, and the server goes on", async () => {
  const { ClientId } = await apply(exampleOf("A module", "yaml"));
  const file = join(folder, "functions/by-invitation.mjs");
  const broken = { name: "UnexpectedLambdaException" };
  await writeFile(file, "export const handler = () => process.exit(0);");
  await expect(signUp(ClientId, "bob@example.com")).rejects.toMatchObject(broken);
  await writeFile(file, "export const handler = () => { for (;;); };");
  const spinning = signUp(ClientId, "bob@example.com");
  const health = await fetch(`${server.url}/_poolhouse/health`);
  expect(health.status).toBe(200);
  await expect(spinning).rejects.toMatchObject(broken);
  await writeFile(file, exampleOf("A module", "js"));
  expect(await signUp(ClientId, "bob@example.com")).toMatchObject({ UserConfirmed: false });
}, 60_000);

test("the endpoint of another stack does, by its signature", async () => {
  const [, rest = ""] = exampleOf("A module", "yaml").split("    Properties: # what runs on AWS");
  const template = exampleOf("An endpoint", "yaml")
    .replace(/ {4}# and the rest.*/, `    Properties: #${rest}`)
    .replace("https://hooks.example.com/by-invitation", await startEndpoint())
    .replaceAll("FunctionName: by-invitation", "FunctionName: by-endpoint");
  const stack = ["--stack-name", "other", "--parameter"];
  const { ClientId } = await apply(template, ...stack, `HookSecret=${secret}`);
  await expect(signUp(ClientId, "eve@example.org")).rejects.toMatchObject(refusal);
  expect(await signUp(ClientId, "ada@example.com")).toMatchObject({ UserConfirmed: false });
  await apply(template, ...stack, `HookSecret=${secret}-of-somebody-else`);
  await expect(signUp(ClientId, "bob@example.com")).rejects.toMatchObject({
    name: "UnexpectedLambdaException",
  });
  expect(server.output()).not.toContain(secret);
});
