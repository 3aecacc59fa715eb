/** aws-jwt-verify: whoever receives our tokens checks them with what they have. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestJson } from "./harness/request.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

afterAll(stopAll);

async function tokensOfNewPool(server: Server) {
  const client = server.client();
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: "verified" }));
  const UserPoolId = UserPool?.Id ?? "";
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  const ClientId = UserPoolClient?.ClientId ?? "";
  await client.send(
    new AdminCreateUserCommand({ UserPoolId, Username: "ada", MessageAction: "SUPPRESS" }),
  );
  await client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username: "ada",
      Password: password,
      Permanent: true,
    }),
  );
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId,
      AuthParameters: { USERNAME: "ada", PASSWORD: password },
    }),
  );
  return {
    UserPoolId,
    ClientId,
    access: AuthenticationResult?.AccessToken ?? "",
    id: AuthenticationResult?.IdToken ?? "",
  };
}

/** The same token with one letter of its signature changed. */
function bent(token: string): string {
  const at = token.length - 10;
  return `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
}

describe("with our own issuer", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
    trust(server);
  });

  test("a verifier of the issuer fetches the keys and accepts both tokens, and nothing bent", async () => {
    const { UserPoolId, ClientId, access, id } = await tokensOfNewPool(server);
    const verifierOf = (tokenUse: "access" | "id") =>
      JwtVerifier.create({
        issuer: `${server.url}/${UserPoolId}`,
        audience: null,
        customJwtCheck: ({ payload }) =>
          validateCognitoJwtFields(payload, { tokenUse, clientId: ClientId }),
      });
    expect(await verifierOf("access").verify(access)).toMatchObject({ username: "ada" });
    expect(await verifierOf("id").verify(id)).toMatchObject({ "cognito:username": "ada" });
    await expect(verifierOf("access").verify(id)).rejects.toThrow();
    await expect(verifierOf("access").verify(bent(access))).rejects.toThrow();
  });
});

describe("with AWS's issuer", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ env: { POOLHOUSE_ISSUER_MODE: "aws" } });
    trust(server);
  });

  test("CognitoJwtVerifier accepts both tokens by keys that it was given, and nothing bent", async () => {
    const { UserPoolId, ClientId, access, id } = await tokensOfNewPool(server);
    const jwks = await requestJson<{ keys: never[] }>(
      `${server.url}/${UserPoolId}/.well-known/jwks.json`,
      { ca: server.ca },
    );
    for (const [tokenUse, token] of [
      ["access", access],
      ["id", id],
    ] as const) {
      const verifier = CognitoJwtVerifier.create({
        userPoolId: UserPoolId,
        clientId: ClientId,
        tokenUse,
      });
      verifier.cacheJwks(jwks);
      await expect(verifier.verify(token)).resolves.toMatchObject({
        iss: `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`,
      });
      await expect(verifier.verify(bent(token))).rejects.toThrow();
    }
  });
});
