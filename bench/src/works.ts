/** What the clients do, each on a connection of its own. */
import { call, type Signed, signed } from "./calls.ts";
import { type Connection, connectionTo, type Target } from "./http-client.ts";
import type { Site } from "./installations.ts";
import type { Peer } from "./peer.ts";
import type { Poolhouse } from "./poolhouse.ts";
import { type BenchUser, password } from "./pools.ts";
import type { Work } from "./rounds.ts";
import { createSrpClient, type SrpChallenge } from "./srp.ts";

/** Clients at once; each sends its next request when the last one was answered. */
export const clients = 16;

/** What a sign-in is for; ours and the peer's have it alike. */
type Pool = { readonly clientId: string };
type Tokens = { readonly AccessToken: string; readonly RefreshToken: string };

/** One connection for each client, which stays open. */
export function openConnections(target: Target): Connection[] {
  return Array.from({ length: clients }, () => connectionTo(target));
}

/** A user for every client. */
export async function eachUser<P extends { readonly users: readonly { readonly email: string }[] }>(
  { pool, connections }: Site<P>,
  make: (connection: Connection, pool: P, email: string) => Work | Promise<Work>,
): Promise<Work[]> {
  return Promise.all(
    connections.map((connection, at) => make(connection, pool, pool.users[at]?.email ?? "")),
  );
}

/** Signs in by the password itself. */
export function passwordWork(connection: Connection, pool: Pool, email: string): Work {
  return async () => void (await signIn(connection, pool, email));
}

/** Signs in by SRP: two calls, and the password stays with the client. */
export function srpWork(connection: Connection, pool: Poolhouse, email: string): Work {
  const ClientId = pool.clientId;
  const srp = createSrpClient(pool.userPoolId, password);
  return async () => {
    const { ChallengeParameters, Session } = await call(connection, "InitiateAuth", {
      ClientId,
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME: email, SRP_A: srp.srpA },
    });
    tokensOf(
      await call(connection, "RespondToAuthChallenge", {
        ClientId,
        Session,
        ChallengeName: "PASSWORD_VERIFIER",
        // What this challenge has is AWS's to say.
        ChallengeResponses: srp.answer(ChallengeParameters as SrpChallenge),
      }),
    );
  };
}

/** Takes new tokens for the refresh token that the last call gave. */
export async function refreshWork(
  connection: Connection,
  pool: Poolhouse,
  email: string,
): Promise<Work> {
  const ClientId = pool.clientId;
  let { RefreshToken } = await signIn(connection, pool, email);
  return async () => {
    const output = await call(connection, "GetTokensFromRefreshToken", { ClientId, RefreshToken });
    const next = tokensOf(output).RefreshToken;
    if (!next || next === RefreshToken) throw new Error("the refresh token was not replaced");
    RefreshToken = next;
  };
}

/** The peer does not know GetTokensFromRefreshToken: the older flow, with the same token each time. */
export async function peerRefreshWork(
  connection: Connection,
  pool: Peer,
  email: string,
): Promise<Work> {
  const { RefreshToken } = await signIn(connection, pool, email);
  const input = {
    ClientId: pool.clientId,
    AuthFlow: "REFRESH_TOKEN_AUTH",
    AuthParameters: { REFRESH_TOKEN: RefreshToken },
  };
  return async () => void tokensOf(await call(connection, "InitiateAuth", input));
}

/** GetUser with each of these tokens in turn. */
export function getUserWork(connection: Connection, accessTokens: readonly string[]): Work {
  const next = inTurn(accessTokens);
  return async () => void (await call(connection, "GetUser", { AccessToken: next() }));
}

/** DescribeUserPool, signed where the server asks for that. */
export function describeWork(
  connection: Connection,
  { target, keys, userPoolId }: Pick<Poolhouse, "target" | "keys" | "userPoolId">,
): Work {
  const request = signed({ target, keys }, "DescribeUserPool", { UserPoolId: userPoolId });
  return signedWork(connection, [request]);
}

/** The same, unsigned. */
export function peerDescribeWork(connection: Connection, { userPoolId }: Peer): Work {
  const input = { UserPoolId: userPoolId };
  return async () => void (await call(connection, "DescribeUserPool", input));
}

/** AdminGetUser of some of these users, all over the table. */
export function adminGetUserWork(
  connection: Connection,
  pool: Poolhouse,
  users: readonly BenchUser[],
): Work {
  const requests = spread(users, 128).map(({ email }) =>
    signed(pool, "AdminGetUser", { UserPoolId: pool.userPoolId, Username: email }),
  );
  return signedWork(connection, requests);
}

/** Signs in some of these users, all over the table; answers their access tokens. */
export async function signInSome<P extends Pool>(
  { pool, connections }: Site<P>,
  users: readonly { readonly email: string }[],
): Promise<string[]> {
  const waiting = spread(users, 64);
  const tokens: string[] = [];
  const takeTurns = async (connection: Connection) => {
    for (let user = waiting.pop(); user; user = waiting.pop()) {
      tokens.push((await signIn(connection, pool, user.email)).AccessToken);
    }
  };
  await Promise.all(connections.map(takeTurns));
  return tokens;
}

/** Signs a user in by the password alone. */
export async function signIn(connection: Connection, pool: Pool, email: string): Promise<Tokens> {
  return tokensOf(
    await call(connection, "InitiateAuth", {
      ClientId: pool.clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
}

/** The tokens of a sign-in or refresh that gave some. */
export function tokensOf(output: Record<string, unknown>): Tokens {
  const { AuthenticationResult } = output as { AuthenticationResult?: Tokens };
  if (!AuthenticationResult?.AccessToken) throw new Error(`no tokens: ${JSON.stringify(output)}`);
  return AuthenticationResult;
}

function signedWork(connection: Connection, requests: readonly Signed[]): Work {
  const next = inTurn(requests);
  return async () => {
    const { headers, body } = next();
    const answer = await connection.post(headers, body);
    if (answer.status !== 200) throw new Error(`a signed call was refused: ${answer.body}`);
    JSON.parse(answer.body);
  };
}

function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, at) => at % step === 0).slice(0, count);
}

function inTurn<T>(all: readonly T[]): () => T {
  let at = Math.floor(Math.random() * all.length);
  return () => {
    at = (at + 1) % all.length;
    // The list is not empty and `at` is below its length.
    return all[at] as T;
  };
}
