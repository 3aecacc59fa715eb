import {
  CreateUserPoolDomainCommand,
  type CreateUserPoolDomainCommandInput,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  UpdateUserPoolCommand,
  UpdateUserPoolDomainCommand,
  type UpdateUserPoolDomainCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { domainsOf, findDomain } from "../../../domain/domains/domain.ts";
import type { UserPool } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool } from "../../../testing/pools.ts";
import { signedCall } from "../../../testing/signed-call.ts";

let app: TestApp;
let pool: UserPool;
beforeEach(async () => {
  app = await testApp();
  ({ pool } = await testPool(app));
});
afterEach(() => app.close());

const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222";
const custom = { Domain: "login.shop.example", CustomDomainConfig: { CertificateArn } };

function create(
  given: Partial<CreateUserPoolDomainCommandInput> = {},
  { id }: Pick<UserPool, "id"> = pool,
) {
  return app.client.send(
    new CreateUserPoolDomainCommand({ UserPoolId: id, Domain: "shop", ...given }),
  );
}

function update(given: Partial<UpdateUserPoolDomainCommandInput>) {
  return app.client.send(
    new UpdateUserPoolDomainCommand({ UserPoolId: pool.id, Domain: "shop", ...given }),
  );
}

function remove(Domain = "shop", { id }: Pick<UserPool, "id"> = pool) {
  return app.client.send(new DeleteUserPoolDomainCommand({ UserPoolId: id, Domain }));
}

async function describeDomain(Domain = "shop") {
  const answer = await app.client.send(new DescribeUserPoolDomainCommand({ Domain }));
  return answer.DomainDescription;
}

async function describePool({ client }: TestApp = app) {
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  return UserPool;
}

const invalid = (message: string) => ({ name: "InvalidParameterException", message });
const noSuchDomain = invalid("No such domain or user pool exists.");

test("a prefix is shown as AWS shows it, and by its pool", async () => {
  expect((await describePool())?.Domain).toBeUndefined();
  const { ManagedLoginVersion, CloudFrontDomain } = await create();
  expect({ ManagedLoginVersion, CloudFrontDomain }).toEqual({ ManagedLoginVersion: 1 });
  expect(await describeDomain()).toEqual({
    UserPoolId: pool.id,
    AWSAccountId: app.context.settings.accountId,
    Domain: "shop",
    CloudFrontDistribution: "localhost",
    Status: "ACTIVE",
    CustomDomainConfig: {},
    ManagedLoginVersion: 1,
  });
  const shown = await describePool();
  expect(shown).toMatchObject({ Domain: "shop" });
  expect(shown?.CustomDomain).toBeUndefined();
});

test("a custom domain shows its certificate, and where its name has to point to", async () => {
  const CustomDomainConfig = { CertificateArn, SecurityPolicy: "TLS_V1_2_2021" as const };
  const made = await create({ ...custom, CustomDomainConfig, ManagedLoginVersion: 2 });
  expect(made).toMatchObject({ ManagedLoginVersion: 2, CloudFrontDomain: "localhost" });
  expect(await describeDomain(custom.Domain)).toMatchObject({
    Domain: custom.Domain,
    CustomDomainConfig,
    ManagedLoginVersion: 2,
  });
  expect(await describePool()).toMatchObject({ CustomDomain: custom.Domain });
});

test("an unknown domain is described as nothing, and so is another region's", async () => {
  await create();
  expect(await describeDomain("other")).toEqual({});
  const target = "AWSCognitoIdentityProviderService.DescribeUserPoolDomain";
  const input = { Domain: "shop" };
  expect(await signedCall(app, { target, input }, { region: "eu-west-1" })).toEqual({
    DomainDescription: {},
  });
});

test("a pool has one prefix and one custom domain, and no second of either", async () => {
  await create();
  await create(custom);
  const refused = invalid("User pool already has a domain configured.");
  await expect(create({ Domain: "shop-2" })).rejects.toMatchObject(refused);
  await expect(create({ ...custom, Domain: "a.shop.example" })).rejects.toMatchObject(refused);
  expect(await describePool()).toMatchObject({ Domain: "shop", CustomDomain: custom.Domain });
});

test("a name is one pool's until that pool gives it up", async () => {
  const { pool: other } = await testPool(app);
  const taken = invalid("Domain already associated with another user pool.");
  await create();
  await create(custom);
  await expect(create({}, other)).rejects.toMatchObject(taken);
  await expect(create(custom, other)).rejects.toMatchObject(taken);
  await expect(remove("shop", other)).rejects.toMatchObject(noSuchDomain);
  expect((await describeDomain())?.UserPoolId).toBe(pool.id);
  await remove();
  await create({}, other);
  expect((await describeDomain())?.UserPoolId).toBe(other.id);
  expect((await describePool())?.Domain).toBeUndefined();
});

