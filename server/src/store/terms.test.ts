import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteTerms,
  findTerms,
  insertTerms,
  listTermsOfClient,
  pageTerms,
  updateTerms,
} from "./terms.ts";

describe.each(engines)("terms on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (id: string, clientId: string, name = "terms-of-use") => ({
    user_pool_id: poolId,
    id,
    client_id: clientId,
    name,
    settings: "{}",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  });

  it("have a name of their own among those of their client", async () => {
    const ids = ["1", "2", "3", "4", "5"];
    const made = await Promise.all(ids.map((id) => insertTerms(db, row(id, "one"))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await insertTerms(db, row("6", "one", "privacy-policy"))).toBe(true);
    expect(await insertTerms(db, row("7", "two"))).toBe(true);
    const documents = await listTermsOfClient(db, { userPoolId: poolId, clientId: "one" });
    expect(documents.map(({ name }) => name)).toEqual(["privacy-policy", "terms-of-use"]);
  });

  it("change and go in their pool alone", async () => {
    await insertTerms(db, row("changed", "three"));
    const key = { userPoolId: poolId, id: "changed" };
    const elsewhere = { ...key, userPoolId: "us-east-1_Other0001" };
    expect(await updateTerms(db, elsewhere, { settings: "x" })).toBe(false);
    expect(await deleteTerms(db, elsewhere)).toBe(false);
    expect(await updateTerms(db, key, { settings: "x" })).toBe(true);
    expect(await findTerms(db, key)).toEqual({ ...row("changed", "three"), settings: "x" });
    expect(await deleteTerms(db, key)).toBe(true);
    expect(await deleteTerms(db, key)).toBe(false);
    expect(await findTerms(db, key)).toBeUndefined();
  });

  it("are paged by id", async () => {
    for (const id of ["c", "a", "b"])
      await insertTerms(db, { ...row(id, id), user_pool_id: "paged" });
    const page = { userPoolId: "paged", limit: 2 };
    const ids = async (after?: string) =>
      (await pageTerms(db, { ...page, after })).map(({ id }) => id);
    expect(await ids()).toEqual(["a", "b"]);
    expect(await ids("b")).toEqual(["c"]);
  });
});
