import type { Db } from "../../store/schema.ts";
import type { UserPool } from "../pools/pool.ts";
import { standardScopes } from "../tokens/scopes.ts";
import { customScopesOf } from "./resource-server.ts";

const standard: readonly string[] = standardScopes;

/** What is left of a scope that was granted earlier: no token names what a resource server has lost since. */
export async function lastingScope(db: Db, { id }: UserPool, scope: string): Promise<string> {
  const names = scope.split(" ");
  // As most are; then nothing is read.
  if (names.every((name) => standard.includes(name))) return scope;
  const custom = new Set((await customScopesOf(db, id)).map(({ name }) => name));
  return names.filter((name) => standard.includes(name) || custom.has(name)).join(" ");
}
