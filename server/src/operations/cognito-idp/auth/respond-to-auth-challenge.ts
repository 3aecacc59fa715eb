import type {
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { answerChallenge } from "../../../domain/auth/flows.ts";
import { loadClient } from "../../../domain/clients/client.ts";
import { required } from "../../../protocol/checks.ts";
import { toAuthAnswer } from "../auth-outcome.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  ChallengeNameType,
  ChallengeResponsesType,
  ClientIdType,
  ClientMetadataType,
  SessionType,
  UserContextDataType,
} from "../shapes.ts";

/** Goes on with a sign-in that asked for something. */
export const RespondToAuthChallenge: CognitoOperation<
  RespondToAuthChallengeCommandInput,
  RespondToAuthChallengeCommandOutput
> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    ChallengeName: required(ChallengeNameType),
    Session: SessionType,
    ChallengeResponses: ChallengeResponsesType,
    AnalyticsMetadata: AnalyticsMetadataType,
    UserContextData: UserContextDataType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const { pool, client } = await loadClient(call, input.ClientId);
    const outcome = await answerChallenge(
      call,
      { pool, client, admin: false, clientMetadata: input.ClientMetadata },
      {
        name: input.ChallengeName,
        parameters: input.ChallengeResponses ?? {},
        ...(input.Session === undefined ? {} : { session: input.Session }),
      },
    );
    return toAuthAnswer(outcome);
  },
};
