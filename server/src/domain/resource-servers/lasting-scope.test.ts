import { GetTokensFromRefreshTokenCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import { claimsOf } from "../../testing/sign-in.ts";
import type { Call } from "../call.ts";
import { type IssuedTokens, prepareFamily } from "../tokens/issue.ts";
import type { User } from "../users/user.ts";
import { createResourceServer, deleteResourceServer, updateResourceServer } from "./change.ts";

let app: TestApp;
let home: TestPool;
let user: User;
let call: Call;
beforeEach(async () => {
  app = await testApp();
  // Both ways to refresh are the same rule.
  home = await testPool(app, { client: { explicitAuthFlows: [], enableTokenRevocation: true } });
  user = await testUser(app, home.pool);
  call = testCall(app);
  await createResourceServer(call, home.pool, orders("read", "write"));
});
afterEach(() => app.close());

const orders = (...names: string[]) => ({
  identifier: "orders",
  name: "Orders",
  scopes: names.map((name) => ({ name, description: name })),
});

/** The tokens of an OAuth grant of this scope. */
async function grant(scope: string): Promise<IssuedTokens> {
  const family = await prepareFamily(call, {
    ...home,
    user,
    grant: {
      authTimeMs: call.clock.now(),
      scope,
      loginSessionId: "login",
      resource: null,
      dpopJkt: null,
    },
  });
  await call.change((trx) => family.store(trx));
  return family.tokens;
}

async function refresh({ refreshToken: RefreshToken }: IssuedTokens) {
  const input = { RefreshToken, ClientId: home.client.id };
  const answer = await app.client.send(new GetTokensFromRefreshTokenCommand(input));
  return answer.AuthenticationResult?.AccessToken ?? "";
}

const scopeOf = (token: string) => claimsOf(token)["scope"];

test("a token has the scopes that there are", async () => {
  const tokens = await grant("openid orders/read orders/write");
  expect(scopeOf(tokens.accessToken)).toBe("openid orders/read orders/write");
  expect(scopeOf(await refresh(tokens))).toBe("openid orders/read orders/write");
});

test("a scope that is lost is in no token from then on, be it granted before or refreshed", async () => {
  const tokens = await grant("openid orders/read orders/write");
  await updateResourceServer(call, home.pool, orders("read"));
  expect(scopeOf(await refresh(tokens))).toBe("openid orders/read");
  expect(scopeOf((await grant("openid orders/write")).accessToken)).toBe("openid");
  await deleteResourceServer(call, home.pool, "orders");
  expect(scopeOf(await refresh(tokens))).toBe("openid");
});

test("where no scope is left there is no token", async () => {
  const tokens = await grant("orders/read");
  await deleteResourceServer(call, home.pool, "orders");
  await expect(refresh(tokens)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid Refresh Token",
  });
  await expect(grant("orders/read")).rejects.toMatchObject({ code: "invalid_grant" });
});

test("a scope of another pool counts for nothing", async () => {
  const { pool: other } = await testPool(app);
  await createResourceServer(call, other, { ...orders("read"), identifier: "stock" });
  expect(scopeOf((await grant("openid stock/read")).accessToken)).toBe("openid");
});
