import {
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
  type TimeUnitsType,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../../testing/sign-in.ts";

const units = ["seconds", "minutes", "hours", "days"] as const satisfies TimeUnitsType[];
const unitSeconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

const validities = {
  AccessToken: "AccessTokenValidity",
  IdToken: "IdTokenValidity",
  RefreshToken: "RefreshTokenValidity",
} as const;
type Token = keyof typeof validities;

/** Five minutes to one day; an hour to ten years (API reference, CreateUserPoolClient). */
const limits: Readonly<Record<Token, { least: number; most: number }>> = {
  AccessToken: { least: 300, most: 86_400 },
  IdToken: { least: 300, most: 86_400 },
  RefreshToken: { least: 3600, most: 315_360_000 },
};

const cases = (Object.keys(validities) as Token[]).flatMap((token) =>
  units.map((unit) => [token, unit] as const),
);

function create({ client }: TestApp, { pool }: TestPool, settings: object) {
  const command = new CreateUserPoolClientCommand({
    UserPoolId: pool.id,
    ClientName: "web",
    ...settings,
  });
  return client.send(command);
}

test.each(cases)("%s in %s lives within its limits", async (token, unit) => {
  const app = await testApp();
  const home = await testPool(app);
  const asked = (validity: number) => ({
    [validities[token]]: validity,
    TokenValidityUnits: { [token]: unit },
  });
  const least = Math.ceil(limits[token].least / unitSeconds[unit]);
  const most = limits[token].most / unitSeconds[unit];
  for (const validity of [least, most]) {
    const { UserPoolClient } = await create(app, home, asked(validity));
    expect(UserPoolClient).toMatchObject(asked(validity));
  }
  // Zero asks for thirty days of a refresh token.
  const beyond = [least - 1, most + 1].filter((each) => token !== "RefreshToken" || each > 0);
  for (const validity of beyond) {
    await expect(create(app, home, asked(validity)), `${validity}`).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  }
});

test.each([
  [{ AccessTokenValidity: 2, RefreshTokenValidity: 1 }, { RefreshToken: "hours" }],
  [
    { IdTokenValidity: 61, RefreshTokenValidity: 60 },
    { IdToken: "minutes", RefreshToken: "minutes" },
  ],
  [
    { AccessTokenValidity: 1, RefreshTokenValidity: 86_399 },
    { AccessToken: "days", RefreshToken: "seconds" },
  ],
] as const)(
  "no token outlives the refresh token: %j in %j",
  async (validity, TokenValidityUnits) => {
    const app = await testApp();
    const home = await testPool(app);
    await expect(create(app, home, { ...validity, TokenValidityUnits })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
    });
  },
);

/** A number of each unit that all limits take. */
const some = { seconds: 7200, minutes: 90, hours: 3, days: 1 };
const pairs = units.flatMap((access) => units.map((id) => [access, id] as const));

test("tokens live as long as they should, in any units together", async () => {
  const app = await testApp();
  const home = await testPool(app);
  await testUser(app, home.pool);
  for (const [AccessToken, IdToken] of pairs) {
    for (const RefreshToken of units) {
      await app.client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: home.pool.id,
          ClientId: home.client.id,
          ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
          AccessTokenValidity: some[AccessToken],
          IdTokenValidity: some[IdToken],
          RefreshTokenValidity: RefreshToken === "days" ? 3 : some[RefreshToken] * 24,
          TokenValidityUnits: { AccessToken, IdToken, RefreshToken },
        }),
      );
      const tokens = await tokensOf(app, home);
      const lifetimeOf = (token: string) => {
        const { exp, iat } = claimsOf(token);
        return Number(exp) - Number(iat);
      };
      expect(lifetimeOf(tokens.access)).toBe(some[AccessToken] * unitSeconds[AccessToken]);
      expect(lifetimeOf(tokens.id)).toBe(some[IdToken] * unitSeconds[IdToken]);
    }
  }
});

test.each(units)("a refresh token of %s is good until it is over", async (RefreshToken) => {
  const app = await testApp();
  const home = await testPool(app);
  await testUser(app, home.pool);
  const { UserPoolClient } = await create(app, home, {
    ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    RefreshTokenValidity: some[RefreshToken],
    TokenValidityUnits: { RefreshToken },
  });
  const ClientId = UserPoolClient?.ClientId ?? "";
  const client = { ...home.client, id: ClientId };
  const { refresh } = await tokensOf(app, { ...home, client });
  const again = () =>
    app.client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: refresh },
      }),
    );
  const lifetimeMs = some[RefreshToken] * unitSeconds[RefreshToken] * 1000;
  app.clock.advance(lifetimeMs - 60_000);
  await expect(again()).resolves.toBeDefined();
  app.clock.advance(60_000);
  await expect(again()).rejects.toMatchObject({ name: "NotAuthorizedException" });
});
