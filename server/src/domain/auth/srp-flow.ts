/** USER_SRP_AUTH: the password never leaves the device; PASSWORD_VERIFIER proves that it is known there. */
import { invalidParameter, invalidSession } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { requireSecretHash } from "../clients/client.ts";
import { srpPoolName, type UserPool } from "../pools/pool.ts";
import { findUser, findUserBySub } from "../users/find.ts";
import { foldKey } from "../users/fold-key.ts";
import { srpVerifierPlace } from "../users/password.ts";
import type { User } from "../users/user.ts";
import { afterPassword } from "./after-password.ts";
import { type Candidate, candidateOf, findCandidate, nobody, proveCandidate } from "./candidate.ts";
import { type Challenge, loadChallenge, prepareChallenge, takeOpenChallenge } from "./challenge.ts";
import {
  type Outcome,
  type Parameters,
  requireParameter,
  requireUsername,
  type SignIn,
} from "./sign-in.ts";
import { type SrpVerifier, simulateSrpUser, startSrp, verifySrpSignature } from "./srp.ts";
import { parseSrpTimestamp } from "./srp-timestamp.ts";

/** What PASSWORD_VERIFIER needs to check its answer. */
type SrpState = {
  readonly srp: string;
  readonly userIdForSrp: string;
  /** The proof is void once the password is another. */
  readonly passwordHash: string | null;
};

/** Begins SRP with whoever is named, or with a simulated user that no password proves. */
export async function startSrpFlow(
  call: Call,
  signIn: SignIn,
  parameters: Parameters,
): Promise<Outcome> {
  const { pool, client } = signIn;
  const name = requireUsername(parameters);
  const srpA = requireParameter(parameters, "SRP_A");
  requireSecretHash(call, client, {
    secretHash: parameters["SECRET_HASH"],
    names: [name],
    auth: true,
  });
  const candidate = await findCandidate(call, signIn, name);
  const { verifier, userIdForSrp } = verifierOf(call, pool, candidate);
  const started = startSrp(verifier, srpA, call.random);
  if (!started) throw invalidParameter("SRP_A is not a number of the group.");
  const secretBlock = call.random.bytes(64).toString("base64");
  const state: SrpState = {
    srp: started.state,
    userIdForSrp,
    passwordHash: candidate.user?.passwordHash ?? null,
  };
  const challenge = prepareChallenge(call, signIn, {
    name: "PASSWORD_VERIFIER",
    userId: candidate.user?.id,
    username: name,
    state,
    secretBlock,
  });
  call.about.more["challengeName"] = "PASSWORD_VERIFIER";
  await call.change((trx) => challenge.store(trx));
  return {
    challenge: {
      name: "PASSWORD_VERIFIER",
      session: challenge.session,
      parameters: {
        SALT: verifier.salt,
        SECRET_BLOCK: secretBlock,
        SRP_B: started.srpB,
        USERNAME: userIdForSrp,
        USER_ID_FOR_SRP: userIdForSrp,
      },
    },
  };
}

/** The verifier of a user, or one that stands for nobody; both are made each time, so that neither shows by its time. */
function verifierOf(
  call: Call,
  pool: UserPool,
  { user, name }: Candidate,
): { verifier: SrpVerifier; userIdForSrp: string } {
  const secret = call.vault.derive(`simulated users of ${pool.id}`);
  const simulated = simulateSrpUser(secret, foldKey(pool, name));
  const salt = user?.srpSalt;
  const sealed = user?.srpVerifier;
  if (user && salt && sealed) {
    const verifier = call.vault.open(srpVerifierPlace(pool.id, user.id), sealed).toString("utf8");
    return { verifier: { salt, verifier }, userIdForSrp: user.username };
  }
  const decoy = { table: "users", column: "srp_verifier", row: "decoy" };
  call.vault.open(decoy, call.vault.seal(decoy, simulated.verifier));
  return {
    verifier: simulated,
    userIdForSrp: user?.username ?? nameOfNobody(pool, { name, simulated }),
  };
}

/** What the pool would call a user of this name: the name itself, or an id where names are only ways to find one. */
function nameOfNobody(
  pool: UserPool,
  { name, simulated }: { name: string; simulated: { userId: string } },
): string {
  const { usernameAttributes = [], aliasAttributes = [] } = pool.settings;
  const isAlias = aliasAttributes.length > 0 && /[@+]/.test(name);
  return usernameAttributes.length > 0 || isAlias ? simulated.userId : name;
}

/** Checks the answer to PASSWORD_VERIFIER; right or wrong, the challenge is used up. */
export async function answerPasswordVerifier(
  call: Call,
  signIn: SignIn,
  given: { session?: string; responses: Parameters },
): Promise<Outcome> {
  const { responses } = given;
  const { pool, client } = signIn;
  const name = requireUsername(responses);
  const signature = requireParameter(responses, "PASSWORD_CLAIM_SIGNATURE");
  const secretBlock = requireParameter(responses, "PASSWORD_CLAIM_SECRET_BLOCK");
  const timestamp = requireParameter(responses, "TIMESTAMP");
  if (!parseSrpTimestamp(timestamp)) {
    throw invalidParameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
  }
  const session = given.session === undefined ? {} : { session: given.session };
  const challenge = await loadChallenge<SrpState>(call, signIn, {
    name: "PASSWORD_VERIFIER",
    handle: { ...session, secretBlock },
  });
  const candidate = await candidateOfChallenge(call, pool, { challenge, name });
  requireSecretHash(call, client, {
    secretHash: responses["SECRET_HASH"],
    names: [name, challenge.username, challenge.state.userIdForSrp],
    auth: true,
  });
  await takeOpenChallenge(call.db, call, challenge);
  const { srp, userIdForSrp, passwordHash } = challenge.state;
  const user = await proveCandidate(call, pool, {
    candidate,
    async isProved() {
      const isSigned = verifySrpSignature(srp, {
        poolName: srpPoolName(pool),
        userIdForSrp,
        secretBlock: Buffer.from(secretBlock, "base64"),
        timestamp,
        signature,
      });
      return isSigned && candidate.user?.passwordHash === passwordHash;
    },
  });
  return afterPassword(call, signIn, { user });
}

/** Whom the challenge was opened for; the answer may name them as it was typed or as the pool calls them. */
async function candidateOfChallenge(
  call: Call,
  pool: UserPool,
  { challenge, name }: { challenge: Challenge<SrpState>; name: string },
): Promise<Candidate> {
  const { userId, username } = challenge;
  const isSameName = [username, challenge.state.userIdForSrp].some(
    (known) => foldKey(pool, known) === foldKey(pool, name),
  );
  const user: User | undefined = await (userId === undefined
    ? findUser(call.db, pool, username)
    : findUserBySub(call.db, pool, userId));
  if (!isSameName) {
    const named = await findUser(call.db, pool, name);
    if (named === undefined || named.id !== userId) throw invalidSession();
  }
  return user && user.id === userId
    ? candidateOf(call, pool, { name: username, user })
    : nobody(pool, username);
}
