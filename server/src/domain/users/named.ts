/** Whom a public call names: a user of the pool, or nobody, which a client may have to hide. */
import { usernameOrClientNotFound } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import {
  type ClientInPool,
  preventsUserExistenceErrors,
  requireSecretHash,
} from "../clients/client.ts";
import { findUser } from "./find.ts";
import { type StandIn, standInFor } from "./stand-in.ts";
import type { User } from "./user.ts";

export type Named = {
  /** As it was typed. */
  readonly name: string;
  readonly user: User | undefined;
  /** The `sub`, or what stands for a name that nobody has: under it attempts and codes are kept. */
  readonly subject: string;
  readonly standIn: StandIn;
};

/** How a public call names a user, and proves that its client may. */
export type GivenName = {
  readonly username: string;
  readonly secretHash: string | undefined;
  /** Whether our own pages ask, of which no secret is asked (SignIn.byPages). */
  readonly byPages?: boolean;
};

/** Finds who is named and checks the client's secret; where the client does not hide it, refuses a name that nobody has. */
export async function findNamed(
  call: Call,
  { pool, client }: ClientInPool,
  given: GivenName,
): Promise<Named> {
  const { username: name, secretHash, byPages = false } = given;
  const user = await findUser(call.db, pool, name);
  const names = user ? [name, user.username] : [name];
  if (!byPages) requireSecretHash(call, client, { secretHash, names });
  if (!user && !preventsUserExistenceErrors(client)) throw usernameOrClientNotFound();
  if (user) call.about.sub = user.id;
  const standIn = standInFor(call, pool, name);
  return { name, user, subject: user?.id ?? standIn.id, standIn };
}

/**
 * Whether this client's callers must not learn of a user's state either. Cognito itself tells, once asked, that a user
 * is confirmed, disabled or waits for a first password; the hardened profile does not.
 */
export function hidesUserState({ pool, client }: ClientInPool): boolean {
  return pool.extensions.profile === "hardened" && preventsUserExistenceErrors(client);
}
