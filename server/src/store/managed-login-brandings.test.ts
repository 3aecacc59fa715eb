import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteManagedLoginAssets,
  findManagedLoginAsset,
  listManagedLoginAssets,
  putManagedLoginAsset,
} from "./managed-login-assets.ts";
import {
  deleteManagedLoginBranding,
  findManagedLoginBranding,
  findManagedLoginBrandingById,
  insertManagedLoginBranding,
  updateManagedLoginBranding,
} from "./managed-login-brandings.ts";

describe.each(engines)("styles of managed login on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (clientId: string, id = `of-${clientId}`, userPoolId = poolId) => ({
    user_pool_id: userPoolId,
    client_id: clientId,
    id,
    uses_defaults: 0,
    settings: '{"a":1}',
    assets: "[]",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  });

  it("are one for each client", async () => {
    const ids = ["1", "2", "3", "4", "5"];
    const made = await Promise.all(ids.map((id) => insertManagedLoginBranding(db, row("one", id))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await insertManagedLoginBranding(db, row("one", "6", "us-east-1_Other0001"))).toBe(true);
  });

  it("are found by client and by id, in their pool alone", async () => {
    await insertManagedLoginBranding(db, { ...row("found"), settings: null });
    const key = { userPoolId: poolId, clientId: "found" };
    const found = await findManagedLoginBranding(db, key);
    expect(found).toEqual({ ...row("found"), settings: null });
    expect(await findManagedLoginBrandingById(db, { userPoolId: poolId, id: "of-found" })).toEqual(
      found,
    );
    const elsewhere = { userPoolId: "us-east-1_Other0001", id: "of-found" };
    expect(await findManagedLoginBrandingById(db, elsewhere)).toBeUndefined();
    expect(await updateManagedLoginBranding(db, elsewhere, { settings: "{}" })).toBe(false);
    expect(await deleteManagedLoginBranding(db, elsewhere)).toBe(false);
  });

  it("change and go once", async () => {
    await insertManagedLoginBranding(db, row("gone"));
    const key = { userPoolId: poolId, id: "of-gone" };
    expect(await updateManagedLoginBranding(db, key, { uses_defaults: 1 })).toBe(true);
    expect(await findManagedLoginBrandingById(db, key)).toMatchObject({ uses_defaults: 1 });
    const gone = await Promise.all([1, 2, 3].map(() => deleteManagedLoginBranding(db, key)));
    expect(gone.filter(Boolean)).toHaveLength(1);
  });

  it("have their images by name, the last one of a name", async () => {
    const image = { user_pool_id: poolId, client_id: "images", created_at_ms: 1 };
    await putManagedLoginAsset(db, { ...image, name: "b", bytes: "b" });
    await putManagedLoginAsset(db, { ...image, name: "a", bytes: "old" });
    await putManagedLoginAsset(db, { ...image, name: "a", bytes: "new" });
    await putManagedLoginAsset(db, { ...image, client_id: "other", name: "a", bytes: "x" });
    const key = { userPoolId: poolId, clientId: "images" };
    const listed = await listManagedLoginAssets(db, key);
    expect(listed.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["a", "new"],
      ["b", "b"],
    ]);
    expect(await findManagedLoginAsset(db, { ...key, name: "c" })).toBeUndefined();
    expect(await deleteManagedLoginAssets(db, key)).toBe(2);
    const other = { ...key, clientId: "other", name: "a" };
    expect(await findManagedLoginAsset(db, other)).toMatchObject({ bytes: "x" });
  });

  it("hold images as large as AWS allows", async () => {
    const bytes = "A".repeat(1_333_336);
    const image = { user_pool_id: poolId, client_id: "large", name: "a", bytes, created_at_ms: 1 };
    await putManagedLoginAsset(db, image);
    const key = { userPoolId: poolId, clientId: "large", name: "a" };
    expect((await findManagedLoginAsset(db, key))?.bytes).toBe(bytes);
  });
});
