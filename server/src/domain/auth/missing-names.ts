import type { UserPool } from "../pools/pool.ts";
import { missingAttributes } from "../users/attributes.ts";
import type { User } from "../users/user.ts";

/** The names of the attributes that the pool requires and a user lacks. */
export function missingNames(pool: UserPool, { attributes }: User): string[] {
  return missingAttributes(pool, attributes).map(({ name }) => name);
}
