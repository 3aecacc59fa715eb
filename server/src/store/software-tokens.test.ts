import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import type { NewRow } from "./schema.ts";
import {
  deleteSoftwareTokens,
  findSoftwareToken,
  putSoftwareToken,
  takePendingToken,
  takeStep,
} from "./software-tokens.ts";

function tokenRow(
  given: Partial<NewRow<"software_tokens">> & { user_id: string },
): NewRow<"software_tokens"> {
  return {
    user_pool_id: poolId,
    state: "active",
    secret: "sealed",
    friendly_name: null,
    last_step: 0,
    created_at_ms: 1_000,
    ...given,
  };
}

describe.each(engines)("software tokens on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const owner = (userId: string) => ({ userPoolId: poolId, userId });

  it("are one for each state, the last one put", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "ada", friendly_name: "Phone", last_step: 7 }));
    await putSoftwareToken(db, tokenRow({ user_id: "ada", state: "pending", secret: "new" }));
    await putSoftwareToken(db, tokenRow({ user_id: "ada", secret: "other" }));
    const find = (state: "active" | "pending") => findSoftwareToken(db, { ...owner("ada"), state });
    expect(await find("active")).toEqual(tokenRow({ user_id: "ada", secret: "other" }));
    expect(await find("pending")).toMatchObject({ secret: "new" });
    expect(await findSoftwareToken(db, { ...owner("eve"), state: "active" })).toBeUndefined();
  });

  it("give the code of each step once, and none of a step before it", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "steps" }));
    const take = (step: number) => takeStep(db, { ...owner("steps"), secret: "sealed", step });
    expect(await take(10)).toBe(true);
    expect(await take(10)).toBe(false);
    expect(await take(9)).toBe(false);
    expect(await take(11)).toBe(true);
  });

  it("give a step to one of many at once", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "crowd" }));
    const step = { ...owner("crowd"), secret: "sealed", step: 10 };
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeStep(db, step)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("give a step to one of many transactions at once", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "inside" }));
    const step = { ...owner("inside"), secret: "sealed", step: 10 };
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => takeStep(trx, step))),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("give no step of a secret that is another by now, nor of one that is not proved", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "moved", secret: "new" }));
    const step = { ...owner("moved"), step: 10 };
    expect(await takeStep(db, { ...step, secret: "old" })).toBe(false);
    await putSoftwareToken(db, tokenRow({ user_id: "open", state: "pending" }));
    expect(await takeStep(db, { ...owner("open"), secret: "sealed", step: 10 })).toBe(false);
  });

  it("are taken as pending by one of many at once, and only with the secret that is there", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "new", state: "pending" }));
    const take = (secret: string) => takePendingToken(db, { ...owner("new"), secret });
    expect(await take("earlier")).toBeUndefined();
    const taken = await Promise.all(Array.from({ length: 20 }, () => take("sealed")));
    expect(taken.filter((token) => token !== undefined)).toHaveLength(1);
    await putSoftwareToken(db, tokenRow({ user_id: "new" }));
    expect(await take("sealed")).toBeUndefined();
  });

  it("go with both states, of this user alone", async () => {
    await putSoftwareToken(db, tokenRow({ user_id: "gone" }));
    await putSoftwareToken(db, tokenRow({ user_id: "gone", state: "pending" }));
    await putSoftwareToken(db, tokenRow({ user_id: "kept" }));
    await putSoftwareToken(db, tokenRow({ user_id: "gone", user_pool_id: "us-east-1_Other" }));
    expect(await deleteSoftwareTokens(db, owner("gone"))).toBe(2);
    expect(await deleteSoftwareTokens(db, owner("gone"))).toBe(0);
    const other = { userPoolId: "us-east-1_Other", userId: "gone", state: "active" } as const;
    expect(await findSoftwareToken(db, other)).toBeDefined();
    expect(await findSoftwareToken(db, { ...owner("kept"), state: "active" })).toBeDefined();
  });
});
