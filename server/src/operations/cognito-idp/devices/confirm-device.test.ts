import {
  AdminGetDeviceCommand,
  AdminResetUserPasswordCommand,
  ConfirmDeviceCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSessionWithDevice } from "cognito-srp-helper";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSrp, verifySrpSignature } from "../../../domain/auth/srp.ts";
import { N } from "../../../domain/auth/srp-group.ts";
import { deviceVerifier, findDevice, isRemembered } from "../../../domain/devices/device.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import {
  confirmDevice,
  poolWithDevices,
  type SignedInDevice,
  signInWithNewDevice,
} from "../../../testing/devices.ts";
import { testCall, testUser } from "../../../testing/pools.ts";
import { claimsOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const notThere = { name: "ResourceNotFoundException", message: "Device does not exist." };

function send(device: SignedInDevice, given: object) {
  const command = new ConfirmDeviceCommand({
    AccessToken: device.access,
    DeviceKey: device.deviceKey,
    DeviceSecretVerifierConfig: { Salt: "AQ==", PasswordVerifier: "Ag==" },
    ...given,
  });
  return app.client.send(command);
}

test("a device of a sign-in is confirmed with a verifier that its secret proves", async () => {
  const { home, user } = await poolWithDevices(app);
  const device = await signInWithNewDevice(app, home, user);
  expect(device.deviceKey).toMatch(/^us-east-1_[0-9a-f-]{36}$/);
  expect(claimsOf(device.access)["device_key"]).toBe(device.deviceKey);
  const { secret, userConfirmationNecessary } = await confirmDevice(app, device, "phone");
  expect(userConfirmationNecessary).toBe(false);

  const call = testCall(app);
  const stored = await findDevice(call.db, home.pool, { userId: user.id, ...device });
  if (!stored) throw new Error("the device is not there");
  expect(isRemembered(stored)).toBe(true);
  const isProvedBy = (password: string) => {
    const session = createSrpSession("ada", "", home.pool.id, false);
    const started = startSrp(deviceVerifier(call, stored), session.largeA, call.random);
    if (!started) throw new Error("SRP did not start");
    const secretBlock = call.random.bytes(64);
    const signed = signSrpSessionWithDevice(
      session,
      {
        ChallengeParameters: {
          SALT: stored.srpSalt,
          SECRET_BLOCK: Buffer.from(secretBlock).toString("base64"),
          SRP_B: started.srpB,
          DEVICE_KEY: stored.key,
          USERNAME: "ada",
        },
      },
      stored.groupKey,
      password,
    );
    return verifySrpSignature(started.state, {
      poolName: stored.groupKey,
      userIdForSrp: stored.key,
      secretBlock,
      timestamp: signed.timestamp,
      signature: signed.passwordSignature,
    });
  };
  expect(isProvedBy(secret)).toBe(true);
  expect(isProvedBy(`${secret}x`)).toBe(false);
});

test("where users must agree, a confirmed device is not remembered yet", async () => {
  const { home, user } = await poolWithDevices(app, { deviceOnlyRememberedOnUserPrompt: true });
  const device = await signInWithNewDevice(app, home, user);
  expect(await confirmDevice(app, device)).toMatchObject({ userConfirmationNecessary: true });
  const named = { userId: user.id, deviceKey: device.deviceKey };
  const stored = await findDevice(testCall(app).db, home.pool, named);
  expect(stored && isRemembered(stored)).toBe(false);
});

test("a device is confirmed once: nobody puts a verifier of their own in its place", async () => {
  const { home, user } = await poolWithDevices(app);
  const device = await signInWithNewDevice(app, home, user);
  await confirmDevice(app, device);
  const named = { userId: user.id, deviceKey: device.deviceKey };
  const before = await findDevice(testCall(app).db, home.pool, named);
  await expect(send(device, {})).rejects.toMatchObject({ name: "DeviceKeyExistsException" });
  expect(await findDevice(testCall(app).db, home.pool, named)).toEqual(before);
});

test("of two confirmations at once one succeeds", async () => {
  const { home, user } = await poolWithDevices(app);
  const device = await signInWithNewDevice(app, home, user);
  const outcomes = await Promise.allSettled([send(device, {}), send(device, {})]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a device that nobody has, of another user or of another pool does not exist", async () => {
  const { home, user } = await poolWithDevices(app);
  const elsewhere = await poolWithDevices(app);
  const eve = await testUser(app, home.pool, { username: "eve" });
  const device = await signInWithNewDevice(app, home, user);
  const evesDevice = await signInWithNewDevice(app, home, eve);
  const farDevice = await signInWithNewDevice(app, elsewhere.home, elsewhere.user);
  const strange = "us-east-1_0a0a0a0a-0000-4000-8000-000000000000";
  for (const { access } of [evesDevice, farDevice]) {
    await expect(send(device, { AccessToken: access })).rejects.toMatchObject(notThere);
  }
  await expect(send(device, { DeviceKey: strange })).rejects.toMatchObject(notThere);
  expect(await confirmDevice(app, device)).toBeDefined();
});

describe("a verifier is refused", async () => {
  const base64 = (number: bigint) => {
    const hex = number.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64");
  };
  const bad: Record<string, object | undefined> = {
    "that is missing": undefined,
    "without a salt": { PasswordVerifier: "Ag==" },
    "without a number": { Salt: "AQ==" },
    "of zero, which any secret proves": { Salt: "AQ==", PasswordVerifier: "AAAA" },
    "of N, which any secret proves": { Salt: "AQ==", PasswordVerifier: base64(N) },
    "beyond N": { Salt: "AQ==", PasswordVerifier: base64(N + 2n) },
    "that is too long": { Salt: "AQ==", PasswordVerifier: Buffer.alloc(386, 1).toString("base64") },
    "that is no base64": { Salt: "AQ==", PasswordVerifier: "Ag=*" },
    "with a salt that is too long": {
      Salt: Buffer.alloc(65, 1).toString("base64"),
      PasswordVerifier: "Ag==",
    },
  };
  test.each(Object.keys(bad))("%s", async (what) => {
    const { home, user } = await poolWithDevices(app);
    const device = await signInWithNewDevice(app, home, user);
    await expect(send(device, { DeviceSecretVerifierConfig: bad[what] })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const asked = { UserPoolId: home.pool.id, Username: "ada", DeviceKey: device.deviceKey };
    await expect(app.client.send(new AdminGetDeviceCommand(asked))).rejects.toMatchObject(notThere);
  });
});

test("a token that outlived an administrator's reset confirms nothing", async () => {
  const { home } = await poolWithDevices(app);
  const user = await testUser(app, home.pool, {
    username: "bob",
    attributes: { email: "bob@example.com", email_verified: "true" },
  });
  const device = await signInWithNewDevice(app, home, user);
  await app.client.send(
    new AdminResetUserPasswordCommand({ UserPoolId: home.pool.id, Username: "bob" }),
  );
  await expect(send(device, {})).rejects.toMatchObject({
    name: /PasswordResetRequiredException|NotAuthorizedException/,
  });
});

test("neither the secret's verifier nor its salt is in the trail, and the verifier is sealed", async () => {
  const { home, user } = await poolWithDevices(app);
  const device = await signInWithNewDevice(app, home, user);
  await send(device, {
    DeviceSecretVerifierConfig: { Salt: "c2FsdA==", PasswordVerifier: "Bwc=" },
  });
  const trail = JSON.stringify(await app.auditEvents());
  expect(trail).not.toContain("c2FsdA==");
  expect(trail).not.toContain("Bwc=");
  const stored = await testCall(app)
    .db.selectFrom("devices")
    .select("verifier")
    .where("device_key", "=", device.deviceKey)
    .executeTakeFirstOrThrow();
  expect(stored.verifier).not.toContain("0707");
});
