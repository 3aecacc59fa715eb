/** Proving an address after sign-up: a code to it, and what it changes when it comes back. */
import {
  aliasExistsAtUpdate,
  attributeNotVerifiable,
  expiredCode,
  noRegisteredContact,
} from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import type { UserCall } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import { type CodeTarget, findCodeTarget, takeCode } from "../codes/code.ts";
import type { ContactAttribute, UserPool } from "../pools/pool.ts";
import { readAnew, storeChange } from "./change.ts";
import { isContactAttribute, isCurrent, targetOf } from "./contacts.ts";
import { issueCode } from "./issue-code.ts";
import { notify } from "./notify.ts";
import { requireSettled } from "./settled.ts";

/** Sends a code to an address of the caller, the one that waits for its proof before any other; answers which it was. */
export async function sendAttributeCode(
  call: UserCall,
  client: UserPoolClient,
  attribute: string,
): Promise<CodeTarget> {
  const { pool } = call;
  requireSettled(call.user);
  if (!isContactAttribute(attribute)) throw attributeNotVerifiable();
  await countAttempt(call, pool, { action: "send-attribute-code", subject: call.user.id });
  const purpose = `verify-${attribute}` as const;
  const sent = await call.change(async (trx) => {
    const user = await readAnew(trx, pool, call.user);
    const waiting = keepsOld(pool, attribute)
      ? await findCodeTarget(trx, call, { pool, user, purpose })
      : undefined;
    const target = waiting ?? targetOf(user.attributes, attribute);
    if (!target) return noRegisteredContact(contactNames[attribute]);
    const occasion = "VerifyUserAttribute" as const;
    const given = { pool, client, user, purpose, occasion, target };
    const dispatch = await issueCode(trx, call, given);
    return { target, dispatch };
  });
  await sent.dispatch.send();
  return sent.target;
}

const contactNames: Record<ContactAttribute, string> = {
  email: "email address",
  phone_number: "phone number",
};

/** Takes the code that went to an address: it is the caller's and verified from then on. */
export async function verifyAttribute(
  call: UserCall,
  given: { attribute: string; code: string },
): Promise<void> {
  const { pool } = call;
  const { attribute, code } = given;
  requireSettled(call.user);
  if (!isContactAttribute(attribute)) throw attributeNotVerifiable();
  await countAttempt(call, pool, { action: "verify-attribute", subject: call.user.id });
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, call.user);
    requireSettled(user);
    const purpose = `verify-${attribute}` as const;
    const taken = await takeCode(trx, call, { pool, user, purpose, code });
    if (taken instanceof ServiceError) return taken;
    const isNew = !isCurrent(user.attributes, taken);
    if (isNew && !keepsOld(pool, attribute)) return expiredCode();
    const attributes = { [attribute]: taken.destination, [`${attribute}_verified`]: "true" };
    const change = { attributes };
    await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
    if (isNew && attribute === "email")
      await notify(trx, call, { pool, user, occasion: "email-changed" });
    return undefined;
  });
}

/** Whether an address stays until the one that shall replace it is proved. */
function keepsOld(pool: UserPool, attribute: ContactAttribute): boolean {
  return pool.settings.verificationBeforeUpdate.includes(attribute);
}
