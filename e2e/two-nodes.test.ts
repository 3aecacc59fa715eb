/** Two processes over one PostgreSQL: whatever is good once is good once, whichever of them is asked. */
import {
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { JwtVerifier } from "aws-jwt-verify";
import {
  createSrpSession,
  signSrpSession,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from "cognito-srp-helper";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Contest, contest, freeGuesses, kinds } from "./harness/contest.ts";
import { type MailServer, startMail } from "./harness/mail.ts";
import { eventually, makeInstallation, type Node, publicUrl, startNode } from "./harness/nodes.ts";
import { makePool, type OwnPool, signIn, signUp, signUpOf } from "./harness/own-pool.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { stopAll } from "./harness/server.ts";
import { newAddress, password } from "./harness/users.ts";

const rounds = 20;
let postgres: Postgres;
let mail: MailServer;
let nodes: readonly [Node, Node];
let pool: OwnPool;

beforeAll(async () => {
  const [installation, database, mailServer] = await Promise.all([
    makeInstallation(),
    startPostgres(),
    startMail(),
  ]);
  postgres = database;
  mail = mailServer;
  const options = { databaseUrl: postgres.url, smtpUrl: mail.url };
  // Both find the database empty.
  nodes = await Promise.all([startNode(installation, options), startNode(installation, options)]);
  pool = await makePool(nodes[0].client);
});
afterAll(async () => {
  await stopAll();
  await mail.close();
  await postgres.stop();
});

/** Asks both nodes at the same time, each twice. */
function contend<T>(ask: (node: Node, attempt: number) => Promise<T>): Promise<Contest<T>> {
  return contest(nodes, ask);
}

test("two that find the database empty at the same time both make it ready, once", async () => {
  for (const node of nodes) {
    expect(await node.health()).toBe(200);
    const { UserPoolId } = pool;
    const { UserPool } = await node.client.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool?.Id).toBe(UserPoolId);
  }
});

test("a confirmation code and a reset code are good once", async () => {
  const { ClientId } = pool;
  const lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const Username = newAddress();
    await nodes[0].client.send(signUpOf(ClientId, Username));
    const ConfirmationCode = await mail.code(Username);
    const confirmed = await contend(({ client }) =>
      client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode })),
    );
    expect(confirmed.won).toHaveLength(1);

    await nodes[1].client.send(new ForgotPasswordCommand({ ClientId, Username }));
    const resetCode = await mail.code(Username, 2);
    const reset = await contend(async ({ client }, attempt) => {
      const Password = `${password}-${attempt}`;
      await client.send(
        new ConfirmForgotPasswordCommand({
          ClientId,
          Username,
          ConfirmationCode: resetCode,
          Password,
        }),
      );
      return Password;
    });
    expect(reset.won).toHaveLength(1);
    // The password is that of the one who was told so.
    const [given = ""] = reset.won;
    const tokens = await signIn(nodes[0].client, ClientId, { username: Username, password: given });
    expect(tokens.access).not.toBe("");
    lost.push(...confirmed.lost, ...reset.lost);
  }
  expect(lost).toHaveLength(2 * 3 * rounds);
  const refusals = ["CodeMismatchException", "ExpiredCodeException", "NotAuthorizedException"];
  expect(refusals).toEqual(expect.arrayContaining([...kinds(lost)]));
});

test("a refresh token is good once, and its family ends with the second use", async () => {
  const { ClientId } = pool;
  const username = await signUp(nodes[0].client, pool, mail);
  const lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const { refresh } = await signIn(nodes[round % 2 ? 0 : 1].client, ClientId, { username });
    const refreshed = await contend(({ client }) =>
      client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: refresh })),
    );
    expect(refreshed.won).toHaveLength(1);
    const next = refreshed.won[0]?.AuthenticationResult?.RefreshToken;
    const later = await contend(({ client }) =>
      client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: next })),
    );
    expect(later.won).toHaveLength(0);
    lost.push(...refreshed.lost, ...later.lost);
  }
  expect(kinds(lost)).toEqual(["NotAuthorizedException", "RefreshTokenReuseException"]);
});

test("a secret block of SRP proves the password once", async () => {
  const { UserPoolId, ClientId } = pool;
  const username = await signUp(nodes[1].client, pool, mail);
  const lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const session = createSrpSession(username, password, UserPoolId, false);
    const { ChallengeParameters = {} } = await nodes[round % 2 ? 0 : 1].client.send(
      new InitiateAuthCommand(
        wrapInitiateAuth(session, {
          ClientId,
          AuthFlow: "USER_SRP_AUTH" as const,
          AuthParameters: { CHALLENGE_NAME: "SRP_A", USERNAME: username },
        }),
      ),
    );
    const signed = signSrpSession(session, { ChallengeParameters });
    const answer = wrapAuthChallenge(signed, {
      ClientId,
      ChallengeName: "PASSWORD_VERIFIER" as const,
      ChallengeResponses: { USERNAME: username },
    });
    const proved = await contend(({ client }) =>
      client.send(new RespondToAuthChallengeCommand(answer)),
    );
    expect(proved.won).toHaveLength(1);
    expect(proved.won[0]?.AuthenticationResult?.AccessToken).toBeDefined();
    lost.push(...proved.lost);
  }
  expect(kinds(lost)).toEqual(["NotAuthorizedException"]);
});

