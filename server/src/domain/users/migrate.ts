/** Users who are made at their first sign-in, or when they forgot their password, because the pool's function knows them. */
import { migrationFailed } from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import { type Call, makeOwnCall } from "../call.ts";
import {
  type ClientInPool,
  preventsUserExistenceErrors,
  requireSecretHash,
} from "../clients/client.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import { noFactors, type UserFactors } from "../mfa/factors.ts";
import type { UserPool } from "../pools/pool.ts";
import { functionOf } from "../triggers/fire.ts";
import {
  fireUserMigration,
  type MigratedUser,
  type UserMigration,
} from "../triggers/user-migration.ts";
import { normalised, requireComplete, requireConforming } from "./attributes.ts";
import { findUser } from "./find.ts";
import type { GivenName } from "./named.ts";
import { hashPassword, noPassword } from "./password.ts";
import { nameNewUser } from "./sign-in-name.ts";
import { standInFor } from "./stand-in.ts";
import type { User } from "./user.ts";
import { insertUser, merged } from "./write.ts";

/**
 * Asks the pool's function for a user that the pool does not have, and stores whom it knows, with the password that was
 * just typed; whoever signs in still has to prove it. Undefined where there is no such function or user; also where the function fails and the client hides who
 * exists. What the function vouches for is not asked again: the policy of passwords does not apply (AWS).
 */
export async function migrateUser(call: Call, given: UserMigration): Promise<User | undefined> {
  const { pool, client, userName, password } = given;
  try {
    const migrated = await fireUserMigration(call, given);
    if (!migrated) return undefined;
    const user = await makeUser(call, pool, { migrated, userName, password });
    return await storeUser(call, given, { user, takeOverAliases: migrated.takeOverAliases });
  } catch (error) {
    if (error instanceof ServiceError && preventsUserExistenceErrors(client)) return undefined;
    throw error;
  }
}

/** Before a password is recovered: makes the user if only the function knows them. */
export async function migrateForRecovery(
  call: Call,
  { pool, client }: ClientInPool,
  { username: userName, secretHash, byPages = false }: GivenName,
): Promise<void> {
  if (functionOf(pool.settings.lambdaConfig, "UserMigration") === undefined) return;
  const existing = await findUser(call.db, pool, userName);
  if (existing) return;
  if (!byPages) requireSecretHash(call, client, { secretHash, names: [userName] });
  const { id: subject } = standInFor(call, pool, userName);
  await countAttempt(call, pool, { action: "send-reset-code", subject });
  const source = "UserMigration_ForgotPassword";
  await migrateUser(call, { pool, client, userName, source, ...call.passedOn });
}

async function makeUser(
  call: Call,
  pool: UserPool,
  given: { migrated: MigratedUser; userName: string; password: string | undefined },
): Promise<User> {
  const { migrated, userName, password } = given;
  // Where people sign in by an alias, the function says what the user is called.
  const { username = userName, ...attributes } = merged({}, migrated.attributes);
  requireConforming(pool, attributes);
  const id = call.random.uuid();
  const wanted = { sub: id, username, attributes: normalised(attributes) };
  const named = { id, ...nameNewUser(pool, wanted) };
  requireConforming(pool, named.attributes);
  requireComplete(pool, named.attributes);
  const stored =
    password === undefined ? noPassword : await hashPassword(call, pool, { user: named, password });
  const nowMs = call.clock.now();
  return {
    userPoolId: pool.id,
    ...named,
    ...stored,
    status: password === undefined ? "RESET_REQUIRED" : migrated.status,
    enabled: true,
    temporaryPasswordExpiresAtMs: null,
    factors: factorsOf(migrated, named.attributes),
    tokensValidFromMs: 0,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
}

/** Text messages as a second factor need a number to go to. */
function factorsOf(
  { smsMfa }: MigratedUser,
  attributes: Readonly<Record<string, string>>,
): UserFactors {
  if (!smsMfa || !attributes["phone_number"]) return noFactors;
  return { ...noFactors, enabled: ["SMS_MFA"], preferred: "SMS_MFA" };
}

/** Of two requests that bring the same user at once one stores it, and both go on with that one. */
async function storeUser(
  call: Call,
  { pool, client, userName, source }: UserMigration,
  given: { user: User; takeOverAliases: boolean },
): Promise<User> {
  const own = makeOwnCall(call, {
    service: call.facts.service,
    operation: "MigrateUser",
    requestId: call.facts.requestId,
  });
  Object.assign(own.about, { userPoolId: pool.id, clientId: client.id, sub: given.user.id });
  own.about.more["triggerSource"] = source;
  const isTaken = await own
    .change(async (trx) => {
      if (await insertUser(trx, pool, given)) throw migrationFailed(client.id);
      return false;
    })
    .catch((error: unknown) => {
      if (error instanceof ServiceError) return true;
      throw error;
    });
  const stored = await findUser(call.db, pool, isTaken ? userName : given.user.id);
  if (!stored) throw migrationFailed(client.id);
  call.about.sub = stored.id;
  return stored;
}