const format = String.raw`The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`;

test.each([
  ["Shop", format],
  ["-shop", format],
  ["shop-", format],
  ["shop.example", format],
  ["shop_1", format],
  ["shöp", format],
  ["shop\n", format],
  ["my-awsome-shop", "Domain cannot contain reserved word: aws"],
  ["amazonas", "Domain cannot contain reserved word: amazon"],
  ["aws-cognito", "Domain cannot contain reserved word: cognito"],
])("the prefix %j is refused", async (Domain, message) => {
  await expect(create({ Domain })).rejects.toMatchObject(invalid(message));
  expect(await domainsOf(app.context.store.db, pool)).toEqual([]);
});

test.each([
  ["shop", "is not a host name"],
  ["Login.shop.example", "is not a host name"],
  ["login..example", "is not a host name"],
  ["login.shop.example.", "is not a host name"],
  ["login.shop.example:443", "is not a host name"],
  ["*.shop.example", "is not a host name"],
  ["127.0.0.1", "is not a host name"],
  ["[::1]", "is not a host name"],
  ["other.auth.localhost", "is a name of this server"],
  ["s3.localhost", "is a name of this server"],
  ["bucket.s3.localhost", "is a name of this server"],
])("the custom domain %j is refused", async (Domain, why) => {
  await expect(create({ ...custom, Domain })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `Custom domain is not a valid subdomain: ${Domain} ${why}${why.includes("host") ? " in lower-case letters" : ""}.`,
  });
  expect(await domainsOf(app.context.store.db, pool)).toEqual([]);
});

test.each([
  [{ ManagedLoginVersion: 3 }, "ManagedLoginVersion must be 1 or 2."],
  [{ ManagedLoginVersion: 0 }, "ManagedLoginVersion must be 1 or 2."],
  [{ Routing: {} }, "Routing cannot be set: several nodes share one database instead."],
  [
    { ...custom, CustomDomainConfig: { CertificateArn, SecurityPolicy: "TLS_V1_3_2025" as const } },
    "CustomDomainConfig.SecurityPolicy cannot be set to more than TLS_V1_2_2021: this server speaks TLS 1.2 and 1.3 whatever name it is called by.",
  ],
])("%j is refused, at a change too", async (given, message) => {
  await expect(create(given)).rejects.toMatchObject(invalid(message));
  await create();
  await expect(update(given)).rejects.toMatchObject(invalid(message));
  expect((await describeDomain())?.ManagedLoginVersion).toBe(1);
});

test("a custom domain without a certificate is refused", async () => {
  await expect(
    create({ ...custom, CustomDomainConfig: { CertificateArn: undefined } }),
  ).rejects.toThrow("at 'customDomainConfig.certificateArn' failed");
  await expect(create({ Domain: custom.Domain })).rejects.toMatchObject(invalid(format));
});

test("a pool of another region is out of reach", async () => {
  for (const operation of ["CreateUserPoolDomain", "DeleteUserPoolDomain"]) {
    const target = `AWSCognitoIdentityProviderService.${operation}` as const;
    const input = { UserPoolId: pool.id, Domain: "shop" };
    await expect(signedCall(app, { target, input }, { region: "eu-west-1" })).rejects.toMatchObject(
      { name: "ResourceNotFoundException" },
    );
  }
  expect(await describeDomain()).toEqual({});
});

test("an update changes what it says and keeps the kind of the domain", async () => {
  await create();
  await create(custom);
  const before = await findDomain(app.context.store.db, "shop");
  expect(await update({ ManagedLoginVersion: 2 })).toMatchObject({ ManagedLoginVersion: 2 });
  const after = await findDomain(app.context.store.db, "shop");
  expect(after?.modifiedAtMs).toBeGreaterThan(before?.modifiedAtMs ?? Infinity);
  // Left out, the version stays.
  await update({});
  expect((await describeDomain())?.ManagedLoginVersion).toBe(2);
  const CustomDomainConfig = { CertificateArn: `${CertificateArn}-renewed` };
  await update({ ...custom, CustomDomainConfig });
  expect(await describeDomain(custom.Domain)).toMatchObject({
    CustomDomainConfig,
    ManagedLoginVersion: 1,
  });
  await expect(update({ Domain: custom.Domain, ManagedLoginVersion: 2 })).rejects.toMatchObject(
    invalid("Cannot convert custom domain to prefix domain."),
  );
  await expect(update({ CustomDomainConfig })).rejects.toMatchObject(
    invalid("Cannot convert prefix domain to custom domain."),
  );
});

