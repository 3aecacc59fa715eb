/** Limits by address, over two processes and a proxy: one budget for both, whatever a client says of itself. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailServer, startMail } from "./harness/mail.ts";
import { makeInstallation, type Node, startNode } from "./harness/nodes.ts";
import { makePool, type OwnPool, signUp } from "./harness/own-pool.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { stopAll } from "./harness/server.ts";
import { password } from "./harness/users.ts";

let postgres: Postgres;
let mail: MailServer;
let nodes: readonly [Node, Node];
let pool: OwnPool;
let username: string;

beforeAll(async () => {
  const [installation, database, mailServer] = await Promise.all([
    makeInstallation(),
    startPostgres(),
    startMail(),
  ]);
  postgres = database;
  mail = mailServer;
  const options = {
    databaseUrl: postgres.url,
    smtpUrl: mail.url,
    // What connects here is the proxy.
    env: { POOLHOUSE_RATE_LIMITS: "on", POOLHOUSE_TRUSTED_PROXIES: "127.0.0.1" },
  };
  nodes = await Promise.all([startNode(installation, options), startNode(installation, options)]);
  pool = await makePool(nodes[0].client);
  username = await signUp(nodes[0].client, pool, mail);
});
afterAll(async () => {
  await stopAll();
  await mail.close();
  await postgres.stop();
});

/** A sign-in as the proxy passes it on: the last address is whom it saw. */
async function tryToSignIn(
  { url }: Node,
  given: { from: string; name?: string; password?: string },
): Promise<string> {
  const { from, name = username, password: PASSWORD = password } = given;
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      "x-forwarded-for": from,
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: pool.ClientId,
      AuthParameters: { USERNAME: name, PASSWORD },
    }),
  });
  const { __type = "signed in" } = (await answer.json()) as { __type?: string };
  return __type;
}

test("a hundred refusals, asked of both nodes at once, are all that an address gets of both", async () => {
  const from = "203.0.113.9";
  const attempts = Array.from({ length: 120 }, (_, at) =>
    tryToSignIn(nodes[at % 2 ? 1 : 0], { from, name: `nobody-${at}@example.com` }),
  );
  const answers = await Promise.all(attempts);
  const limited = answers.filter((answer) => answer === "TooManyRequestsException");
  expect(limited).toHaveLength(20);
  for (const node of nodes) {
    expect(await tryToSignIn(node, { from })).toBe("TooManyRequestsException");
    // Who the client says that it comes from is not whom the proxy saw.
    const forged = `198.51.100.7, ${from}`;
    expect(await tryToSignIn(node, { from: forged })).toBe("TooManyRequestsException");
    expect(await tryToSignIn(node, { from: "198.51.100.7" })).toBe("signed in");
  }
});
