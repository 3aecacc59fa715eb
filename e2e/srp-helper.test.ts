/** cognito-srp-helper with the AWS SDK v3: SRP by somebody else's arithmetic. */
import {
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  createSrpSession,
  signSrpSession,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from "cognito-srp-helper";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterAll(stopAll);

async function signIn(username: string, given: string) {
  const client = server.client();
  const session = createSrpSession(username, given, demo.userPoolId, false);
  const started = await client.send(
    new InitiateAuthCommand(
      wrapInitiateAuth(session, {
        ClientId: demo.webClientId,
        AuthFlow: "USER_SRP_AUTH" as const,
        AuthParameters: { CHALLENGE_NAME: "SRP_A", USERNAME: username },
      }),
    ),
  );
  const { ChallengeParameters = {} } = started;
  const signed = signSrpSession(session, { ChallengeParameters });
  return client.send(
    new RespondToAuthChallengeCommand(
      wrapAuthChallenge(signed, {
        ClientId: demo.webClientId,
        ChallengeName: "PASSWORD_VERIFIER" as const,
        ChallengeResponses: { USERNAME: username },
      }),
    ),
  );
}

test("the right password gives tokens, every time", async () => {
  const username = await makeUser(server);
  for (let n = 0; n < 8; n++) {
    expect((await signIn(username, password)).AuthenticationResult?.IdToken).toBeDefined();
  }
});

test("a wrong one never does, nor the right one of an unknown name", async () => {
  const username = await makeUser(server);
  for (const wrong of [`${password}x`, password.slice(1), ""]) {
    await expect(signIn(username, wrong)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    });
  }
  await expect(signIn("nobody@example.com", password)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
});