test("wrong passwords are counted together, and the lock holds on both", async () => {
  const { ClientId } = pool;
  const username = await signUp(nodes[0].client, pool, mail);
  const guess = ({ client }: Node, given: string) =>
    signIn(client, ClientId, { username, password: given }).then(
      () => "in",
      (error: Error) => error.message,
    );
  const wrong = "Incorrect username or password.";
  const locked = "Password attempts exceeded";
  const startedAtMs = performance.now();
  const guesses = Array.from({ length: 20 }, (_, n) => guess(nodes[n % 2 ? 1 : 0], `Wrong-${n}-x`));
  const answers = await Promise.all(guesses);
  const elapsedMs = performance.now() - startedAtMs;
  const told = (text: string) => answers.filter((answer) => answer === text).length;
  expect(told(wrong)).toBeGreaterThanOrEqual(5);
  expect(told(wrong)).toBeLessThanOrEqual(freeGuesses(elapsedMs));
  expect(told(wrong) + told(locked)).toBe(20);
  // Two more, and the wait is long enough to be met on both.
  for (const node of nodes) {
    await eventually(
      async () => (await guess(node, "Wrong-20-x")) === wrong,
      "the end of the lock",
    );
  }
  const right = await Promise.all(nodes.map((node) => guess(node, password)));
  expect(right).toEqual([locked, locked]);
});

type Jwks = Parameters<ReturnType<typeof verifierOf>["cacheJwks"]>[0];

function verifierOf({ UserPoolId }: OwnPool) {
  return JwtVerifier.create({
    issuer: `${publicUrl}/${UserPoolId}`,
    jwksUri: `${publicUrl}/${UserPoolId}/.well-known/jwks.json`,
    audience: null,
  });
}

async function jwksOf({ url }: Node): Promise<Jwks> {
  const answer = await fetch(`${url}/${pool.UserPoolId}/.well-known/jwks.json`);
  return (await answer.json()) as Jwks;
}

async function kidsOf(node: Node): Promise<readonly string[]> {
  return (await jwksOf(node)).keys.map(({ kid = "" }) => kid).sort();
}

/** Whether a token verifies with the keys that this node publishes. */
async function verifies(node: Node, token: string): Promise<boolean> {
  const verifier = verifierOf(pool);
  verifier.cacheJwks(await jwksOf(node));
  try {
    verifier.verifySync(token);
    return true;
  } catch {
    return false;
  }
}

async function accepts({ client }: Node, AccessToken: string): Promise<boolean> {
  return client.send(new GetUserCommand({ AccessToken })).then(
    () => true,
    () => false,
  );
}

test("keys that one node makes are published by the other, once, and old tokens stay good", async () => {
  const username = await signUp(nodes[0].client, pool, mail);
  const before = await kidsOf(nodes[0]);
  const { access } = await signIn(nodes[0].client, pool.ClientId, { username });
  await Promise.all(nodes.map((node) => node.command("keys", "rotate")));
  await eventually(
    async () => (await kidsOf(nodes[0])).length > 2 && (await kidsOf(nodes[1])).length > 2,
    "the next keys in the JWKS of both nodes",
  );
  const after = await kidsOf(nodes[0]);
  expect(await kidsOf(nodes[1])).toEqual(after);
  expect(after).toHaveLength(4);
  expect(after).toEqual(expect.arrayContaining([...before]));
  for (const node of nodes) {
    expect(await verifies(node, access)).toBe(true);
    expect(await accepts(node, access)).toBe(true);
  }
});

test("keys that one node replaces sign on both, and what the old ones signed is dead", async () => {
  const username = await signUp(nodes[0].client, pool, mail);
  const old = await signIn(nodes[1].client, pool.ClientId, { username });
  await nodes[0].command("keys", "rotate", "--emergency");
  const { access } = await signIn(nodes[0].client, pool.ClientId, { username });
  await eventually(() => accepts(nodes[1], access), "the new keys on the other node");
  const other = await signIn(nodes[1].client, pool.ClientId, { username });
  for (const node of nodes) {
    for (const token of [access, other.access, other.id]) {
      expect(await verifies(node, token)).toBe(true);
    }
    expect(await accepts(node, other.access)).toBe(true);
    expect(await verifies(node, old.access)).toBe(false);
    expect(await accepts(node, old.access)).toBe(false);
  }
});
