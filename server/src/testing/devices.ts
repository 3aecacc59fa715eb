/** Devices as sign-ins get them, for tests of what comes after. */
import { ConfirmDeviceCommand } from "@aws-sdk/client-cognito-identity-provider";
import { createDeviceVerifier } from "cognito-srp-helper";
import { prepareNewDevice } from "../domain/devices/sign-in-device.ts";
import type { DeviceConfiguration } from "../domain/pools/pool.ts";
import { prepareFamily } from "../domain/tokens/issue.ts";
import type { User } from "../domain/users/user.ts";
import type { TestApp } from "./app.ts";
import { type TestPool, type TestPoolOptions, testCall, testPool, testUser } from "./pools.ts";

export type SignedInDevice = {
  readonly access: string;
  readonly refresh: string;
  readonly deviceKey: string;
  readonly groupKey: string;
};

/** A pool that remembers devices, with one user. */
export async function poolWithDevices(
  app: TestApp,
  devices: Partial<DeviceConfiguration> = {},
  options: TestPoolOptions = {},
): Promise<{ home: TestPool; user: User }> {
  const deviceConfiguration = {
    challengeRequiredOnNewDevice: false,
    deviceOnlyRememberedOnUserPrompt: false,
    ...devices,
  };
  const home = await testPool(app, {
    ...options,
    settings: { deviceConfiguration, ...options.settings },
  });
  return { home, user: await testUser(app, home.pool) };
}

/** The end of a sign-in that named no device: tokens, and a device that is not confirmed yet. */
export async function signInWithNewDevice(
  app: TestApp,
  { pool, client }: TestPool,
  user: User,
): Promise<SignedInDevice> {
  const call = testCall(app);
  const device = prepareNewDevice(call, pool, user);
  const { deviceKey, groupKey } = device.metadata;
  const family = await prepareFamily(call, { pool, client, user, deviceKey });
  await call.change(async (trx) => {
    await device.store(trx);
    await family.store(trx);
  });
  const { accessToken: access, refreshToken: refresh = "" } = family.tokens;
  return { access, refresh, deviceKey, groupKey };
}

/** ConfirmDevice as Amplify sends it; answers with the device's secret, which only its client knows. */
export async function confirmDevice(
  { client: sdk }: TestApp,
  device: Pick<SignedInDevice, "access" | "deviceKey" | "groupKey">,
  name?: string,
): Promise<{ secret: string; userConfirmationNecessary: boolean | undefined }> {
  const verifier = createDeviceVerifier(device.deviceKey, device.groupKey);
  const { UserConfirmationNecessary } = await sdk.send(
    new ConfirmDeviceCommand({
      AccessToken: device.access,
      DeviceKey: device.deviceKey,
      DeviceName: name,
      DeviceSecretVerifierConfig: verifier.DeviceSecretVerifierConfig,
    }),
  );
  return {
    secret: verifier.DeviceRandomPassword,
    userConfirmationNecessary: UserConfirmationNecessary,
  };
}
