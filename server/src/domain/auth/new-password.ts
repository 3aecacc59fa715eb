/** NEW_PASSWORD_REQUIRED: a user whom an administrator made chooses a password and gives what the pool requires. */
import {
  aliasExistsAtUpdate,
  attributeAlreadyProvided,
  invalidParameter,
  invalidSession,
  sessionUsed,
} from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { requireSecretHash } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import {
  missingAttributes,
  readableAttributes,
  requireConforming,
  requireWritable,
} from "../users/attributes.ts";
import { findUser, findUserBySub } from "../users/find.ts";
import { newPassword } from "../users/password.ts";
import type { User } from "../users/user.ts";
import { changeUser } from "../users/write.ts";
import { requireEnabled } from "./candidate.ts";
import { loadChallenge, prepareChallenge, takeOpenChallenge } from "./challenge.ts";
import { issueTokens } from "./issue-tokens.ts";
import {
  type Outcome,
  type Parameters,
  requireParameter,
  requireUsername,
  type SignIn,
} from "./sign-in.ts";

/** The temporary password that was proved; with another one the challenge is void. */
type NewPasswordState = { readonly passwordHash: string | null };

const prefix = "userAttributes.";

/** Asks a user who proved a temporary password for one of their own. */
export async function askNewPassword(call: Call, signIn: SignIn, user: User): Promise<Outcome> {
  const state: NewPasswordState = { passwordHash: user.passwordHash };
  const challenge = prepareChallenge(call, signIn, {
    name: "NEW_PASSWORD_REQUIRED",
    userId: user.id,
    username: user.username,
    state,
  });
  call.about.more["challengeName"] = "NEW_PASSWORD_REQUIRED";
  await call.change((trx) => challenge.store(trx));
  const readable = readableAttributes(signIn.client, user.attributes);
  return {
    challenge: {
      name: "NEW_PASSWORD_REQUIRED",
      session: challenge.session,
      parameters: {
        USER_ID_FOR_SRP: user.username,
        requiredAttributes: JSON.stringify(missingNames(signIn.pool, user).map((n) => prefix + n)),
        userAttributes: JSON.stringify(readable),
      },
    },
  };
}

/** Takes the new password; one that the pool refuses leaves the Session good for another try. */
export async function answerNewPassword(
  call: Call,
  signIn: SignIn,
  given: { session?: string; responses: Parameters },
): Promise<Outcome> {
  const { responses } = given;
  const { pool, client } = signIn;
  const name = requireUsername(responses);
  const password = requireParameter(responses, "NEW_PASSWORD");
  const handle = given.session === undefined ? {} : { session: given.session };
  const challenge = await loadChallenge<NewPasswordState>(call, signIn, {
    name: "NEW_PASSWORD_REQUIRED",
    handle,
  });
  const user = await findUserBySub(call.db, pool, challenge.userId ?? "");
  const named = await findUser(call.db, pool, name);
  if (!user || named?.id !== user.id) throw invalidSession();
  call.about.sub = user.id;
  requireSecretHash(call, client, {
    secretHash: responses["SECRET_HASH"],
    names: [name, user.username, user.id],
    auth: true,
  });
  requireEnabled(user);
  requireStillDue(user, challenge.state);
  const attributes = readGivenAttributes(signIn, user, responses);
  const stored = await newPassword(call, pool, { user, password });
  return issueTokens(call, signIn, {
    user: { ...user, attributes: { ...user.attributes, ...attributes } },
    async change(trx, current) {
      await takeOpenChallenge(trx, call, challenge);
      requireStillDue(current, challenge.state);
      const conflict = await changeUser(trx, pool, {
        user: current,
        change: {
          attributes,
          password: stored,
          status: "CONFIRMED",
          temporaryPasswordExpiresAtMs: null,
        },
        nowMs: call.clock.now(),
      });
      if (conflict === "changed") throw sessionUsed();
      if (conflict) throw aliasExistsAtUpdate(conflict);
    },
  });
}

function requireStillDue(user: User, { passwordHash }: NewPasswordState): void {
  const isDue = user.status === "FORCE_CHANGE_PASSWORD" && user.passwordHash === passwordHash;
  if (!isDue) throw invalidSession();
}

function missingNames(pool: UserPool, { attributes }: User): string[] {
  return missingAttributes(pool, attributes).map(({ name }) => name);
}

/** The attributes of the answer: all that are missing, none that the user has and the pool requires. */
function readGivenAttributes(
  { pool, client }: SignIn,
  user: User,
  responses: Parameters,
): Record<string, string> {
  const given = Object.fromEntries(
    Object.entries(responses)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
  requireWritable(pool, client, Object.keys(given));
  requireConforming(pool, given);
  const missing = missingNames(pool, user);
  for (const { name, required } of pool.settings.schema) {
    if (required && given[name] && !missing.includes(name)) {
      throw attributeAlreadyProvided(name);
    }
  }
  const lacking = missing.find((name) => !given[name]);
  if (lacking !== undefined) {
    throw invalidParameter(`Invalid attributes given, ${lacking} is missing`);
  }
  return given;
}
