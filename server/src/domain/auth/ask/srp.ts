/** PASSWORD_VERIFIER: the password never leaves the device; the answer proves that it is known there. */
import { invalidParameter } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import type { UserPool } from "../../pools/pool.ts";
import { foldKey } from "../../users/fold-key.ts";
import { srpVerifierPlace } from "../../users/password.ts";
import { type Candidate, shownNameOf } from "../candidate.ts";
import type { SignIn } from "../sign-in.ts";
import { type SrpVerifier, simulateSrpUser, startSrp } from "../srp.ts";
import type { Asked } from "./ask.ts";

/** What PASSWORD_VERIFIER needs to check its answer; the proof is void once the password is another. */
export type SrpState = { readonly srp: string };

/** Begins SRP with whoever is named, or with a simulated user that no password proves. */
export function askForVerifier(
  call: Call,
  { pool }: SignIn,
  { candidate, srpA }: { candidate: Candidate; srpA: string },
): Asked {
  const verifier = verifierOf(call, pool, candidate);
  const started = startSrp(verifier, srpA, call.random);
  if (!started) throw invalidParameter("SRP_A is not a number of the group.");
  const secretBlock = call.random.bytes(64).toString("base64");
  const shownName = shownNameOf(call, pool, candidate);
  const state: SrpState = { srp: started.state };
  return {
    name: "PASSWORD_VERIFIER",
    parameters: {
      SALT: verifier.salt,
      SECRET_BLOCK: secretBlock,
      SRP_B: started.srpB,
      USERNAME: shownName,
      USER_ID_FOR_SRP: shownName,
    },
    state,
    secretBlock,
  };
}

/** The verifier of a user, or one that stands for nobody; both are made each time, so that neither shows by its time. */
function verifierOf(call: Call, pool: UserPool, { user, name }: Candidate): SrpVerifier {
  const secret = call.vault.derive(`simulated users of ${pool.id}`);
  const simulated = simulateSrpUser(secret, foldKey(pool, name));
  const salt = user?.srpSalt;
  const sealed = user?.srpVerifier;
  if (user && salt && sealed) {
    const verifier = call.vault.open(srpVerifierPlace(pool.id, user.id), sealed).toString("utf8");
    return { salt, verifier };
  }
  const decoy = { table: "users", column: "srp_verifier", row: "decoy" };
  call.vault.open(decoy, call.vault.seal(decoy, simulated.verifier));
  return simulated;
}
