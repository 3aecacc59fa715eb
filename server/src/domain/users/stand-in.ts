/** What stands for a name that a pool does not have, so that no answer tells it from one that it has. */
import { createHmac } from "node:crypto";
import type { CodeTarget } from "../codes/code.ts";
import type { Context } from "../context.ts";
import type { ContactAttribute, UserPool } from "../pools/pool.ts";
import { contactKind } from "./contacts.ts";
import { foldKey } from "./fold-key.ts";

export type StandIn = {
  /** In place of a `sub`: under it attempts are counted and codes that nobody gets are kept. */
  readonly id: string;
  /** Where a code would have gone; the same for every spelling that the pool takes for one name. */
  contact(kinds: readonly ContactAttribute[]): CodeTarget;
};

/** The stand-in for a name, the same on every node and at every call; without the master key nobody can foretell it. */
export function standInFor(context: Pick<Context, "vault">, pool: UserPool, name: string): StandIn {
  const key = foldKey(pool, name);
  const seed = createHmac("sha256", context.vault.derive("unknown user names"))
    .update(JSON.stringify([pool.id, key]))
    .digest();
  return {
    id: `unknown-${seed.toString("base64url")}`,
    contact: (kinds) => contactOf(key, kinds, seed),
  };
}

/** By the form of the name, else by what the pool would use ("Managing user existence error responses"). */
function contactOf(name: string, kinds: readonly ContactAttribute[], seed: Buffer): CodeTarget {
  const kind = contactKind(name);
  if (kind && kinds.includes(kind)) return { attribute: kind, destination: name };
  const attribute = kinds[0] ?? "email";
  return { attribute, destination: invented(attribute, seed) };
}

/** Only its masked form is ever shown. */
function invented(attribute: ContactAttribute, seed: Buffer): string {
  const letters = [...seed].map((byte) => String.fromCharCode(97 + (byte % 26)));
  if (attribute === "email") return `${letters[0]}@${letters[1]}.example`;
  return `+1${[...seed.subarray(0, 10)].map((byte) => byte % 10).join("")}`;
}
