/** Passkeys of users. */
import type { PasskeyRow } from "../../store/passkeys.ts";
import type { Attachment, Transport } from "./credential.ts";

export type Passkey = {
  /** Base64url, as the authenticator chose it. */
  readonly credentialId: string;
  readonly friendlyName: string;
  readonly relyingPartyId: string;
  readonly attachment: Attachment | undefined;
  readonly transports: readonly Transport[];
  readonly createdAtMs: number;
};

/** AWS's quota of passkeys a user may have. */
export const maxPasskeysPerUser = 20;

export function passkeyFromRow(row: PasskeyRow): Passkey {
  return {
    credentialId: row.credential_id,
    friendlyName: row.friendly_name,
    relyingPartyId: row.relying_party_id,
    // Both were read by readNewCredential.
    attachment: (row.attachment as Attachment | null) ?? undefined,
    transports: JSON.parse(row.transports) as Transport[],
    createdAtMs: row.created_at_ms,
  };
}

/** How options for browsers name a passkey (PublicKeyCredentialDescriptorJSON). */
export function descriptorOf({ credentialId, transports }: Passkey) {
  return { type: "public-key", id: credentialId, transports: [...transports] };
}
