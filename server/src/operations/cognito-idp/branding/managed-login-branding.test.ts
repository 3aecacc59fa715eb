import {
  type AssetType,
  CreateManagedLoginBrandingCommand,
  type CreateManagedLoginBrandingCommandInput,
  DeleteManagedLoginBrandingCommand,
  DeleteUserPoolClientCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  UpdateManagedLoginBrandingCommand,
  type UpdateManagedLoginBrandingCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { ico, jpeg, png, svg, webp } from "../../../testing/images.ts";
import { otherClientOf } from "../../../testing/person.ts";
import { type TestPool, testPool } from "../../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  home = await testPool(app);
});

const key = () => ({ UserPoolId: home.pool.id, ClientId: home.client.id });

async function create(input: Partial<CreateManagedLoginBrandingCommandInput> = {}) {
  const command = new CreateManagedLoginBrandingCommand({ ...key(), ...input });
  const { ManagedLoginBranding: branding } = await app.client.send(command);
  return branding ?? expect.fail("no branding");
}

async function update(id: string | undefined, input: UpdateManagedLoginBrandingCommandInput) {
  const named = { UserPoolId: home.pool.id, ManagedLoginBrandingId: id };
  const command = new UpdateManagedLoginBrandingCommand({ ...named, ...input });
  const { ManagedLoginBranding: branding } = await app.client.send(command);
  return branding ?? expect.fail("no branding");
}

async function describeByClient(ReturnMergedResources?: boolean) {
  const command = new DescribeManagedLoginBrandingByClientCommand({
    ...key(),
    ReturnMergedResources,
  });
  const { ManagedLoginBranding: branding } = await app.client.send(command);
  return branding ?? expect.fail("no branding");
}

const remove = (ManagedLoginBrandingId: string | undefined, UserPoolId = home.pool.id) =>
  app.client.send(new DeleteManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId }));

const bytesOf = (assets: AssetType[] | undefined) =>
  assets?.map(({ Bytes }) => Buffer.from(Bytes ?? []).toString("hex"));

const logo: AssetType = {
  Category: "FORM_LOGO",
  ColorMode: "LIGHT",
  Extension: "PNG",
  Bytes: png,
};

describe("making a style", () => {
  it("keeps settings and images as they were given, and shows nothing that was not", async () => {
    const Settings = { components: { form: { borderRadius: 12.5, odd: [null, "ä\u0001", {}] } } };
    const icon = { ...logo, Category: "FAVICON_SVG", Extension: "SVG", Bytes: svg } as const;
    const made = await create({ Settings, Assets: [logo, { ...icon, ResourceId: "my icon" }] });
    expect(made).toMatchObject({
      UserPoolId: home.pool.id,
      ManagedLoginBrandingId: expect.stringMatching(/^[0-9a-f-]{14}4[0-9a-f-]{21}$/),
      UseCognitoProvidedValues: false,
      Settings,
      CreationDate: made.LastModifiedDate,
    });
    expect(made.Assets?.map(({ Bytes: _bytes, ...rest }) => rest)).toEqual([
      { Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "PNG" },
      { Category: "FAVICON_SVG", ColorMode: "LIGHT", Extension: "SVG", ResourceId: "my icon" },
    ]);
    expect(bytesOf(made.Assets)).toEqual([png, svg].map((bytes) => bytes.toString("hex")));
    expect(await describeByClient()).toEqual(made);
    const command = new DescribeManagedLoginBrandingCommand({
      UserPoolId: home.pool.id,
      ManagedLoginBrandingId: made.ManagedLoginBrandingId,
    });
    expect((await app.client.send(command)).ManagedLoginBranding).toEqual(made);
  });

  it("has Cognito's own look where nothing is given, without settings and with no images", async () => {
    const made = await create();
    expect(made).toMatchObject({ UseCognitoProvidedValues: true, Assets: [] });
    expect(made).not.toHaveProperty("Settings");
  });

  it("is done once for a client", async () => {
    const all = await Promise.allSettled([create(), create(), create()]);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(create()).rejects.toMatchObject({ name: "ManagedLoginBrandingExistsException" });
  });

  it("is refused for a client that is not of the pool", async () => {
    const { client } = await testPool(app);
    for (const ClientId of [client.id, "unknown"]) {
      await expect(create({ ClientId })).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        message: `User pool client ${ClientId} does not exist.`,
      });
    }
  });

  it("takes no settings and no images with Cognito's own look", async () => {
    const UseCognitoProvidedValues = true;
    const refused = { name: "InvalidParameterException" };
    for (const input of [{ Settings: {} }, { Assets: [logo] }]) {
      const asked = create({ UseCognitoProvidedValues, ...input });
      await expect(asked).rejects.toMatchObject(refused);
    }
    await create({ UseCognitoProvidedValues });
  });

  it("bounds settings", async () => {
    const Settings = { a: "x".repeat(65_536) };
    await expect(create({ Settings })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("'settings'"),
    });
  });

  it("leaves no bytes of images in the trail", async () => {
    await create({ Assets: [logo] });
    const [event] = (await app.auditEvents()).filter(
      ({ eventName }) => eventName === "CreateManagedLoginBranding",
    );
    expect(JSON.stringify(event)).not.toContain(png.toString("base64").slice(0, 40));
    expect(JSON.stringify(event)).toContain(`${png.length} bytes`);
  });
});

