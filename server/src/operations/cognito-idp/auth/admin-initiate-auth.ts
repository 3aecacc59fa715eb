import type {
  AdminInitiateAuthCommandInput,
  AdminInitiateAuthCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { beginSignIn } from "../../../domain/auth/flows.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { toAuthAnswer } from "../auth-outcome.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  AuthFlowType,
  AuthParametersType,
  ClientIdType,
  ClientMetadataType,
  ContextDataType,
  SessionType,
  UserPoolIdType,
} from "../shapes.ts";

/** Begins the sign-in of a user at a server that signs its calls. */
export const AdminInitiateAuth: CognitoOperation<
  AdminInitiateAuthCommandInput,
  AdminInitiateAuthCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    AuthFlow: required(AuthFlowType),
    AuthParameters: AuthParametersType,
    ClientMetadata: ClientMetadataType,
    AnalyticsMetadata: AnalyticsMetadataType,
    ContextData: ContextDataType,
    Session: SessionType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    const outcome = await beginSignIn(
      call,
      { pool, client, admin: true, validationData: input.ClientMetadata },
      {
        flow: input.AuthFlow,
        parameters: input.AuthParameters ?? {},
        ...(input.Session === undefined ? {} : { session: input.Session }),
      },
    );
    return toAuthAnswer(outcome);
  },
};
