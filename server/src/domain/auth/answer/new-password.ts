/** The answer to NEW_PASSWORD_REQUIRED: a password of the user's own, and what the pool requires. */
import {
  aliasExistsAtUpdate,
  attributeAlreadyProvided,
  invalidParameter,
  invalidSession,
  sessionUsed,
} from "../../../errors/cognito-idp.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { requireNotCompromised } from "../../risk/compromised-password.ts";
import { requireConforming, requireWritable } from "../../users/attributes.ts";
import { nextPassword } from "../../users/password.ts";
import type { User } from "../../users/user.ts";
import { changeUser, merged, type UserChange } from "../../users/write.ts";
import { takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { missingNames } from "../missing-names.ts";
import { withProof } from "../progress.ts";
import {
  type Given,
  type Outcome,
  type Parameters,
  requireParameter,
  type SignIn,
} from "../sign-in.ts";
import { openAnswer, requireStanding } from "./open-answer.ts";

const prefix = "userAttributes.";

/** Takes the new password; one that the pool refuses leaves the Session good for another try. */
export async function answerNewPassword(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const { pool, client } = signIn;
  const { parameters } = given;
  const password = requireParameter(parameters, "NEW_PASSWORD");
  const opened = await openAnswer(call, signIn, { name: "NEW_PASSWORD_REQUIRED", given });
  const user = requireStanding(opened);
  requireStillDue(user);
  const attributes = readGivenAttributes(signIn, user, parameters);
  await requireNotCompromised(call, { pool, client, password, occasion: "PASSWORD_CHANGE" });
  const stored = await nextPassword(call, pool, { user, password });
  const change: UserChange = {
    attributes,
    password: stored,
    status: "CONFIRMED",
    temporaryPasswordExpiresAtMs: null,
  };
  const after: User = {
    ...{ ...user, ...stored, attributes: merged(user.attributes, attributes) },
    ...{ status: "CONFIRMED", temporaryPasswordExpiresAtMs: null },
  };
  return goOn(call, signIn, {
    name: opened.who.name,
    user,
    progress: withProof(opened.state.progress, "NEW_PASSWORD"),
    change: {
      after,
      async store(trx, current) {
        await takeOpenChallenge(trx, call, opened.challenge);
        requireStillDue(current);
        await storeNewPassword(trx, call, { signIn, current, change });
      },
    },
  });
}

async function storeNewPassword(
  trx: Db,
  call: Call,
  given: { signIn: SignIn; current: User; change: UserChange },
): Promise<void> {
  const { signIn, current, change } = given;
  const conflict = await changeUser(trx, signIn.pool, {
    ...{ user: current, change, nowMs: call.clock.now() },
  });
  if (conflict === "changed") throw sessionUsed();
  if (conflict) throw aliasExistsAtUpdate(conflict);
}

function requireStillDue(user: User): void {
  if (user.status !== "FORCE_CHANGE_PASSWORD") throw invalidSession();
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
  const { schema, verificationBeforeUpdate } = pool.settings;
  for (const { name, required } of schema) {
    // An address that a new one replaces only once it is proved has no code to be proved by here.
    const isFixed = required || verificationBeforeUpdate.some((each) => each === name);
    if (isFixed && given[name] && user.attributes[name]) throw attributeAlreadyProvided(name);
  }
  const lacking = missing.find((name) => !given[name]);
  if (lacking !== undefined) {
    throw invalidParameter(`Invalid attributes given, ${lacking} is missing`);
  }
  return given;
}
