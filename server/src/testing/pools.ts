/** Pools and users for tests of the operations that need them, made by the rules themselves. */
import { type Call, makeCall } from "../domain/call.ts";
import type {
  UserPoolClient,
  UserPoolClientExtensions,
  UserPoolClientSettings,
} from "../domain/clients/client.ts";
import { createClient } from "../domain/clients/create.ts";
import { defaultClientSettings } from "../domain/clients/default-settings.ts";
import { noFactors } from "../domain/mfa/factors.ts";
import { createPool } from "../domain/pools/create.ts";
import { defaultUserPoolSettings } from "../domain/pools/default-settings.ts";
import type { UserPool, UserPoolExtensions, UserPoolSettings } from "../domain/pools/pool.ts";
import { findUser } from "../domain/users/find.ts";
import { newPassword } from "../domain/users/password.ts";
import type { User } from "../domain/users/user.ts";
import { insertUser } from "../domain/users/write.ts";
import type { TestApp } from "./app.ts";

export const password = "Correct-Horse-9-Battery";

const facts = {
  service: "test",
  operation: "Test",
  readOnly: false,
  requestId: "test",
  sourceIp: "127.0.0.1",
  userAgent: "test",
};

/** A call by nobody in particular, for tests of rules. */
export function testCall({ context }: TestApp): Call {
  return makeCall(context, facts);
}

export type TestPool = { readonly pool: UserPool; readonly client: UserPoolClient };

export type TestPoolOptions = {
  readonly settings?: Partial<UserPoolSettings>;
  readonly extensions?: Partial<UserPoolExtensions>;
  readonly client?: Partial<UserPoolClientSettings>;
  readonly clientExtensions?: UserPoolClientExtensions;
  readonly secret?: string;
};

/** A pool of AWS's defaults but for these, stored nowhere. */
export function poolWith(settings: Partial<UserPoolSettings>): UserPool {
  return {
    id: "us-east-1_Test00000",
    name: "test",
    settings: { ...defaultUserPoolSettings, ...settings },
    extensions: { profile: "compat", issuerMode: "own", srpVerifiers: "on", recoveryCodes: "off" },
    createdAtMs: 0,
    modifiedAtMs: 0,
  };
}

/** A pool of AWS's defaults with a public client that allows password, SRP and refresh, unless told otherwise. */
export async function testPool(app: TestApp, options: TestPoolOptions = {}): Promise<TestPool> {
  const pool = await createPool(testCall(app), {
    name: "test",
    settings: { ...defaultUserPoolSettings, ...options.settings },
    ...(options.extensions ? { extensions: options.extensions } : {}),
  });
  const client = await createClient(testCall(app), pool, {
    name: "test",
    ...(options.secret === undefined ? {} : { secret: options.secret }),
    ...(options.clientExtensions ? { extensions: options.clientExtensions } : {}),
    settings: {
      ...defaultClientSettings,
      explicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      ...options.client,
    },
  });
  return { pool, client };
}

/** A confirmed user with the `password` above, unless told otherwise. */
export async function testUser(
  app: TestApp,
  pool: UserPool,
  given: Partial<User> & { password?: string } = {},
): Promise<User> {
  const call = testCall(app);
  const nowMs = call.clock.now();
  const id = call.random.uuid();
  const named = { id, username: given.username ?? "ada", attributes: given.attributes ?? {} };
  const stored = await newPassword(call, pool, {
    user: named,
    password: given.password ?? password,
  });
  const user: User = {
    userPoolId: pool.id,
    status: "CONFIRMED",
    enabled: true,
    temporaryPasswordExpiresAtMs: null,
    factors: noFactors,
    tokensValidFromMs: 0,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    ...stored,
    ...named,
    ...given,
  };
  await call.change((trx) => insertUser(trx, pool, { user }).then(() => undefined));
  return user;
}

/** The user that a pool holds by this name now. */
export function storedUser(
  { context }: TestApp,
  { pool }: TestPool,
  name = "ada",
): Promise<User | undefined> {
  return findUser(context.store.db, pool, name);
}

/** The attributes that a user of a pool has now. */
export async function storedAttributes(
  app: TestApp,
  home: TestPool,
  name?: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  return (await storedUser(app, home, name))?.attributes;
}