describe("images", () => {
  it.each([
    ["PNG", png],
    ["JPEG", jpeg],
    ["ICO", ico],
    ["WEBP", webp],
    ["SVG", svg],
    [
      "SVG",
      Buffer.from(`\ufeff<?xml version="1.0"?>\n<!-- a > b --><!DOCTYPE svg PUBLIC "a" "b">${svg}`),
    ],
  ] as const)("may be of the type %s", async (Extension, Bytes) => {
    const made = await create({ Assets: [{ ...logo, Extension, Bytes }] });
    expect(bytesOf(made.Assets)).toEqual([Bytes.toString("hex")]);
  });

  const html = Buffer.from("<html><script>alert(1)</script><svg></svg></html>");
  it.each([
    ["another type", { Bytes: jpeg }],
    ["a page", { Extension: "SVG", Bytes: html }],
    ["a page that calls itself a picture", { Bytes: html }],
    [
      "an SVG with entities",
      { Extension: "SVG", Bytes: Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>') },
    ],
    ["what only begins like an SVG", { Extension: "SVG", Bytes: Buffer.from("<svgx/>") }],
    ["nothing", { Bytes: Buffer.alloc(0) }],
    ["no bytes", { Bytes: undefined }],
    ["an ICO of another category", { Category: "FAVICON_ICO" }],
    ["a large one", { Bytes: Buffer.concat([png, Buffer.alloc(1_000_000)]) }],
  ] as const)("are refused: %s", async (_what, bent) => {
    const asked = create({ Assets: [{ ...logo, ...bent } as AssetType] });
    await expect(asked).rejects.toMatchObject({
      name: expect.stringMatching(/^(InvalidParameterException|RequestEntityTooLarge.*)$/),
    });
    await expect(describeByClient()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("are refused twice for the same place", async () => {
    const asked = create({ Assets: [logo, { ...logo, Bytes: png }] });
    await expect(asked).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("are at most forty in a style, and five megabytes, however many requests bring them", async () => {
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...logo,
        Category: "IDP_BUTTON_ICON" as const,
        ResourceId: `icon ${from + index}`,
      }));
    const { ManagedLoginBrandingId } = await create({ Assets: many(0, 40) });
    await update(ManagedLoginBrandingId, { Assets: many(0, 40) });
    const full = { name: "LimitExceededException" };
    await expect(update(ManagedLoginBrandingId, { Assets: many(40, 1) })).rejects.toMatchObject(
      full,
    );

    await update(ManagedLoginBrandingId, { UseCognitoProvidedValues: true });
    const Bytes = Buffer.concat([png, Buffer.alloc(700_000)]);
    const large = (n: number) => [{ ...logo, Bytes, ResourceId: `${n}` }];
    for (const n of [1, 2, 3, 4, 5, 6, 7])
      await update(ManagedLoginBrandingId, { Assets: large(n) });
    await expect(update(ManagedLoginBrandingId, { Assets: large(8) })).rejects.toMatchObject(full);
    expect((await describeByClient()).Assets).toHaveLength(7);
  });
});

describe("changing a style", () => {
  it("lays the given settings and images over what there is", async () => {
    const dark = { ...logo, ColorMode: "DARK" as const };
    const made = await create({
      Settings: { a: { b: 1, c: [1, 2] }, d: "x", ["__proto__"]: { polluted: true } },
      Assets: [logo, dark],
    });
    const changed = await update(made.ManagedLoginBrandingId, {
      Settings: { a: { c: [3], e: null }, d: { f: 1 } },
      Assets: [{ ...dark, Extension: "SVG", Bytes: svg }],
    });
    expect(changed).toMatchObject({
      Settings: { a: { b: 1, c: [3], e: null }, d: { f: 1 } },
      CreationDate: made.CreationDate,
    });
    expect(changed.LastModifiedDate?.getTime()).toBeGreaterThan(made.CreationDate?.getTime() ?? 0);
    expect(bytesOf(changed.Assets)).toEqual([png, svg].map((bytes) => bytes.toString("hex")));
    expect(await describeByClient()).toEqual(changed);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("takes everything off for Cognito's own look", async () => {
    const made = await create({ Settings: { a: 1 }, Assets: [logo] });
    const changed = await update(made.ManagedLoginBrandingId, { UseCognitoProvidedValues: true });
    expect(changed).toMatchObject({ UseCognitoProvidedValues: true, Assets: [] });
    expect(changed).not.toHaveProperty("Settings");
    const again = await update(made.ManagedLoginBrandingId, { Settings: { b: 1 } });
    expect(again).toMatchObject({
      UseCognitoProvidedValues: false,
      Settings: { b: 1 },
      Assets: [],
    });
  });

  it("loses neither of two changes at once", async () => {
    const { ManagedLoginBrandingId } = await create({ Settings: {} });
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(
      names.map((name) => update(ManagedLoginBrandingId, { Settings: { [name]: 1 } })),
    );
    const { Settings } = await describeByClient();
    expect(Object.keys(Settings as object).sort()).toEqual(names);
  });

  it("lets settings grow no further than one request may bring", async () => {
    const Settings = { a: "x".repeat(65_000) };
    const { ManagedLoginBrandingId } = await create({ Settings });
    const asked = update(ManagedLoginBrandingId, { Settings: { b: "x".repeat(1_000) } });
    await expect(asked).rejects.toMatchObject({ name: "InvalidParameterException" });
    expect((await describeByClient()).Settings).toEqual(Settings);
  });

  it("needs both ids, of one pool", async () => {
    const { ManagedLoginBrandingId } = await create();
    const { pool } = await testPool(app);
    const send = (input: UpdateManagedLoginBrandingCommandInput) =>
      app.client.send(new UpdateManagedLoginBrandingCommand(input));
    const missing = { name: "InvalidParameterException" };
    await expect(send({ ManagedLoginBrandingId })).rejects.toMatchObject(missing);
    await expect(send({ UserPoolId: pool.id })).rejects.toMatchObject(missing);
    const foreign = { UserPoolId: pool.id, ManagedLoginBrandingId, Settings: {} };
    await expect(send(foreign)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect((await describeByClient()).UseCognitoProvidedValues).toBe(true);
  });
});

describe("showing a style", () => {
  it("adds Cognito's settings where it has none of its own", async () => {
    await create({ Settings: { components: { form: { borderRadius: 1 }, mine: true } } });
    expect((await describeByClient(true)).Settings).toMatchObject({
      categories: { global: { colorSchemeMode: "LIGHT" } },
      componentClasses: { link: { lightMode: { defaults: { textColor: "0972d3ff" } } } },
      components: {
        mine: true,
        form: { borderRadius: 1, lightMode: { backgroundColor: "ffffffff" } },
        primaryButton: { darkMode: { hover: { backgroundColor: "89bdeeff" } } },
      },
    });
    expect((await describeByClient(false)).Settings).toEqual({
      components: { form: { borderRadius: 1 }, mine: true },
    });
  });

  it("is refused to where there is none", async () => {
    await expect(describeByClient()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const other = await otherClientOf(app, home);
    await create({ ClientId: other.client.id });
    await expect(describeByClient()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("deleting a style", () => {
  it("takes its images along, once, and makes place for another", async () => {
    const { ManagedLoginBrandingId } = await create({ Assets: [logo] });
    const { pool } = await testPool(app);
    const gone = { name: "ResourceNotFoundException" };
    await expect(remove(ManagedLoginBrandingId, pool.id)).rejects.toMatchObject(gone);
    await remove(ManagedLoginBrandingId);
    await expect(remove(ManagedLoginBrandingId)).rejects.toMatchObject(gone);
    expect((await create()).Assets).toEqual([]);
    const rows = await app.context.store.db
      .selectFrom("managed_login_assets")
      .selectAll()
      .where("user_pool_id", "=", home.pool.id)
      .execute();
    expect(rows).toEqual([]);
  });

  it("comes with the deletion of the client", async () => {
    const { ManagedLoginBrandingId } = await create({ Assets: [logo] });
    await app.client.send(new DeleteUserPoolClientCommand(key()));
    await expect(remove(ManagedLoginBrandingId)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
