import { expect, test } from "vitest";
import { amplifyConfiguration, awsCli, shellWord } from "./snippets.ts";

const pool = {
  id: "us-east-1_AbCdEf123",
  name: "demo",
  loginWith: { email: true } as const,
  clients: [],
};
const client = { id: "1h57kf5cpq17m0eml12EXAMPLE", name: "web", hasSecret: false };
const info = {
  publicUrl: "https://localhost:8443",
  region: "us-east-1",
  caFile: "/home/ada/my app/.poolhouse/ca.pem",
  credentialsFile: "/home/ada/my app/.poolhouse/credentials.env",
  userPools: [pool],
};

test("a word that a shell would change is quoted", () => {
  const words = [
    "/plain/path-1.pem",
    "/with space/ca.pem",
    "it's",
    "$HOME/`id`",
    "a;b&&c",
    "~",
    "",
  ];
  expect(words.map(shellWord)).toEqual([
    "/plain/path-1.pem",
    "'/with space/ca.pem'",
    "'it'\\''s'",
    "'$HOME/`id`'",
    "'a;b&&c'",
    "'~'",
    "''",
  ]);
});

test("the Amplify block names the pool, the client and this server", () => {
  const block = amplifyConfiguration(info, pool, client);
  expect(block).toContain(`userPoolId: "us-east-1_AbCdEf123"`);
  expect(block).toContain(`userPoolClientId: "1h57kf5cpq17m0eml12EXAMPLE"`);
  expect(block).toContain(`userPoolEndpoint: "https://localhost:8443"`);
  expect(block).toContain("loginWith: { email: true }");
});

test("the command line lists pools while there is none to look into", () => {
  expect(awsCli(info, pool)).toMatch(/list-users \\\n {2}--user-pool-id us-east-1_AbCdEf123 /);
  expect(awsCli(info, undefined)).toContain("list-user-pools");
});
