/** Signing in with a passkey: what the browser is asked for, and whether what it signed proves the user. */

import { webAuthnConfigurationMissing } from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import { findPasskey, pagePasskeys, recordPasskeySignature } from "../../store/passkeys.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { type ClientInPool, preventsUserExistenceErrors } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { type Assertion, readAssertion } from "./credential.ts";
import { descriptorOf, maxPasskeysPerUser, passkeyFromRow } from "./passkey.ts";
import { isAllowedPage, relyingPartyOf } from "./relying-party.ts";
import { userHandleOf } from "./user-handle.ts";
import { verifyAssertion } from "./verify.ts";

/** A passkey that signed for its user, until the transaction that counts it. */
export type PasskeyUse = {
  readonly userId: string;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly newSignCount: number;
  /** Whether the authenticator made sure of its user, by PIN or body, and so stands for two factors. */
  readonly userVerified: boolean;
};

/**
 * What CREDENTIAL_REQUEST_OPTIONS holds: JSON of what navigator.credentials.get takes. The user's passkeys are named unless
 * the client hides who exists: then nobody's are, and since all passkeys made here are discoverable the browser finds them
 * by itself (WebAuthn Level 3 §14.6.2, §14.6.3). Throws WebAuthnConfigurationMissingException where this pool has no
 * relying party.
 */
export async function makeAuthentication(
  call: Call,
  { pool, client }: ClientInPool,
  { user, challenge }: { user: User | undefined; challenge: string },
): Promise<string> {
  const party = relyingPartyOf(call, pool);
  if (!party) throw webAuthnConfigurationMissing();
  const isNamed = user !== undefined && !preventsUserExistenceErrors(client);
  return JSON.stringify({
    challenge,
    timeout: client.settings.authSessionValidityMinutes * 60_000,
    rpId: party.id,
    allowCredentials: isNamed ? await descriptorsOf(call, { user, relyingPartyId: party.id }) : [],
    userVerification: party.userVerification,
  });
}

async function descriptorsOf(
  call: Call,
  { user, relyingPartyId }: { user: User; relyingPartyId: string },
) {
  const key = { userPoolId: user.userPoolId, userId: user.id };
  const rows = await pagePasskeys(call.db, { ...key, limit: maxPasskeysPerUser });
  return rows
    .map(passkeyFromRow)
    .filter((passkey) => passkey.relyingPartyId === relyingPartyId)
    .map(descriptorOf);
}

/**
 * Whether an AuthenticationResponseJSON proves the user: a passkey of theirs signed the challenge on a page of the relying
 * party. Undefined when it does not, for whatever reason. It counts only once `recordPasskeyUse` took it.
 */
export async function verifyAuthentication(
  call: Call,
  pool: UserPool,
  given: { user: User | undefined; expectedChallenge: string; credential: string },
): Promise<PasskeyUse | undefined> {
  const { user, expectedChallenge } = given;
  const party = relyingPartyOf(call, pool);
  const assertion = readOrNothing(given.credential);
  if (!party || !assertion || !isAllowedPage(party, assertion.clientData)) return undefined;
  const passkey = await findPasskey(call.db, { userPoolId: pool.id, credentialId: assertion.id });
  const isOwn =
    passkey !== undefined &&
    passkey.user_id === user?.id &&
    passkey.relying_party_id === party.id &&
    [undefined, userHandleOf(user)].includes(assertion.userHandle);
  if (!isOwn) return undefined;
  const verified = await verifyAssertion(party, passkey, { assertion, expectedChallenge });
  return (
    verified && {
      userId: user.id,
      credentialId: passkey.credential_id,
      publicKey: passkey.public_key,
      newSignCount: verified.signCount,
      userVerified: verified.userVerified,
    }
  );
}

/** The user whose passkey a credential names; nothing of it is proved yet. */
export async function ownerOfPasskey(
  call: Call,
  pool: UserPool,
  credential: string,
): Promise<User | undefined> {
  const assertion = readOrNothing(credential);
  const key = assertion && { userPoolId: pool.id, credentialId: assertion.id };
  const passkey = key && (await findPasskey(call.db, key));
  return passkey && (await findUserBySub(call.db, pool, passkey.user_id));
}

function readOrNothing(credential: string): Assertion | undefined {
  try {
    return readAssertion(credential);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/**
 * Counts a signature in the transaction that takes its challenge; false, and then it proves nothing, when the passkey was
 * removed meanwhile or its counter did not go on, which tells of a copy.
 */
export async function recordPasskeyUse(
  trx: Db,
  call: Call,
  { pool, use }: { pool: UserPool; use: PasskeyUse },
): Promise<boolean> {
  return await recordPasskeySignature(trx, {
    userPoolId: pool.id,
    userId: use.userId,
    credentialId: use.credentialId,
    publicKey: use.publicKey,
    signCount: use.newSignCount,
    nowMs: call.clock.now(),
  });
}