test("what a pool does not have it can neither change nor delete", async () => {
  const { pool: other } = await testPool(app);
  await create({ Domain: "theirs" }, other);
  for (const Domain of ["theirs", "nobodys", "SHOP"]) {
    await expect(update({ Domain, ManagedLoginVersion: 2 })).rejects.toMatchObject(noSuchDomain);
    await expect(remove(Domain)).rejects.toMatchObject(noSuchDomain);
  }
  expect(await describeDomain("theirs")).toMatchObject({ ManagedLoginVersion: 1 });
});

describe("with the tier Lite", () => {
  const lite = {
    name: "FeatureUnavailableInTierException",
    message:
      "The following features need to be disabled for the LITE pricing tier configured: Managed Login",
  };

  test("a domain shows the classic pages alone", async () => {
    ({ pool } = await testPool(app, { settings: { tier: "LITE" } }));
    await expect(create({ ManagedLoginVersion: 2 })).rejects.toMatchObject(lite);
    await create();
    await expect(update({ ManagedLoginVersion: 2 })).rejects.toMatchObject(lite);
    expect((await describeDomain())?.ManagedLoginVersion).toBe(1);
  });

  test("a pool has no domain with managed login", async () => {
    const downgrade = () =>
      app.client.send(new UpdateUserPoolCommand({ UserPoolId: pool.id, UserPoolTier: "LITE" }));
    await create({ ManagedLoginVersion: 2 });
    await expect(downgrade()).rejects.toMatchObject(lite);
    await update({ ManagedLoginVersion: 1 });
    await downgrade();
    expect((await describePool())?.UserPoolTier).toBe("LITE");
  });
});

test("a pool is not deleted before its domains", async () => {
  const deletePool = () => app.client.send(new DeleteUserPoolCommand({ UserPoolId: pool.id }));
  await create();
  await create(custom);
  const refused = invalid(
    "User pool cannot be deleted. It has a domain configured that should be deleted first.",
  );
  await expect(deletePool()).rejects.toMatchObject(refused);
  await remove();
  await expect(deletePool()).rejects.toMatchObject(refused);
  await remove(custom.Domain);
  await deletePool();
  await expect(create()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a domain is found by its name in any case, and by nothing else", async () => {
  const { db } = app.context.store;
  await create();
  await create(custom);
  expect(await findDomain(db, "SHOP")).toMatchObject({ domain: "shop", userPoolId: pool.id });
  expect(await findDomain(db, "Login.Shop.Example")).toMatchObject({ isCustom: true });
  for (const name of ["", "shop ", "shop.", "sho", "%", "s_op", "shop\u0000", "a".repeat(1e6)]) {
    expect(await findDomain(db, name)).toBeUndefined();
  }
});

test("each change has its row in the trail", async () => {
  await create();
  await update({ ManagedLoginVersion: 2 });
  await remove();
  await expect(remove()).rejects.toMatchObject(noSuchDomain);
  const rows = (await app.auditEvents()).filter(({ eventName }) => /Domain$/.test(eventName));
  expect(rows.map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([
    ["CreateUserPoolDomain", undefined],
    ["UpdateUserPoolDomain", undefined],
    ["DeleteUserPoolDomain", undefined],
    ["DeleteUserPoolDomain", "InvalidParameterException"],
  ]);
});

describe.each(engines)("on %s, at once", (engine) => {
  let racing: TestApp;
  beforeEach(async () => {
    racing = await testApp({ engine });
    ({ pool } = await testPool(racing));
  });
  afterEach(() => racing.close());

  const outcomes = async (calls: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(calls)).filter(({ status }) => status === "fulfilled").length;
  const createThere = (Domain: string, UserPoolId = pool.id) =>
    racing.client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }));

  test("of many prefixes a pool gets one", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    expect(await outcomes(names.map((name) => createThere(name)))).toBe(1);
    expect(await domainsOf(racing.context.store.db, pool)).toHaveLength(1);
  });

  test("of many pools one gets the name", async () => {
    const pools = await Promise.all(Array.from({ length: 5 }, () => testPool(racing)));
    expect(await outcomes(pools.map((each) => createThere("shop", each.pool.id)))).toBe(1);
  });

  test("a pool that is deleted leaves no domain", async () => {
    const deletion = new DeleteUserPoolCommand({ UserPoolId: pool.id });
    const done = await outcomes([createThere("shop"), racing.client.send(deletion)]);
    expect(done).toBe(1);
    const found = await findDomain(racing.context.store.db, "shop");
    const isThere = await describePool(racing).then(
      () => true,
      () => false,
    );
    expect(found !== undefined).toBe(isThere);
  });
});
