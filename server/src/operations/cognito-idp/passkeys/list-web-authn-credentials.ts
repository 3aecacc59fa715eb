import type {
  ListWebAuthnCredentialsCommandInput,
  ListWebAuthnCredentialsCommandOutput,
  WebAuthnCredentialDescription,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  maxPasskeysPerUser,
  type Passkey,
  passkeyFromRow,
} from "../../../domain/passkeys/passkey.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { type PasskeyPosition, pagePasskeys } from "../../../store/passkeys.ts";
import type { CognitoOperation } from "../operation.ts";
import { PaginationKey, TokenModelType, WebAuthnCredentialsQueryLimitType } from "../shapes.ts";

export const ListWebAuthnCredentials: CognitoOperation<
  ListWebAuthnCredentialsCommandInput,
  ListWebAuthnCredentialsCommandOutput
> = {
  caller: "token",
  readOnly: true,
  input: {
    AccessToken: required(TokenModelType),
    NextToken: PaginationKey,
    MaxResults: WebAuthnCredentialsQueryLimitType,
  },
  async handle(call, input) {
    const { pool, user } = call;
    const asked = {
      list: ["ListWebAuthnCredentials", pool.id, user.id],
      token: input.NextToken,
      limit: input.MaxResults || maxPasskeysPerUser,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: PasskeyPosition | undefined, limit) =>
        pagePasskeys(call.db, { userPoolId: pool.id, userId: user.id, after, limit }),
      positionOf: (row): PasskeyPosition => [row.created_at_ms, row.credential_id],
    });
    return { Credentials: rows.map(passkeyFromRow).map(descriptionOf), NextToken: nextToken };
  },
};

function descriptionOf(passkey: Passkey): WebAuthnCredentialDescription {
  return {
    CredentialId: passkey.credentialId,
    FriendlyCredentialName: passkey.friendlyName,
    RelyingPartyId: passkey.relyingPartyId,
    AuthenticatorAttachment: passkey.attachment,
    AuthenticatorTransports: [...passkey.transports],
    CreatedAt: new Date(passkey.createdAtMs),
  };
}
