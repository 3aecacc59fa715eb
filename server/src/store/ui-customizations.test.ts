import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteUiCustomization,
  findUiCustomization,
  findUiCustomizationImage,
  putUiCustomization,
} from "./ui-customizations.ts";

describe.each(engines)("classic looks on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const key = { userPoolId: poolId, clientId: "ALL" };
  const row = {
    user_pool_id: poolId,
    client_id: "ALL",
    css: ".a{}",
    css_version: "1",
    image: "aW1hZ2U=",
    image_hash: "hash",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  };

  it("are replaced as a whole, but for when they were made", async () => {
    await putUiCustomization(db, row);
    const { css: _css, image: _image, image_hash: _hash, ...rest } = row;
    const later = { css_version: "2", created_at_ms: 2_000, modified_at_ms: 2_000 };
    await putUiCustomization(db, { ...rest, ...later });
    expect(await findUiCustomization(db, key)).toEqual({
      ...rest,
      css: null,
      css_version: "2",
      image_hash: null,
      modified_at_ms: 2_000,
    });
    expect(await findUiCustomizationImage(db, key)).toBeUndefined();
  });

  it("give their image where it is asked for alone", async () => {
    await putUiCustomization(db, { ...row, client_id: "client" });
    const client = { ...key, clientId: "client" };
    expect(await findUiCustomization(db, client)).not.toHaveProperty("image");
    expect(await findUiCustomizationImage(db, client)).toBe("aW1hZ2U=");
    const elsewhere = { ...client, userPoolId: "us-east-1_Other0001" };
    expect(await findUiCustomizationImage(db, elsewhere)).toBeUndefined();
  });

  it("go once", async () => {
    await putUiCustomization(db, { ...row, client_id: "gone" });
    const gone = { ...key, clientId: "gone" };
    expect(await deleteUiCustomization(db, gone)).toBe(true);
    expect(await deleteUiCustomization(db, gone)).toBe(false);
  });
});
