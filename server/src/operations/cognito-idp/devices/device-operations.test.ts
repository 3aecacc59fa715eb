import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  AdminUpdateDeviceStatusCommand,
  CreateUserPoolCommand,
  type DeviceConfigurationType,
  ForgetDeviceCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findDevice, isRemembered, tracksDevices } from "../../../domain/devices/device.ts";
import { recordDeviceUse } from "../../../domain/devices/sign-in-device.ts";
import { loadPool, type UserPool } from "../../../domain/pools/pool.ts";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import {
  confirmDevice,
  poolWithDevices,
  type SignedInDevice,
  signInWithNewDevice,
} from "../../../testing/devices.ts";
import { type TestPool, testCall, testPool, testUser } from "../../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const notThere = { name: "ResourceNotFoundException", message: "Device does not exist." };
const invalidRefresh = { name: "NotAuthorizedException", message: "Invalid Refresh Token." };

/** A pool with a user who is signed in with a confirmed device. */
async function confirmed(devices = {}): Promise<{
  home: TestPool;
  user: User;
  device: SignedInDevice;
}> {
  const { home, user } = await poolWithDevices(app, devices);
  const device = await signInWithNewDevice(app, home, user);
  await confirmDevice(app, device, "phone");
  return { home, user, device };
}

const own = ({ access, deviceKey }: SignedInDevice) => ({
  AccessToken: access,
  DeviceKey: deviceKey,
});
const administered = ({ pool }: TestPool, { deviceKey }: SignedInDevice) => ({
  UserPoolId: pool.id,
  Username: "ada",
  DeviceKey: deviceKey,
});

async function remembered(pool: UserPool, user: User, { deviceKey }: SignedInDevice) {
  const device = await findDevice(testCall(app).db, pool, { userId: user.id, deviceKey });
  return device && isRemembered(device);
}

function refresh({ client }: TestPool, { refresh: token }: SignedInDevice, deviceKey?: string) {
  const command = new GetTokensFromRefreshTokenCommand({
    ClientId: client.id,
    RefreshToken: token,
    DeviceKey: deviceKey,
  });
  return app.client.send(command);
}

function refreshByFlow({ client }: TestPool, device: SignedInDevice, deviceKey?: string) {
  const command = new InitiateAuthCommand({
    ClientId: client.id,
    AuthFlow: "REFRESH_TOKEN_AUTH",
    AuthParameters: {
      REFRESH_TOKEN: device.refresh,
      ...(deviceKey === undefined ? {} : { DEVICE_KEY: deviceKey }),
    },
  });
  return app.client.send(command);
}

