import type {
  SignUpCommandInput,
  SignUpCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { offerSignUpSession } from "../../../domain/auth/sign-up-session.ts";
import { loadClient, requireSecretHash } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
import { readAttributes } from "../../../domain/users/attributes.ts";
import { signUp } from "../../../domain/users/sign-up.ts";
import { required } from "../../../protocol/checks.ts";
import { codeDeliveryDetails } from "../code-delivery.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  AttributeListType,
  ClientIdType,
  ClientMetadataType,
  PasswordOrBlankType,
  SecretHashType,
  UserContextDataType,
  UsernameType,
} from "../shapes.ts";

/** Registers a user, who is unconfirmed until the code that is sent comes back. */
export const SignUp: CognitoOperation<SignUpCommandInput, SignUpCommandOutput> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    SecretHash: SecretHashType,
    Username: required(UsernameType),
    Password: PasswordOrBlankType,
    UserAttributes: AttributeListType,
    ValidationData: AttributeListType,
    AnalyticsMetadata: AnalyticsMetadataType,
    UserContextData: UserContextDataType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const at = await loadClient(call, input.ClientId);
    checkSourceAddress(call, at);
    const { Username: username } = input;
    const password = input.Password || undefined;
    requireSecretHash(call, at.client, { secretHash: input.SecretHash, names: [username] });
    const attributes = readAttributes(input.UserAttributes);
    const validationData = input.ValidationData && readAttributes(input.ValidationData);
    const given = { username, password, attributes, validationData };
    const { user, target } = await signUp(call, at, given);
    const session = await offerSignUpSession(call, at, user);
    return {
      ...(session === undefined ? {} : { Session: session }),
      UserConfirmed: user.status === "CONFIRMED",
      UserSub: user.id,
      ...(target ? { CodeDeliveryDetails: codeDeliveryDetails(target) } : {}),
    };
  },
};
