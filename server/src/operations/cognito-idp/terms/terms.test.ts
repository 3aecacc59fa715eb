import {
  CreateTermsCommand,
  type CreateTermsCommandInput,
  DeleteTermsCommand,
  DeleteUserPoolClientCommand,
  DescribeTermsByClientCommand,
  DescribeTermsCommand,
  ListTermsCommand,
  UpdateTermsCommand,
  type UpdateTermsCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { termsShownIn } from "../../../domain/terms/terms.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
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

const Links = { "cognito:default": "https://example.com/terms" };

async function create(input: Partial<CreateTermsCommandInput> = {}) {
  const command = new CreateTermsCommand({
    UserPoolId: home.pool.id,
    ClientId: home.client.id,
    TermsName: "terms-of-use",
    TermsSource: "LINK",
    Enforcement: "NONE",
    Links,
    ...input,
  });
  const { Terms } = await app.client.send(command);
  return Terms ?? expect.fail("no terms");
}

async function update(TermsId: string | undefined, input: Partial<UpdateTermsCommandInput>) {
  const command = new UpdateTermsCommand({ UserPoolId: home.pool.id, TermsId, ...input });
  const { Terms } = await app.client.send(command);
  return Terms ?? expect.fail("no terms");
}

async function describeTerms(TermsId: string | undefined, UserPoolId = home.pool.id) {
  const { Terms } = await app.client.send(new DescribeTermsCommand({ UserPoolId, TermsId }));
  return Terms ?? expect.fail("no terms");
}

const remove = (TermsId: string | undefined, UserPoolId = home.pool.id) =>
  app.client.send(new DeleteTermsCommand({ UserPoolId, TermsId }));

describe("terms", () => {
  it("are whole when they are read back, by id and by client", async () => {
    const made = await create();
    expect(made).toEqual({
      TermsId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      UserPoolId: home.pool.id,
      ClientId: home.client.id,
      TermsName: "terms-of-use",
      TermsSource: "LINK",
      Enforcement: "NONE",
      Links,
      CreationDate: expect.any(Date),
      LastModifiedDate: made.CreationDate,
    });
    expect(await describeTerms(made.TermsId)).toEqual(made);
    const byClient = new DescribeTermsByClientCommand({
      UserPoolId: home.pool.id,
      ClientId: home.client.id,
      TermsName: "terms-of-use",
    });
    expect((await app.client.send(byClient)).Terms).toEqual(made);
  });

  it("are one of a name for each client", async () => {
    const all = await Promise.allSettled([create(), create(), create()]);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(create()).rejects.toMatchObject({ name: "TermsExistsException" });
    await create({ TermsName: "privacy-policy" });
    const other = await otherClientOf(app, home);
    await create({ ClientId: other.client.id });
  });

  it("change in what is given and keep the rest", async () => {
    const made = await create();
    const links = { "cognito:french": "https://example.com/fr" };
    const changed = await update(made.TermsId, { Links: links });
    expect(changed).toMatchObject({ TermsName: "terms-of-use", Links: links });
    expect(changed.Links).toEqual(links);
    const renamed = await update(made.TermsId, { TermsName: "privacy-policy" });
    expect(renamed).toMatchObject({ TermsName: "privacy-policy", Links: links });
    expect(await describeTerms(made.TermsId)).toEqual(renamed);
    expect(renamed.CreationDate).toEqual(made.CreationDate);
  });

  it("take no name that the client's other document has, however many try", async () => {
    const [one, two] = [await create(), await create({ TermsName: "privacy-policy" })];
    await update(one.TermsId, { TermsName: "terms-of-use" });
    const taken = { name: "TermsExistsException" };
    await expect(update(one.TermsId, { TermsName: "privacy-policy" })).rejects.toMatchObject(taken);
    await remove(two.TermsId);
    const swap = [
      update(one.TermsId, { TermsName: "privacy-policy" }),
      create({ TermsName: "privacy-policy" }),
    ];
    const done = await Promise.allSettled(swap);
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it.each([
    ["no links", { Links: undefined }],
    ["an empty map", { Links: {} }],
    ["a script", { Links: { "cognito:default": "javascript:alert(1)" } }],
    ["data", { Links: { "cognito:default": "data:text/html,x" } }],
    ["no address", { Links: { "cognito:default": "example.com" } }],
    ["an unknown language", { Links: { "cognito:klingon": "https://example.com" } }],
    ["a language without its prefix", { Links: { english: "https://example.com" } }],
    ["a long address", { Links: { "cognito:default": `https://${"a".repeat(1024)}` } }],
    ["another name", { TermsName: "terms" }],
    ["another source", { TermsSource: "TEXT" as "LINK" }],
    ["another enforcement", { Enforcement: "ACCEPT" as "NONE" }],
  ])("are refused with %s", async (_what, input) => {
    await expect(create(input)).rejects.toMatchObject({ name: "InvalidParameterException" });
    const { TermsId } = await create();
    if ("Links" in input && input.Links === undefined) return;
    const asked = update(TermsId, input);
    await expect(asked).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("are of one pool", async () => {
    const { TermsId } = await create();
    const { pool } = await testPool(app);
    const gone = { name: "ResourceNotFoundException" };
    await expect(describeTerms(TermsId, pool.id)).rejects.toMatchObject(gone);
    await expect(remove(TermsId, pool.id)).rejects.toMatchObject(gone);
    await expect(update(TermsId, { UserPoolId: pool.id, Links })).rejects.toMatchObject(gone);
    await expect(create({ UserPoolId: pool.id })).rejects.toMatchObject(gone);
    await describeTerms(TermsId);
  });

  it("are deleted once, and with their client", async () => {
    const [one, two] = [await create(), await create({ TermsName: "privacy-policy" })];
    await remove(one.TermsId);
    const gone = { name: "ResourceNotFoundException" };
    await expect(remove(one.TermsId)).rejects.toMatchObject(gone);
    const key = { UserPoolId: home.pool.id, ClientId: home.client.id };
    await app.client.send(new DeleteUserPoolClientCommand(key));
    await expect(describeTerms(two.TermsId)).rejects.toMatchObject(gone);
  });

  it("are listed in pages", async () => {
    const made = [await create(), await create({ TermsName: "privacy-policy" })];
    const UserPoolId = home.pool.id;
    const list = (more: object) => app.client.send(new ListTermsCommand({ UserPoolId, ...more }));
    const first = await list({ MaxResults: 1 });
    const second = await list({ MaxResults: 1, NextToken: first.NextToken });
    expect(second.NextToken).toBeUndefined();
    const listed = [...(first.Terms ?? []), ...(second.Terms ?? [])];
    expect(new Set(listed)).toEqual(
      new Set(
        made.map(({ TermsId, TermsName, Enforcement, CreationDate, LastModifiedDate }) => ({
          TermsId,
          TermsName,
          Enforcement,
          CreationDate,
          LastModifiedDate,
        })),
      ),
    );
    expect((await list({})).Terms).toHaveLength(2);
  });
});

describe("what the sign-up page links to", () => {
  const shown = (language: string) => termsShownIn(app.context.store.db, home.client, language);

  it("is both documents or none", async () => {
    await create();
    expect(await shown("en")).toEqual([]);
    await create({ TermsName: "privacy-policy", Links: { "cognito:german": "https://de" } });
    expect(await shown("en")).toEqual([]);
    expect(await shown("de")).toEqual([
      { name: "terms-of-use", url: "https://example.com/terms" },
      { name: "privacy-policy", url: "https://de" },
    ]);
  });

  it("is in the page's language where there is one, else for everybody", async () => {
    const links = {
      ...Links,
      "cognito:portuguese-brazil": "https://pt",
      "cognito:chinese-traditional": "https://zh-tw",
      "cognito:chinese-simplified": "https://zh",
    };
    await create({ Links: links });
    await create({ TermsName: "privacy-policy", Links: links });
    const urlIn = async (language: string) => (await shown(language))[0]?.url;
    expect(await urlIn("pt-BR")).toBe("https://pt");
    expect(await urlIn("zh-TW")).toBe("https://zh-tw");
    expect(await urlIn("zh-CN")).toBe("https://zh");
    expect(await urlIn("fr")).toBe("https://example.com/terms");
    expect(await urlIn("constructor")).toBe("https://example.com/terms");
    expect(await urlIn("")).toBe("https://example.com/terms");
  });
});
