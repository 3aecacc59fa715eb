import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolClientCommand,
  GetUICustomizationCommand,
  SetUICustomizationCommand,
  type SetUICustomizationCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { jpeg, png, svg } from "../../../testing/images.ts";
import { otherClientOf } from "../../../testing/person.ts";
import { type TestPool, testPool } from "../../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let domains = 0;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  home = await testPool(app);
  const Domain = `looks-${domains++}`;
  await app.client.send(new CreateUserPoolDomainCommand({ UserPoolId: home.pool.id, Domain }));
});

async function set(input: Partial<SetUICustomizationCommandInput>) {
  const command = new SetUICustomizationCommand({ UserPoolId: home.pool.id, ...input });
  const { UICustomization } = await app.client.send(command);
  return UICustomization ?? expect.fail("no customization");
}

async function get(ClientId?: string) {
  const command = new GetUICustomizationCommand({ UserPoolId: home.pool.id, ClientId });
  const { UICustomization } = await app.client.send(command);
  return UICustomization ?? expect.fail("no customization");
}

const CSS = ".submitButton-customizable:hover {\n\tcolor: #fff; /* white */\n}";

it("keeps the CSS as it was given, with a version and the address of the image", async () => {
  const ClientId = home.client.id;
  const customization = await set({ ClientId, CSS, ImageFile: png });
  expect(customization).toEqual({
    UserPoolId: home.pool.id,
    ClientId,
    CSS,
    CSSVersion: expect.stringMatching(/^20\d{12}$/),
    ImageUrl: `https://localhost:8443/${home.pool.id}/branding/image?name=logo&client_id=${ClientId}`,
    CreationDate: customization.LastModifiedDate,
    LastModifiedDate: expect.any(Date),
  });
  expect(await get(ClientId)).toEqual(customization);
});

it("holds for all clients that have no look of their own", async () => {
  const own = await otherClientOf(app, home);
  const all = await set({ CSS });
  await set({ ClientId: own.client.id, ImageFile: jpeg });
  expect(all.ClientId).toBe("ALL");
  expect(await get()).toEqual(all);
  expect(await get("ALL")).toEqual(all);
  expect(await get(home.client.id)).toEqual(all);
  const shown = await get(own.client.id);
  expect(shown.ClientId).toBe(own.client.id);
  expect(shown).not.toHaveProperty("CSS");
});

it("is replaced as a whole; one that says nothing takes it away", async () => {
  const first = await set({ CSS, ImageFile: png });
  const second = await set({ CSS: ".banner-customizable { color: red }" });
  expect(second).not.toHaveProperty("ImageUrl");
  expect(second.CreationDate).toEqual(first.CreationDate);
  expect(second.LastModifiedDate?.getTime()).toBeGreaterThan(first.CreationDate?.getTime() ?? 0);
  await set({});
  expect(await get()).toEqual({});
  expect(await get(home.client.id)).toEqual({});
});

it.each([
  ["CSS that loads something", { CSS: ".banner-customizable { background: url(x) }" }],
  ["CSS of another class", { CSS: ".other { color: red }" }],
  ["an SVG", { ImageFile: svg }],
  ["no image", { ImageFile: Buffer.from("<html>") }],
  ["a large image", { ImageFile: Buffer.concat([png, Buffer.alloc(102_400)]) }],
  ["a larger image", { ImageFile: Buffer.concat([png, Buffer.alloc(131_072)]) }],
  ["long CSS", { CSS: `/*${"x".repeat(131_072)}*/` }],
])("refuses %s and keeps what there was", async (_what, input) => {
  const before = await set({ CSS });
  await expect(set(input)).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect(await get()).toEqual(before);
});

it("is refused to a pool without a domain, as Cognito does", async () => {
  home = await testPool(app);
  const refused = {
    name: "InvalidParameterException",
    message: "There has to be an existing domain associated with this user pool",
  };
  await expect(set({ CSS })).rejects.toMatchObject(refused);
  await expect(get()).rejects.toMatchObject(refused);
});

it("knows no client of another pool", async () => {
  const { client } = await testPool(app);
  const refused = { name: "ResourceNotFoundException" };
  await expect(set({ ClientId: client.id, CSS })).rejects.toMatchObject(refused);
  await expect(get(client.id)).rejects.toMatchObject(refused);
});

it("goes with its client, and that of all stays", async () => {
  const ClientId = home.client.id;
  const all = await set({ CSS });
  await set({ ClientId, ImageFile: png });
  await app.client.send(new DeleteUserPoolClientCommand({ UserPoolId: home.pool.id, ClientId }));
  const rows = await app.context.store.db
    .selectFrom("ui_customizations")
    .select("client_id")
    .where("user_pool_id", "=", home.pool.id)
    .execute();
  expect(rows).toEqual([{ client_id: "ALL" }]);
  expect(await get()).toEqual(all);
});
