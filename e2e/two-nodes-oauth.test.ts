/** Hosted sign-ins over two processes and one PostgreSQL: any step on either node, and once is once; also after kill -9. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AppPool, createAppPool, createAppUser } from "./harness/app-pool.ts";
import { type Installation, makeInstallation, type Node, startNode } from "./harness/nodes.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { stopAll } from "./harness/server.ts";
import { password } from "./harness/users.ts";

const redirectUri = "https://app.example.com/callback";
const verifier = "v".repeat(64);

let postgres: Postgres;
let installation: Installation;
let nodes: [Node, Node];
let pool: AppPool;
let username: string;

beforeAll(async () => {
  [postgres, installation] = await Promise.all([startPostgres(), makeInstallation()]);
  const options = { databaseUrl: postgres.url };
  nodes = await Promise.all([startNode(installation, options), startNode(installation, options)]);
  pool = await createAppPool(nodes[0].client, {
    client: {
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email"],
      SupportedIdentityProviders: ["COGNITO"],
      CallbackURLs: [redirectUri],
      LogoutURLs: [redirectUri],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    },
  });
  username = await createAppUser(nodes[0].client, pool, {});
});
afterAll(async () => {
  await stopAll();
  await postgres.stop();
});

/** A browser that asks a node at its own address, and is not sent on by itself. */
function openBrowser() {
  const jar = new Map<string, string>();
  return async (node: Node, path: string, form?: Readonly<Record<string, string>>) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(`${node.url}${path}`, {
      redirect: "manual",
      headers: { cookie },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return {
      status: answer.status,
      location: answer.headers.get("location") ?? "",
      html: await answer.text(),
    };
  };
}
type Browser = ReturnType<typeof openBrowser>;

const authorizePath = () =>
  `/${pool.userPoolId}/oauth2/authorize?${new URLSearchParams({
    ...{ response_type: "code", client_id: pool.clientId, redirect_uri: redirectUri },
    ...{ scope: "openid email", state: "s", code_challenge_method: "S256" },
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  })}`;

const codeIn = ({ location }: { location: string }) =>
  new URL(location).searchParams.get("code") ?? "";

/** The page from one node, its form to the other. */
async function signIn(browser: Browser, [first, second]: [Node, Node] = nodes): Promise<string> {
  const { location } = await browser(first, authorizePath());
  const { html } = await browser(second, location);
  const action = /name="cognitoSignInForm"[^>]*action="([^"]+)"/.exec(html)?.[1] ?? "";
  const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const form = { _csrf: csrf, username, password };
  return codeIn(await browser(first, action.replaceAll("&amp;", "&"), form));
}

async function askToken(node: Node, fields: Readonly<Record<string, string>>) {
  const answer = await fetch(`${node.url}/${pool.userPoolId}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: pool.clientId, ...fields }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const redeem = (node: Node, code: string) =>
  askToken(node, {
    ...{ grant_type: "authorization_code", redirect_uri: redirectUri, code },
    code_verifier: verifier,
  });
const refresh = (node: Node, token = "") =>
  askToken(node, { grant_type: "refresh_token", refresh_token: token });
const nodeOf = (n: number) => nodes[n % 2 === 0 ? 0 : 1];

test("a sign-in goes on at whichever node, and both know the browser from then on", async () => {
  const browser = openBrowser();
  const { status } = await redeem(nodes[1], await signIn(browser));
  expect(status).toBe(200);
  for (const node of nodes) expect(codeIn(await browser(node, authorizePath()))).not.toBe("");
});

test("twenty uses of one code at both nodes give one set of tokens, which ends with the others", async () => {
  const code = await signIn(openBrowser());
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => redeem(nodeOf(n), code)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  const lost = answers.filter(({ status }) => status !== 200);
  expect(new Set(lost.map(({ status, body }) => `${status} ${body["error"]}`))).toEqual(
    new Set(["400 invalid_grant"]),
  );
  const token = won[0]?.body["refresh_token"];
  expect((await refresh(nodes[1], token)).body).toEqual({ error: "invalid_grant" });
});

test("twenty refreshes at once give one new token, and end the family", async () => {
  const { body } = await redeem(nodes[0], await signIn(openBrowser()));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => refresh(nodeOf(n), body["refresh_token"])),
  );
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  const next = won[0]?.body["refresh_token"];
  expect((await refresh(nodes[0], next)).status).toBe(400);
});

test("after kill -9 the browser is known, a code is good once, and what was ended stays so", async () => {
  const browser = openBrowser();
  const used = await signIn(browser);
  expect((await redeem(nodes[0], used)).status).toBe(200);
  const open = codeIn(await browser(nodes[0], authorizePath()));
  await nodes[0].kill();
  nodes[0] = await startNode(installation, { databaseUrl: postgres.url });
  expect((await redeem(nodes[0], used)).status).toBe(400);
  expect((await redeem(nodes[0], open)).status).toBe(200);
  expect(codeIn(await browser(nodes[0], authorizePath()))).not.toBe("");
  const out = new URLSearchParams({ client_id: pool.clientId, logout_uri: redirectUri });
  const old = openBrowser();
  await signIn(old);
  expect((await old(nodes[0], `/${pool.userPoolId}/logout?${out}`)).location).toBe(redirectUri);
  await nodes[0].kill();
  nodes[0] = await startNode(installation, { databaseUrl: postgres.url });
  expect((await old(nodes[0], authorizePath())).location).toContain("/login?");
});
