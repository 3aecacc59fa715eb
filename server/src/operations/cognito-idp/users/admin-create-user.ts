import type {
  AdminCreateUserCommandInput,
  AdminCreateUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { readAttributes } from "../../../domain/users/attributes.ts";
import { createUserByAdmin, resendInvitation } from "../../../domain/users/create-by-admin.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AttributeListType,
  ClientMetadataType,
  DeliveryMediumListType,
  ForceAliasCreation,
  MessageActionType,
  PasswordOrBlankType,
  UsernameType,
  UserPoolIdType,
} from "../shapes.ts";
import { userType } from "../user-type.ts";

export const AdminCreateUser: CognitoOperation<
  AdminCreateUserCommandInput,
  AdminCreateUserCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    UserAttributes: AttributeListType,
    ValidationData: AttributeListType,
    TemporaryPassword: PasswordOrBlankType,
    ForceAliasCreation,
    MessageAction: MessageActionType,
    DesiredDeliveryMediums: DeliveryMediumListType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const invitation = {
      temporaryPassword: input.TemporaryPassword || undefined,
      channels: input.DesiredDeliveryMediums?.map((medium) => channels[medium]),
    };
    if (input.MessageAction === "RESEND") {
      const user = await loadUser(call, pool, input.Username);
      return { User: userType(await resendInvitation(call, pool, { ...invitation, user })) };
    }
    const user = await createUserByAdmin(call, pool, {
      ...invitation,
      username: input.Username,
      attributes: readAttributes(input.UserAttributes),
      suppressed: input.MessageAction === "SUPPRESS",
      takeOverAliases: input.ForceAliasCreation ?? false,
      validationData: input.ValidationData && readAttributes(input.ValidationData),
    });
    return { User: userType(user) };
  },
};

const channels = { EMAIL: "email", SMS: "sms" } as const;
