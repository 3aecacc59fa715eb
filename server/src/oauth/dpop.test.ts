import { GetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { UserPoolClientExtensions } from "../domain/clients/client.ts";
import { parseJws } from "../domain/tokens/jws.ts";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { clientKey } from "../testing/assertions.ts";
import { testBrowser } from "../testing/browser.ts";
import { dpopKey, endpointUrl, sha256, type TestKey } from "../testing/dpop.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  grantedTokens,
  machinePool,
  machineSecret,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { engines, migratedPlace } from "../testing/places.ts";
import { type TestPool, testUser } from "../testing/pools.ts";
import { tokensOf } from "../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;
let key: TestKey;
async function start(clientExtensions: UserPoolClientExtensions = { dpop: "on" }) {
  home = await oauthPool(app, { clientExtensions });
  user = await testUser(app, home.pool);
}
beforeEach(async () => {
  app = await testApp();
  key = dpopKey();
  await start();
});
afterEach(() => app.close());

const tokenUrl = () => endpointUrl(home, "/oauth2/token");
const proof = (more: Partial<Parameters<TestKey["proof"]>[0]> = {}, by = key) =>
  by.proof({ nowMs: app.clock.now(), htu: tokenUrl(), ...more });

/** A code, and what the token endpoint says to it. */
async function redeem(dpop?: string, more: Record<string, string> = {}, asked = {}) {
  const visit = await signInOnPage(testBrowser(app), authorizeUrl(home, asked), user);
  return askToken(app, home, {
    grant_type: "authorization_code",
    client_id: home.client.id,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    code: answerIn(visit).get("code"),
    ...more,
    ...(dpop === undefined ? {} : { headers: { dpop } }),
  });
}

const refresh = (token: string, dpop?: string) =>
  askToken(app, home, {
    grant_type: "refresh_token",
    client_id: home.client.id,
    refresh_token: token,
    ...(dpop === undefined ? {} : { headers: { dpop } }),
  });

async function userInfo(headers: Record<string, string>, of = home) {
  const url = `/${of.pool.id}/oauth2/userInfo`;
  const answer = await app.app.inject({ method: "GET", url, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

const infoProof = (accessToken: string, more = {}, by = key) =>
  proof({ htm: "GET", htu: endpointUrl(home, "/oauth2/userInfo"), accessToken, ...more }, by);

const badProof = { status: 400, body: { error: "invalid_dpop_proof" } };
const badGrant = { status: 400, body: { error: "invalid_grant" } };

test.each(["ES256", "RS256", "PS256", "EdDSA", "Ed25519"] as const)(
  "tokens are bound to the key of a proof by %s, and userInfo takes them with another proof alone",
  async (alg) => {
    key = dpopKey(alg);
    const { status, body } = await redeem(proof());
    expect(status).toBe(200);
    expect(body.token_type).toBe("DPoP");
    expect(parseJws(body.access_token)?.payload["cnf"]).toEqual({ jkt: key.jkt });
    const authorization = `DPoP ${body.access_token}`;
    const told = await userInfo({ authorization, dpop: infoProof(body.access_token) });
    expect(told).toMatchObject({ status: 200, body: { sub: user.id } });
  },
);

test("without a proof a client gets bearer tokens, unless it must prove a key", async () => {
  expect(await redeem()).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
  await start({ dpop: "required" });
  expect(await redeem()).toMatchObject(badProof);
  expect(await redeem(proof())).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
});

test("a client without DPoP may send what it likes, and gets bearer tokens", async () => {
  await start({});
  const { status, body } = await redeem("x", {}, { dpop_jkt: "x" });
  expect({ status, type: body.token_type }).toEqual({ status: 200, type: "Bearer" });
  expect(parseJws(body.access_token)?.payload["cnf"]).toBeUndefined();
});

test("the token of a client for itself is bound as well", async () => {
  home = await machinePool(app, { client: { extensions: { dpop: "required" } } as object });
  const ask = (headers = {}) =>
    askToken(app, home, {
      grant_type: "client_credentials",
      client_id: home.client.id,
      client_secret: machineSecret,
      headers,
    });
  expect(await ask()).toMatchObject(badProof);
  const { body } = await ask({ dpop: proof() });
  expect(body.token_type).toBe("DPoP");
  expect(parseJws(body.access_token)?.payload["cnf"]).toEqual({ jkt: key.jkt });
});

describe("a proof with one thing wrong", () => {
  const other = clientKey();
  const day = 86_400;
  const changes: [string, () => Partial<Parameters<TestKey["proof"]>[0]>][] = [
    ["its type", () => ({ header: { typ: "JWT" } })],
    ["no type", () => ({ header: { typ: undefined } })],
    ["another algorithm", () => ({ header: { alg: "RS256" } })],
    ["no algorithm", () => ({ header: { alg: "none" } })],
    ["a symmetric algorithm", () => ({ header: { alg: "HS256" } })],
    ["another key", () => ({ header: { jwk: other.jwk } })],
    ["no key", () => ({ header: { jwk: undefined } })],
    [
      "its private key",
      () => ({ header: { jwk: clientKey().privateKey.export({ format: "jwk" }) } }),
    ],
    ["a shared secret", () => ({ header: { jwk: { kty: "oct", k: "c2VjcmV0" } } })],
    ["a demand that we do not know", () => ({ header: { crit: ["x"], x: 1 } })],
    ["the method", () => ({ htm: "GET" })],
    ["the method in lower case", () => ({ htm: "post" })],
    ["another endpoint", () => ({ htu: endpointUrl(home, "/oauth2/userInfo") })],
    ["another host", () => ({ htu: tokenUrl().replace("localhost", "localhost.example") })],
    ["another port", () => ({ htu: tokenUrl().replace("8443", "8444") })],
    ["another scheme", () => ({ htu: tokenUrl().replace("https", "http") })],
    ["the path alone", () => ({ htu: new URL(tokenUrl()).pathname })],
    ["no address", () => ({ payload: { htu: undefined } })],
    ["an address that is a list", () => ({ payload: { htu: [tokenUrl()] } })],
    ["61 seconds too old", () => ({ nowMs: app.clock.now() - 61_000 })],
    ["62 seconds from now", () => ({ nowMs: app.clock.now() + 62_000 })],
    ["milliseconds", () => ({ payload: { iat: app.clock.now() } })],
    ["a time that is text", () => ({ payload: { iat: String(app.clock.now() / 1000) } })],
    ["no time, but an end", () => ({ payload: { iat: undefined, exp: Date.now() / 1000 + day } })],
    ["no jti", () => ({ payload: { jti: undefined } })],
    ["an empty jti", () => ({ payload: { jti: "" } })],
    ["a jti that is no text", () => ({ payload: { jti: 7 } })],
    ["a jti without end", () => ({ payload: { jti: "j".repeat(257) } })],
  ];

  test.each(changes)("%s", async (_, change) => {
    expect(await redeem(proof(change()))).toMatchObject(badProof);
  });

  test("a changed signature, or changed words", async () => {
    const [head = "", body = "", signature = ""] = proof().split(".");
    const at = signature.charAt(5) === "A" ? "B" : "A";
    const changed = `${signature.slice(0, 5)}${at}${signature.slice(6)}`;
    expect(await redeem(`${head}.${body}.${changed}`)).toMatchObject(badProof);
    expect(await redeem(`${head}.${proof().split(".")[1]}.${signature}`)).toMatchObject(badProof);
    for (const text of ["", "x", "a.b.c", `${proof()}, ${proof()}`, `${head}.${body}.`]) {
      expect(await redeem(text)).toMatchObject(badProof);
    }
  });

  test("and none of them uses the code up", async () => {
    const visit = await signInOnPage(testBrowser(app), authorizeUrl(home), user);
    const fields = {
      grant_type: "authorization_code",
      client_id: home.client.id,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      code: answerIn(visit).get("code"),
    };
    const wrong = await askToken(app, home, {
      ...fields,
      headers: { dpop: proof({ htm: "GET" }) },
    });
    expect(wrong).toMatchObject(badProof);
    const right = await askToken(app, home, { ...fields, headers: { dpop: proof() } });
    expect(right.status).toBe(200);
  });
});

test("the address is compared without its query, however it is spelled", async () => {
  for (const htu of [
    `${tokenUrl()}?a=b#c`,
    tokenUrl().replace("https://localhost", "HTTPS://LOCALHOST"),
    tokenUrl().replace("/oauth2/", "/x/../oauth2/"),
  ]) {
    expect((await redeem(proof({ htu }))).status).toBe(200);
  }
});

describe.each(engines)("on %s", (engine) => {
  test("a proof counts once, at whichever of two servers, however many come at once", async () => {
    const place = await migratedPlace(engine);
    const first = await testApp({ place });
    const second = await testApp({ place, vault: first.context.vault });
    try {
      const pool = await oauthPool(first, { clientExtensions: { dpop: "on" } });
      const ada = await testUser(first, pool.pool);
      const bound = { user: ada, scope: "openid", dpopJkt: key.jkt };
      const { accessToken } = await grantedTokens(first, pool, bound);
      const dpop = key.proof({
        ...{ nowMs: first.clock.now(), htm: "GET", accessToken },
        htu: endpointUrl(pool, "/oauth2/userInfo"),
      });
      const ask = async ({ app: server }: TestApp) => {
        const url = `/${pool.pool.id}/oauth2/userInfo`;
        const headers = { authorization: `DPoP ${accessToken}`, dpop };
        return (await server.inject({ method: "GET", url, headers })).statusCode;
      };
      const both = [first, second];
      const answers = await Promise.all([...both, ...both, ...both, ...both].map(ask));
      expect(answers.sort()).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
      expect(await ask(second)).toBe(401);
    } finally {
      await first.close();
      await second.close();
    }
  });
});

test("the jti of one key is not that of another", async () => {
  const jti = "the-same";
  expect((await redeem(proof({ payload: { jti } }))).status).toBe(200);
  expect(await redeem(proof({ payload: { jti } }))).toMatchObject(badProof);
  expect((await redeem(proof({ payload: { jti } }, dpopKey()))).status).toBe(200);
});

test("a code that was asked for with dpop_jkt is for that key alone", async () => {
  const asked = { dpop_jkt: key.jkt };
  expect(await redeem(proof({}, dpopKey()), {}, asked)).toMatchObject(badGrant);
  expect(await redeem(undefined, {}, asked)).toMatchObject(badGrant);
  expect((await redeem(proof(), {}, asked)).status).toBe(200);
  const visit = await testBrowser(app).get(authorizeUrl(home, { dpop_jkt: "short" }));
  expect(answerIn(visit).get("error")).toBe("invalid_request");
});

test("refresh tokens are for the key that the first tokens are bound to", async () => {
  const { body } = await redeem(proof());
  expect(await refresh(body.refresh_token)).toMatchObject(badGrant);
  expect(await refresh(body.refresh_token, proof({}, dpopKey()))).toMatchObject(badGrant);
  const renewed = await refresh(body.refresh_token, proof());
  expect(renewed).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  expect(parseJws(renewed.body.access_token)?.payload["cnf"]).toEqual({ jkt: key.jkt });
});

test("the API refreshes no bound tokens, and takes none of them for a caller", async () => {
  const scope = "openid aws.cognito.signin.user.admin";
  const { body } = await redeem(proof(), {}, { scope });
  const AccessToken = body.access_token;
  await expect(app.client.send(new GetUserCommand({ AccessToken }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid Access Token",
  });
  const answer = await app.app.inject({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    payload: JSON.stringify({
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: home.client.id,
      AuthParameters: { REFRESH_TOKEN: body.refresh_token },
    }),
  });
  expect(answer.json().__type).toBe("NotAuthorizedException");
});

test("where DPoP is required, refresh tokens of other sign-ins and the implicit grant give nothing", async () => {
  await start({ dpop: "required" });
  const { refresh: unbound } = await tokensOf(app, home);
  expect(await refresh(unbound, proof())).toMatchObject(badGrant);
  const implicit = { allowedFlows: ["code", "implicit"] as const };
  const oauth = { ...home.client.settings.oauth, ...implicit };
  home = await oauthPool(app, { client: { oauth }, clientExtensions: { dpop: "required" } });
  const visit = await testBrowser(app).get(authorizeUrl(home, { response_type: "token" }));
  expect(answerIn(visit).get("error")).toBe("unauthorized_client");
});

describe("userInfo", () => {
  const bound = async (by = key) =>
    (await grantedTokens(app, home, { user, scope: "openid", dpopJkt: by.jkt })).accessToken;

  test("takes no bound token as a bearer, with or without a proof", async () => {
    const token = await bound();
    const authorization = `Bearer ${token}`;
    const refused = { status: 401, body: { error: "invalid_token" } };
    expect(await userInfo({ authorization })).toMatchObject(refused);
    expect(await userInfo({ authorization, dpop: infoProof(token) })).toMatchObject(refused);
  });

  test("takes no bearer token under the name of DPoP", async () => {
    const { accessToken } = await grantedTokens(app, home, { user, scope: "openid" });
    const headers = { authorization: `DPoP ${accessToken}`, dpop: infoProof(accessToken) };
    expect(await userInfo(headers)).toMatchObject({
      status: 401,
      body: { error: "invalid_token" },
    });
  });

  test("refuses a proof by another key, for another token, or none, and says what it takes", async () => {
    const token = await bound();
    const authorization = `DPoP ${token}`;
    const otherKey = await userInfo({ authorization, dpop: infoProof(token, {}, dpopKey()) });
    expect(otherKey).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    const badProofs = [
      infoProof(await bound()),
      infoProof(token, { payload: { ath: undefined } }),
      infoProof(token, { payload: { ath: sha256(`${token} `) } }),
      infoProof(token, { htm: "POST" }),
      proof({ htm: "GET", accessToken: token }),
    ];
    for (const dpop of badProofs) {
      const answer = await userInfo({ authorization, dpop });
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_dpop_proof" } });
    }
    const none = await userInfo({ authorization });
    expect(none).toMatchObject({ status: 401, body: { error: "invalid_dpop_proof" } });
    expect(none.headers["www-authenticate"]).toMatch(
      /^DPoP realm=".+", algs="RS256 PS256 ES256 EdDSA Ed25519", error="invalid_dpop_proof", /,
    );
  });
});

describe("nonces", () => {
  test("a hardened client is given one, and takes the next from every answer", async () => {
    await start({ dpop: "on", profile: "hardened" });
    const first = await redeem(proof());
    expect(first).toMatchObject({ status: 400, body: { error: "use_dpop_nonce" } });
    const nonce = String(first.headers["dpop-nonce"]);
    expect(first.headers["access-control-expose-headers"]).toMatch(/(^|,)dpop-nonce(,|$)/);
    const second = await redeem(proof({ nonce }));
    expect(second.status).toBe(200);
    expect(second.headers["dpop-nonce"]).toMatch(/^[\w-]{43}$/);
  });

  test("one is good for a while, at this pool, and only as it was given", async () => {
    await start({ dpop: "on", profile: "hardened" });
    const nonce = String((await redeem(proof())).headers["dpop-nonce"]);
    const asked = { status: 400, body: { error: "use_dpop_nonce" } };
    expect(await redeem(proof({ nonce: `${nonce}x` }))).toMatchObject(asked);
    expect(await redeem(proof({ payload: { nonce: [nonce] } }))).toMatchObject(asked);
    app.clock.advance(5 * 60_000);
    expect((await redeem(proof({ nonce }))).status).toBe(200);
    app.clock.advance(5 * 60_000);
    expect(await redeem(proof({ nonce }))).toMatchObject(asked);
    const here = String((await redeem(proof())).headers["dpop-nonce"]);
    await start({ dpop: "on", profile: "hardened" });
    expect(await redeem(proof({ nonce: here }))).toMatchObject(asked);
  });

  test("where none is asked for, one that is not ours is refused all the same", async () => {
    const first = await redeem(proof({ nonce: "mine" }));
    expect(first).toMatchObject({ status: 400, body: { error: "use_dpop_nonce" } });
    expect(first.headers["dpop-nonce"]).toMatch(/^[\w-]{43}$/);
    const second = await redeem(proof());
    expect(second.status).toBe(200);
    expect(second.headers["dpop-nonce"]).toBeUndefined();
  });

  test("userInfo of a hardened pool asks for one too", async () => {
    const extensions = { profile: "hardened" } as const;
    home = await oauthPool(app, { extensions, clientExtensions: { dpop: "on" } });
    user = await testUser(app, home.pool);
    const given = { user, scope: "openid", dpopJkt: key.jkt };
    const { accessToken } = await grantedTokens(app, home, given);
    const authorization = `DPoP ${accessToken}`;
    const first = await userInfo({ authorization, dpop: infoProof(accessToken) });
    expect(first).toMatchObject({ status: 401, body: { error: "use_dpop_nonce" } });
    expect(first.headers["www-authenticate"]).toMatch(/^DPoP .*error="use_dpop_nonce"/);
    const nonce = String(first.headers["dpop-nonce"]);
    const second = await userInfo({ authorization, dpop: infoProof(accessToken, { nonce }) });
    expect(second.status).toBe(200);
  });
});

test("the trail tells of refused proofs without their words", async () => {
  const dpop = proof({ htm: "GET" });
  await redeem(dpop);
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "Token_POST");
  expect(rows).toMatchObject([{ errorCode: "invalid_dpop_proof" }]);
  expect(JSON.stringify(await app.auditEvents())).not.toContain(dpop.slice(0, 40));
});
