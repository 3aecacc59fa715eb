import type { NewRow } from "../../store/schema.ts";
import type { Context } from "../context.ts";

export type TokenUse = "id" | "access";
/** What a key signs: tokens, or what a pool sends to SAML providers. */
export type KeyUse = TokenUse | "saml";

/** The place of a signing key's private half, for its envelope. */
export function signingKeyPlace(kid: string) {
  return { table: "signing_keys", column: "private_key", row: kid };
}

type NewState = "next" | "active";

/**
 * Two keys for a pool, one for ID and one for access tokens. The first ones of a pool are active from the start; `next`
 * ones are published before anything is signed with them.
 */
export async function newSigningKeys(
  context: Context,
  userPoolId: string,
  state: NewState = "active",
): Promise<NewRow<"signing_keys">[]> {
  return Promise.all([
    newSigningKey(context, { userPoolId, tokenUse: "id", state }),
    newSigningKey(context, { userPoolId, tokenUse: "access", state }),
  ]);
}

/** A key of its own id, or of the one that is given. */
export async function newSigningKey(
  context: Context,
  about: { userPoolId: string; tokenUse: KeyUse; state: NewState; kid?: string },
): Promise<NewRow<"signing_keys">> {
  const pair = await context.makeSigningKeyPair();
  // Cognito's key ids are 32 random bytes in Base64 with padding.
  const kid = about.kid ?? context.random.bytes(32).toString("base64");
  return {
    kid,
    user_pool_id: about.userPoolId,
    token_use: about.tokenUse,
    state: about.state,
    public_jwk: JSON.stringify(pair.publicJwk),
    private_key: context.vault.seal(signingKeyPlace(kid), pair.privatePem),
    created_at_ms: context.clock.now(),
    drop_at_ms: null,
  };
}
