import { expect, test } from "vitest";
import { type BannerFacts, banner } from "./banner.ts";

const plain = (_style: string, text: string) => text;
const facts: BannerFacts = {
  version: "1.2.3",
  publicUrl: "https://localhost:8443",
  plainUrl: undefined,
  caFile: "/my data/ca.pem",
  isTrusted: true,
  credentialsFile: "/my data/credentials.env",
  hasDemo: true,
  pool: {
    id: "us-east-1_Poolhouse",
    name: "demo",
    loginWith: { email: true },
    clients: [
      { id: "server01", name: "server", hasSecret: true },
      { id: "web01", name: "web", hasSecret: false },
    ],
  },
  users: [{ name: "admin@example.com", password: "Pass-1word" }],
  readyMs: 321,
};

test("everything to click and to paste is there", () => {
  const text = banner(facts, plain);
  for (const part of [
    "Poolhouse 1.2.3  https://localhost:8443",
    "https://localhost:8443/demo/",
    "https://localhost:8443/inbox",
    "us-east-1_Poolhouse",
    "server01  server, with a secret",
    "admin@example.com  Pass-1word",
    'userPoolEndpoint: "https://localhost:8443"',
    "loginWith: { email: true }",
    ". '/my data/credentials.env'",
    "aws cognito-idp list-users --user-pool-id us-east-1_Poolhouse --endpoint-url https://localhost:8443",
  ]) {
    expect(text).toContain(part);
  }
});

test("a browser app gets the client without a secret", () => {
  expect(banner(facts, plain)).toContain('userPoolClientId: "web01"');
});

test("that it is ready is said last, when all the rest is there to be read", () => {
  expect(banner(facts, plain).trimEnd().split("\n").at(-1)).toBe(
    "  ready in 321 ms, Ctrl-C stops it",
  );
});

test("trusting the authority is mentioned where that is not done", () => {
  expect(banner(facts, plain)).not.toContain("poolhouse trust");
  expect(banner({ ...facts, isTrusted: false }, plain)).toContain("npx poolhouse trust");
});

test("without a pool the next step is shown instead", () => {
  const text = banner({ ...facts, pool: undefined, hasDemo: false, users: [] }, plain);
  expect(text).toContain("npx poolhouse apply");
  expect(text).not.toContain("Amplify.configure");
  expect(text).not.toContain("/demo/");
  expect(text).toContain("aws cognito-idp list-user-pools");
});

test("without colours there is no escape in it", () => {
  expect(banner(facts, plain)).not.toContain("\u001b");
});
