/** Making a passkey: what the browser is asked for, and what it brought. */
import {
  aliasExistsAtUpdate,
  passkeyExists,
  passkeyLimitExceeded,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { insertPasskey, pagePasskeys } from "../../store/passkeys.ts";
import type { Db, NewRow } from "../../store/schema.ts";
import { passkeysAreBothFactors } from "../auth/mfa-decision.ts";
import type { UserCall } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { requireFactorForChange } from "../mfa/passed-factor.ts";
import { readableAttributes } from "../users/attributes.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { notify } from "../users/notify.ts";
import { requireSettled } from "../users/settled.ts";
import { type NewCredential, readNewCredential } from "./credential.ts";
import { friendlyName } from "./friendly-name.ts";
import { descriptorOf, maxPasskeysPerUser, passkeyFromRow } from "./passkey.ts";
import { algorithms } from "./public-key.ts";
import {
  requireRegistrationChallenge,
  storeRegistrationChallenge,
  takeRegistrationChallenge,
} from "./registration-challenge.ts";
import { type RelyingParty, requireAllowedPage, requireRelyingParty } from "./relying-party.ts";
import { userHandleOf } from "./user-handle.ts";
import { type VerifiedPasskey, verifyRegistration } from "./verify.ts";

/** Opens a registration; answers what navigator.credentials.create takes (PublicKeyCredentialCreationOptionsJSON). */
export async function startRegistration(call: UserCall, client: UserPoolClient) {
  const { pool, user } = call;
  requireSettled(user);
  const party = requireRelyingParty(call, pool);
  const rows = await pagePasskeys(call.db, {
    userPoolId: pool.id,
    userId: user.id,
    limit: maxPasskeysPerUser,
  });
  if (rows.length >= maxPasskeysPerUser) throw passkeyLimitExceeded();
  const challenge = call.random.bytes(32).toString("base64url");
  const lifetimeMs = client.settings.authSessionValidityMinutes * 60_000;
  await call.change((trx) => storeRegistrationChallenge(trx, call, { challenge, lifetimeMs }));
  return {
    rp: { id: party.id, name: party.id },
    user: { id: userHandleOf(user), ...namesOf(call, client) },
    challenge,
    pubKeyCredParams: Object.values(algorithms).map((alg) => ({ type: "public-key", alg })),
    timeout: lifetimeMs,
    excludeCredentials: rows.map((row) => descriptorOf(passkeyFromRow(row))),
    authenticatorSelection: {
      requireResidentKey: true,
      residentKey: "required",
      userVerification: party.userVerification,
    },
    attestation: "none",
  };
}

/** What the user sees when choosing among passkeys: no `sub`, and nothing that this client may not read. */
function namesOf({ user }: UserCall, client: UserPoolClient) {
  const attributes = readableAttributes(client, user.attributes);
  const { email, phone_number: phone, preferred_username: preferred } = attributes;
  const isSub = user.username === user.id;
  const name = isSub ? (email ?? phone ?? preferred ?? user.username) : user.username;
  return { name, displayName: attributes["name"] ?? name };
}

/** Ends a registration with the RegistrationResponseJSON that the browser made, and stores the passkey. */
export async function completeRegistration(call: UserCall, document: unknown): Promise<void> {
  const { pool, user } = call;
  requireSettled(user);
  const party = requireRelyingParty(call, pool);
  const credential = readNewCredential(document);
  const { clientData } = credential;
  await requireRegistrationChallenge(call, clientData.challenge);
  requireAllowedPage(party, clientData);
  const verified = await verifyRegistration(party, credential);
  call.about.more["credentialId"] = credential.id;
  await call.change(async (trx) => {
    await takeRegistrationChallenge(trx, call, clientData.challenge);
    return await store(trx, call, rowOf(call, { party, credential, verified }));
  });
}

async function store(
  trx: Db,
  call: UserCall,
  row: NewRow<"passkeys">,
): Promise<ServiceError | undefined> {
  const { pool } = call;
  const user = await readAnew(trx, pool, call.user);
  requireSettled(user);
  if (passkeysAreBothFactors(pool) && user.factors.webAuthnMfa)
    await requireFactorForChange(trx, call, user);
  const { factors } = user;
  // Returned, not thrown: the challenge is used up all the same.
  if (factors.passkeys >= maxPasskeysPerUser) return passkeyLimitExceeded();
  if (!(await insertPasskey(trx, row))) return passkeyExists();
  const change = { factors: { ...factors, passkeys: factors.passkeys + 1 } };
  await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
  await notify(trx, call, { pool, user, occasion: "factor-added" });
  return undefined;
}

function rowOf(
  call: UserCall,
  given: { party: RelyingParty; credential: NewCredential; verified: VerifiedPasskey },
): NewRow<"passkeys"> {
  const { party, credential, verified } = given;
  return {
    user_pool_id: call.pool.id,
    credential_id: credential.id,
    user_id: call.user.id,
    public_key: verified.publicKey,
    sign_count: verified.signCount,
    relying_party_id: party.id,
    friendly_name: friendlyName(verified.aaguid, credential.attachment),
    attachment: credential.attachment ?? null,
    transports: JSON.stringify(credential.transports),
    user_verified: verified.userVerified ? 1 : 0,
    backup_eligible: verified.backupEligible ? 1 : 0,
    created_at_ms: call.clock.now(),
  };
}
