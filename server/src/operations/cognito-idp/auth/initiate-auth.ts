import type {
  InitiateAuthCommandInput,
  InitiateAuthCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { beginSignIn } from "../../../domain/auth/flows.ts";
import { loadClient } from "../../../domain/clients/client.ts";
import { required } from "../../../protocol/checks.ts";
import { toAuthAnswer } from "../auth-outcome.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  AuthFlowType,
  AuthParametersType,
  ClientIdType,
  ClientMetadataType,
  SessionType,
  UserContextDataType,
} from "../shapes.ts";

/** Begins the sign-in of a user at their own device. */
export const InitiateAuth: CognitoOperation<InitiateAuthCommandInput, InitiateAuthCommandOutput> = {
  caller: "public",
  input: {
    AuthFlow: required(AuthFlowType),
    AuthParameters: AuthParametersType,
    ClientMetadata: ClientMetadataType,
    ClientId: required(ClientIdType),
    AnalyticsMetadata: AnalyticsMetadataType,
    UserContextData: UserContextDataType,
    Session: SessionType,
  },
  async handle(call, input) {
    const { pool, client } = await loadClient(call, input.ClientId);
    const outcome = await beginSignIn(
      call,
      { pool, client, admin: false, validationData: input.ClientMetadata },
      {
        flow: input.AuthFlow,
        parameters: input.AuthParameters ?? {},
        ...(input.Session === undefined ? {} : { session: input.Session }),
      },
    );
    return toAuthAnswer(outcome);
  },
};
