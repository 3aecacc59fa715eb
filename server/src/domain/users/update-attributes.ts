/** Changing attributes: what a new address means for its proof, and the codes that go out for it. */
import { aliasExistsAtUpdate } from "../../errors/cognito-idp.ts";
import { deleteCodes } from "../../store/codes.ts";
import type { Db } from "../../store/schema.ts";
import { findUserAlias } from "../../store/user-aliases.ts";
import type { Call, UserCall } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import type { CodeTarget } from "../codes/code.ts";
import type { Dispatch } from "../messages/dispatch.ts";
import { requireFactorForChange } from "../mfa/passed-factor.ts";
import type { UserPool } from "../pools/pool.ts";
import {
  normalised,
  requireConforming,
  requireKept,
  requireKnown,
  requireMutable,
  requireWritable,
} from "./attributes.ts";
import { readAnew, storeChange } from "./change.ts";
import { autoVerified, contactAttributes, nothingToVerify } from "./contacts.ts";
import { foldKey } from "./fold-key.ts";
import { issueCode } from "./issue-code.ts";
import { notify } from "./notify.ts";
import { requireSettled } from "./settled.ts";
import type { User } from "./user.ts";

/** Attributes to set, by name; an empty value takes one away. */
type Wanted = Readonly<Record<string, string>>;

/** Changes the caller's own attributes; answers where codes went. */
export async function updateOwnAttributes(
  call: UserCall,
  client: UserPoolClient,
  wanted: Wanted,
): Promise<CodeTarget[]> {
  const { pool, user } = call;
  requireSettled(user);
  requireWritable(pool, client, Object.keys(wanted));
  requireConforming(pool, wanted);
  await requireFactorForAddresses(call, Object.keys(wanted));
  for (const _ of planUpdate(pool, user, wanted).targets) {
    await countAttempt(call, pool, { action: "send-attribute-code", subject: user.id });
  }
  return update(call, { pool, client, named: user, wanted });
}

/** Changes a user's attributes as an administrator, who may also say that an address is proved. */
export async function updateAttributesByAdministrator(
  call: Call,
  pool: UserPool,
  { user, wanted }: { user: User; wanted: Wanted },
): Promise<void> {
  requireConforming(pool, wanted);
  await update(call, { pool, named: user, wanted });
}

/** Takes attributes of the caller away. */
export async function deleteOwnAttributes(
  call: UserCall,
  client: UserPoolClient,
  names: readonly string[],
): Promise<void> {
  const { pool, user } = call;
  requireSettled(user);
  requireKnown(pool, names);
  requireWritable(pool, client, names);
  await requireFactorForAddresses(call, names);
  await update(call, { pool, client, named: user, wanted: emptied(names) });
}

/** An address may be where the codes of a second factor go: it is not changed by less than they protect. */
async function requireFactorForAddresses(call: UserCall, names: readonly string[]): Promise<void> {
  if (contactAttributes.some((each) => names.includes(each))) {
    await requireFactorForChange(call.db, call, call.user);
  }
}

/** Takes attributes of a user away as an administrator. */
export async function deleteAttributesByAdministrator(
  call: Call,
  pool: UserPool,
  { user, names }: { user: User; names: readonly string[] },
): Promise<void> {
  requireKnown(pool, names);
  await update(call, { pool, named: user, wanted: emptied(names) });
}

function emptied(names: readonly string[]): Wanted {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

type Update = {
  readonly pool: UserPool;
  /** The client of users who change themselves. */
  readonly client?: UserPoolClient;
  readonly named: User;
  readonly wanted: Wanted;
};

async function update(call: Call, { pool, client, named, wanted }: Update): Promise<CodeTarget[]> {
  const { targets, dispatches } = await call.change(async (trx) => {
    const user = await readAnew(trx, pool, named);
    if (client) requireSettled(user);
    requireMutable(pool, user.attributes, Object.keys(wanted));
    requireKept(pool, wanted);
    const plan = planUpdate(pool, user, wanted);
    await storePlan(trx, call, { pool, user, plan });
    const issued: Dispatch[] = [];
    for (const target of plan.targets) {
      const purpose = `verify-${target.attribute}` as const;
      const occasion = "UpdateUserAttribute" as const;
      const given = { pool, user, purpose, occasion, target, ...(client ? { client } : {}) };
      issued.push(await issueCode(trx, call, given));
    }
    return { targets: plan.targets, dispatches: issued };
  });
  await sendAll(dispatches);
  return targets;
}

type Plan = {
  /** What is stored now. */
  readonly attributes: Record<string, string>;
  /** The addresses that a code is sent to. */
  readonly targets: CodeTarget[];
};

/**
 * What an update comes to. An address that changes is no longer proved; where the pool keeps the old one until the new
 * one is proved, it travels in the code that is sent to it.
 */
function planUpdate(pool: UserPool, user: User, wanted: Wanted): Plan {
  const plan: Plan = { attributes: normalised(wanted), targets: [] };
  for (const attribute of contactAttributes) {
    const destination = wanted[attribute];
    const current = user.attributes[attribute];
    if (destination !== undefined && destination !== current) {
      planContact(pool, plan, { attribute, destination });
    } else if (plan.attributes[`${attribute}_verified`] && current === undefined) {
      throw nothingToVerify(attribute);
    }
  }
  return plan;
}

function planContact(pool: UserPool, { attributes, targets }: Plan, target: CodeTarget): void {
  const { attribute, destination } = target;
  const flag = `${attribute}_verified` as const;
  // Only an administrator gets here with the flag set, and then answers for the address.
  if (attributes[flag] === "true" && destination !== "") return;
  attributes[flag] = destination === "" ? "" : "false";
  if (destination === "") return;
  if (pool.settings.verificationBeforeUpdate.includes(attribute)) {
    delete attributes[attribute];
    delete attributes[flag];
    targets.push(target);
  } else if (autoVerified(pool).includes(attribute)) {
    targets.push(target);
  }
}

async function storePlan(
  trx: Db,
  call: Call,
  { pool, user, plan }: { pool: UserPool; user: User; plan: Plan },
): Promise<void> {
  const { attributes, targets } = plan;
  for (const target of targets) await requireFree(trx, pool, { user, target });
  const change = { attributes };
  await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
  for (const attribute of contactAttributes) {
    if (attributes[attribute] === undefined || attributes[attribute] === user.attributes[attribute])
      continue;
    // A code that went to an earlier choice must not bring it back.
    const key = { userPoolId: pool.id, userId: user.id };
    await deleteCodes(trx, { ...key, purpose: `verify-${attribute}` });
    if (attribute === "email") await notify(trx, call, { pool, user, occasion: "email-changed" });
  }
}

/** An address that is a user name is told at once to be another's; as an alias only to who proves to own it. */
async function requireFree(
  trx: Db,
  pool: UserPool,
  { user, target }: { user: User; target: CodeTarget },
): Promise<void> {
  const { attribute: kind, destination } = target;
  if (!pool.settings.usernameAttributes?.includes(kind)) return;
  const key = { userPoolId: pool.id, kind, foldKey: foldKey(pool, destination) };
  const holder = await findUserAlias(trx, key);
  if (holder && holder.user_id !== user.id) throw aliasExistsAtUpdate(kind);
}

/** Sends all before it throws what went wrong with one. */
async function sendAll(dispatches: readonly Dispatch[]): Promise<void> {
  const outcomes = await Promise.allSettled(dispatches.map((dispatch) => dispatch.send()));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
