/** Somebody at a client, who begins sign-ins and answers what is asked, for tests of the machine. */
import {
  type AuthFlowType,
  type ChallengeNameType,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import type { TestApp } from "./app.ts";
import { type TestPool, testCall } from "./pools.ts";

/** A challenge, as far as its answer must name it. */
export type AskedOf = {
  readonly ChallengeName?: ChallengeNameType | undefined;
  readonly Session?: string | undefined;
};

export type Person = ReturnType<typeof personAt>;

/** Whoever types this name into the client of this pool. */
export function personAt({ client: sdk }: TestApp, { client }: TestPool, USERNAME = "ada") {
  return {
    /** InitiateAuth, USER_AUTH unless told otherwise. */
    begin(
      parameters: Record<string, string> = {},
      { flow = "USER_AUTH", session }: { flow?: AuthFlowType; session?: string | undefined } = {},
    ) {
      return sdk.send(
        new InitiateAuthCommand({
          AuthFlow: flow,
          ClientId: client.id,
          AuthParameters: { USERNAME, ...parameters },
          Session: session,
        }),
      );
    },
    /** RespondToAuthChallenge. */
    answer({ ChallengeName, Session }: AskedOf, responses: Record<string, string> = {}) {
      return sdk.send(
        new RespondToAuthChallengeCommand({
          ...{ ClientId: client.id, ChallengeName, Session },
          ChallengeResponses: { USERNAME, ...responses },
        }),
      );
    },
  };
}

/** The same pool by another client, which has the settings of the first. */
export async function otherClientOf(app: TestApp, { pool, client }: TestPool): Promise<TestPool> {
  const { settings } = client;
  return { pool, client: await createClient(testCall(app), pool, { name: "other", settings }) };
}

/** What an answer with tokens looks like. */
export const withTokens = { AuthenticationResult: { AccessToken: expect.any(String) as string } };

const notAuthorized = (message: string) => ({ name: "NotAuthorizedException", message });

/** How sign-ins are refused. */
export const refusals = {
  wrong: notAuthorized("Incorrect username or password."),
  locked: notAuthorized("Password attempts exceeded"),
  disabled: notAuthorized("User is disabled."),
  session: notAuthorized("Invalid session for the user."),
  sessionUsed: notAuthorized("Invalid session for the user, session can only be used once."),
  sessionExpired: notAuthorized("Invalid session for the user, session is expired."),
  code: {
    name: "CodeMismatchException",
    message: "Invalid verification code provided, please try again.",
  },
  smsCode: {
    name: "CodeMismatchException",
    message: "Invalid code or auth state for the user.",
  },
  totp: { name: "CodeMismatchException", message: "Invalid code received for user" },
  totpUsed: {
    name: "ExpiredCodeException",
    message: "Your software token has already been used once.",
  },
} as const;
