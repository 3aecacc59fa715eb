import type {
  AdminRespondToAuthChallengeCommandInput,
  AdminRespondToAuthChallengeCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { answerChallenge } from "../../../domain/auth/flows.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { toAuthAnswer } from "../auth-outcome.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  ChallengeNameType,
  ChallengeResponsesType,
  ClientIdType,
  ClientMetadataType,
  ContextDataType,
  SessionType,
  UserPoolIdType,
} from "../shapes.ts";

/** Goes on with a sign-in that a server of the app's owner conducts. */
export const AdminRespondToAuthChallenge: CognitoOperation<
  AdminRespondToAuthChallengeCommandInput,
  AdminRespondToAuthChallengeCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    ChallengeName: required(ChallengeNameType),
    ChallengeResponses: ChallengeResponsesType,
    Session: SessionType,
    AnalyticsMetadata: AnalyticsMetadataType,
    ContextData: ContextDataType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    const outcome = await answerChallenge(
      call,
      { pool, client, admin: true, clientMetadata: input.ClientMetadata },
      {
        name: input.ChallengeName,
        parameters: input.ChallengeResponses ?? {},
        ...(input.Session === undefined ? {} : { session: input.Session }),
      },
    );
    return toAuthAnswer(outcome);
  },
};