describe("a device", () => {
  test("shows its user its name, address and times, and an administrator more", async () => {
    const { home, device } = await confirmed();
    const { Device } = await app.client.send(new GetDeviceCommand(own(device)));
    expect(Device?.DeviceKey).toBe(device.deviceKey);
    expect(Device?.DeviceAttributes).toEqual([
      { Name: "device_status", Value: "valid" },
      { Name: "device_name", Value: "phone" },
      { Name: "last_ip_used", Value: "127.0.0.1" },
    ]);
    expect(Device?.DeviceCreateDate).toBeInstanceOf(Date);
    const command = new AdminGetDeviceCommand(administered(home, device));
    const { Device: shown } = await app.client.send(command);
    const owner = `ada.${home.pool.id}`;
    expect(shown?.DeviceAttributes?.slice(3)).toEqual([
      {
        Name: "dev:device_arn",
        Value: `arn:aws:cognito-idp:us-east-1:123456789012:owner/${owner}/device/${device.deviceKey}`,
      },
      { Name: "dev:device_owner", Value: owner },
      { Name: "dev:device_remembered_status", Value: "remembered" },
    ]);
  });

  test("is not there before it is confirmed", async () => {
    const { home, user } = await poolWithDevices(app);
    const device = await signInWithNewDevice(app, home, user);
    const status = { DeviceRememberedStatus: "remembered" } as const;
    const commands = [
      () => app.client.send(new GetDeviceCommand(own(device))),
      () => app.client.send(new UpdateDeviceStatusCommand({ ...own(device), ...status })),
      () => app.client.send(new ForgetDeviceCommand(own(device))),
      () => app.client.send(new AdminGetDeviceCommand(administered(home, device))),
      () =>
        app.client.send(
          new AdminUpdateDeviceStatusCommand({ ...administered(home, device), ...status }),
        ),
      () => app.client.send(new AdminForgetDeviceCommand(administered(home, device))),
    ];
    for (const send of commands) await expect(send()).rejects.toMatchObject(notThere);
    const listed = await app.client.send(new ListDevicesCommand({ AccessToken: device.access }));
    expect(listed.Devices).toEqual([]);
  });

  test("of another user is not there, for reading, changing or forgetting", async () => {
    const { home, user, device } = await confirmed();
    const eve = await testUser(app, home.pool, { username: "eve" });
    const { access } = await signInWithNewDevice(app, home, eve);
    const aimed = { AccessToken: access, DeviceKey: device.deviceKey };
    const status = { DeviceRememberedStatus: "not_remembered" } as const;
    const commands = [
      () => app.client.send(new GetDeviceCommand(aimed)),
      () => app.client.send(new UpdateDeviceStatusCommand({ ...aimed, ...status })),
      () => app.client.send(new ForgetDeviceCommand(aimed)),
      () =>
        app.client.send(
          new AdminForgetDeviceCommand({ ...administered(home, device), Username: "eve" }),
        ),
    ];
    for (const send of commands) await expect(send()).rejects.toMatchObject(notThere);
    expect(await remembered(home.pool, user, device)).toBe(true);
  });

  test("is remembered and not remembered as its user or an administrator says", async () => {
    const { home, user, device } = await confirmed({ deviceOnlyRememberedOnUserPrompt: true });
    expect(await remembered(home.pool, user, device)).toBe(false);
    const update = (DeviceRememberedStatus: "remembered" | "not_remembered") =>
      app.client.send(new UpdateDeviceStatusCommand({ ...own(device), DeviceRememberedStatus }));
    await update("remembered");
    expect(await remembered(home.pool, user, device)).toBe(true);
    await update("not_remembered");
    expect(await remembered(home.pool, user, device)).toBe(false);
    await app.client.send(
      new AdminUpdateDeviceStatusCommand({
        ...administered(home, device),
        DeviceRememberedStatus: "remembered",
      }),
    );
    expect(await remembered(home.pool, user, device)).toBe(true);
    await expect(app.client.send(new UpdateDeviceStatusCommand(own(device)))).rejects.toMatchObject(
      { name: "InvalidParameterException" },
    );
  });

  test("that a sign-in rests on counts no more once it is not remembered, or forgotten", async () => {
    const { home, user, device } = await confirmed();
    const use = (isRememberedDue: boolean) => {
      const call = testCall(app);
      const named = { pool: home.pool, userId: user.id, deviceKey: device.deviceKey };
      return call.change((trx) =>
        recordDeviceUse(trx, call, { ...named, remembered: isRememberedDue }),
      );
    };
    expect(await use(true)).toBe(true);
    const status = { DeviceRememberedStatus: "not_remembered" } as const;
    await app.client.send(new UpdateDeviceStatusCommand({ ...own(device), ...status }));
    expect(await use(true)).toBe(false);
    expect(await use(false)).toBe(true);
    await app.client.send(new ForgetDeviceCommand(own(device)));
    expect(await use(false)).toBe(false);
  });
});

test.each(["user", "administrator"])("devices are listed in pages for a %s", async (who) => {
  const { home, user, device } = await confirmed();
  for (let n = 0; n < 2; n += 1) {
    await confirmDevice(app, await signInWithNewDevice(app, home, user));
  }
  const page = (PaginationToken?: string) =>
    who === "user"
      ? app.client.send(
          new ListDevicesCommand({ AccessToken: device.access, Limit: 2, PaginationToken }),
        )
      : app.client.send(
          new AdminListDevicesCommand({
            UserPoolId: home.pool.id,
            Username: "ada",
            Limit: 2,
            PaginationToken,
          }),
        );
  const first = await page();
  expect(first.Devices).toHaveLength(2);
  const second = await page(first.PaginationToken);
  expect(second.Devices).toHaveLength(1);
  expect(second.PaginationToken).toBeUndefined();
  const keys = [...(first.Devices ?? []), ...(second.Devices ?? [])].map((each) => each.DeviceKey);
  expect(new Set(keys).size).toBe(3);
  expect(keys).toContain(device.deviceKey);

  const eve = await testUser(app, home.pool, { username: "eve" });
  const { access } = await signInWithNewDevice(app, home, eve);
  const foreign = new ListDevicesCommand({
    AccessToken: access,
    PaginationToken: first.PaginationToken,
  });
  await expect(app.client.send(foreign)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

describe("a refresh token of a device", () => {
  test.each([
    ["GetTokensFromRefreshToken", refresh],
    ["REFRESH_TOKEN_AUTH", refreshByFlow],
  ] as const)("is good with that device alone, by %s", async (_, by) => {
    const { home, user, device } = await confirmed();
    const other = await signInWithNewDevice(app, home, user);
    await expect(by(home, device)).rejects.toMatchObject(invalidRefresh);
    await expect(by(home, device, other.deviceKey)).rejects.toMatchObject(invalidRefresh);
    const { AuthenticationResult } = await by(home, device, device.deviceKey);
    const { device_key: key } = claimsOf(AuthenticationResult?.AccessToken ?? "");
    expect(key).toBe(device.deviceKey);
  });

  test("needs no device any more where its pool has ceased to track them", async () => {
    const { home, device } = await confirmed();
    await app.client.send(new UpdateUserPoolCommand({ UserPoolId: home.pool.id }));
    expect((await refresh(home, device)).AuthenticationResult?.AccessToken).toBeDefined();
  });

  test("from before its pool tracked devices needs none", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    const tokens = await tokensOf(app, home);
    await app.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: home.pool.id,
        DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
      }),
    );
    const old = { access: tokens.access, refresh: tokens.refresh, deviceKey: "", groupKey: "" };
    const { AuthenticationResult } = await refresh(home, old);
    expect(claimsOf(AuthenticationResult?.AccessToken ?? "")["device_key"]).toBeUndefined();
  });
});

