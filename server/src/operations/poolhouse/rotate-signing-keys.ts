import { type AdminCall, makeCall } from "../../domain/call.ts";
import {
  replaceSigningKeys,
  rotateSigningKeys,
  type SigningKeyState,
} from "../../domain/keys/rotate.ts";
import { listPools, loadPool, type UserPool } from "../../domain/pools/pool.ts";
import { boolean } from "../../protocol/checks.ts";
import { paginate } from "../../protocol/paginate.ts";
import { PaginationKeyType, UserPoolIdType } from "../cognito-idp/shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type RotateSigningKeysInput = {
  /** Every pool of the region when absent, some in each call. */
  UserPoolId?: string;
  /** The present keys are compromised: new ones sign at once, and all tokens of the old ones are dead. */
  Emergency?: boolean;
  NextToken?: string;
};

export type RotateSigningKeysOutput = {
  UserPools: {
    UserPoolId: string;
    Keys: { KeyId: string; TokenUse: string; State: string; CreationDate: Date }[];
  }[];
  NextToken?: string | undefined;
};

/** Making a pair of keys takes some tenths of a second. */
const poolsInOneCall = 10;

/** Rotates the keys that sign ID and access tokens; asked again while a rotation is under way, it adds none. */
export const RotateSigningKeys: PoolhouseOperation<
  RotateSigningKeysInput,
  RotateSigningKeysOutput
> = {
  caller: "iam",
  input: { UserPoolId: UserPoolIdType, Emergency: boolean, NextToken: PaginationKeyType },
  async handle(call, input) {
    const rotate = input.Emergency ? replaceSigningKeys : rotateSigningKeys;
    if (input.UserPoolId !== undefined) {
      const pool = await loadPool(call, input.UserPoolId);
      return { UserPools: [toWire(pool, await rotate(call, pool))] };
    }
    const { rows, nextToken } = await poolsAfter(call, input.NextToken);
    const rotated: RotateSigningKeysOutput["UserPools"] = [];
    for (const pool of rows) rotated.push(toWire(pool, await rotate(callFor(call), pool)));
    return { UserPools: rotated, NextToken: nextToken };
  },
};

function poolsAfter(call: AdminCall, token: string | undefined) {
  const { region } = call.principal;
  const asked = { list: ["RotateSigningKeys", region], token, limit: poolsInOneCall };
  return paginate(call, asked, {
    read: (after: string | undefined, limit) => listPools(call.db, { region, after, limit }),
    positionOf: (pool) => pool.id,
  });
}

/** Each pool's rotation is a change of its own, with its own row in the trail. */
function callFor(call: AdminCall) {
  const own = makeCall(call, call.facts, { principal: call.principal });
  own.about.requestParameters = call.about.requestParameters;
  return own;
}

function toWire(pool: UserPool, keys: readonly SigningKeyState[]) {
  return {
    UserPoolId: pool.id,
    Keys: keys.map(({ kid, tokenUse, state, createdAtMs }) => ({
      KeyId: kid,
      TokenUse: tokenUse,
      State: state,
      CreationDate: new Date(createdAtMs),
    })),
  };
}