describe("a device that is forgotten", () => {
  const getUser = ({ access }: SignedInDevice) =>
    app.client.send(new GetUserCommand({ AccessToken: access }));

  test("by itself refreshes nothing more, while its access token lives on", async () => {
    const { home, device } = await confirmed();
    await app.client.send(new ForgetDeviceCommand(own(device)));
    await expect(refresh(home, device, device.deviceKey)).rejects.toMatchObject(invalidRefresh);
    expect((await getUser(device)).Username).toBe("ada");
    await expect(app.client.send(new GetDeviceCommand(own(device)))).rejects.toMatchObject(
      notThere,
    );
    await app.client.send(new UpdateUserPoolCommand({ UserPoolId: home.pool.id }));
    await expect(refresh(home, device, device.deviceKey)).rejects.toMatchObject(invalidRefresh);
  });

  test("by another device is signed out at once, and no other is", async () => {
    const { home, user, device: stolen } = await confirmed();
    const mine = await signInWithNewDevice(app, home, user);
    await confirmDevice(app, mine);
    await app.client.send(
      new ForgetDeviceCommand({ AccessToken: mine.access, DeviceKey: stolen.deviceKey }),
    );
    await expect(getUser(stolen)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(refresh(home, stolen, stolen.deviceKey)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    expect((await refresh(home, mine, mine.deviceKey)).AuthenticationResult).toBeDefined();
  });

  test("by an administrator is signed out at once", async () => {
    const { home, device } = await confirmed();
    await app.client.send(new AdminForgetDeviceCommand(administered(home, device)));
    await expect(getUser(device)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(
      app.client.send(new AdminForgetDeviceCommand(administered(home, device))),
    ).rejects.toMatchObject(notThere);
  });
});

test("a user has a hundred devices at most, and confirmed ones stay", async () => {
  const { home, user, device } = await confirmed();
  const call = testCall(app);
  const rows = Array.from({ length: 110 }, (_, n) => ({
    user_pool_id: home.pool.id,
    user_id: user.id,
    device_key: `us-east-1_${n}`,
    group_key: "-group",
    status: "new",
    last_ip: "192.0.2.1",
    user_agent: "test",
    created_at_ms: n,
    modified_at_ms: n,
    last_authenticated_at_ms: n,
  }));
  await call.db.insertInto("devices").values(rows).execute();
  const newest = await signInWithNewDevice(app, home, user);
  const left = await call.db
    .selectFrom("devices")
    .select("device_key")
    .where("user_id", "=", user.id)
    .execute();
  expect(left).toHaveLength(100);
  const keys = left.map(({ device_key }) => device_key);
  expect(keys).toEqual(expect.arrayContaining([device.deviceKey, newest.deviceKey]));
  expect(keys).not.toContain("us-east-1_0");
});

test.each<[string, DeviceConfigurationType | undefined, DeviceConfigurationType | undefined]>([
  ["no DeviceConfiguration", undefined, undefined],
  ["an empty one", {}, undefined],
  [
    "one that says no",
    { ChallengeRequiredOnNewDevice: false },
    { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false },
  ],
  [
    "one that says yes",
    { DeviceOnlyRememberedOnUserPrompt: true },
    { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: true },
  ],
])(
  "a pool with %s tracks devices where a value is given",
  async (_, DeviceConfiguration, shown) => {
    const { UserPool } = await app.client.send(
      new CreateUserPoolCommand({ PoolName: "devices", DeviceConfiguration }),
    );
    expect(UserPool?.DeviceConfiguration).toEqual(shown);
    const pool = await loadPool(testCall(app), UserPool?.Id ?? "");
    expect(tracksDevices(pool)).toBe(shown !== undefined);
  },
);
