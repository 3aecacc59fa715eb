/** amazon-cognito-identity-js and remembered devices. */
import {
  AdminForgetDeviceCommand,
  AdminListDevicesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAppPool, makeAppUser } from "./harness/amplify.ts";
import type { AppPoolOptions } from "./harness/app-pool.ts";
import { addApp, authenticate, flows, outcomeOf, prefer, userOf } from "./harness/identity-js.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterAll(stopAll);

const deviceOf = (onPrompt: boolean): AppPoolOptions => ({
  pool: {
    DeviceConfiguration: {
      ChallengeRequiredOnNewDevice: true,
      DeviceOnlyRememberedOnUserPrompt: onPrompt,
    },
  },
  mfa: { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } },
});

test.each(flows)("ConfirmDevice, and DEVICE_SRP_AUTH at the next %s", async (flow) => {
  const pool = await makeAppPool(server, deviceOf(false));
  const username = await makeAppUser(server, pool);
  const user = userOf(server, pool, { username, flow });
  expect(await authenticate(user)).toMatchObject({ next: "onSuccess" });
  await addApp(server, user);
  await prefer(user, { app: true });
  const again = userOf(server, pool, { username, flow });
  const step = await authenticate(again);
  expect(step.next).toBe("onSuccess");
  const { Devices } = await outcomeOf<{ Devices: object[] }>((callbacks) =>
    again.listDevices(10, null, callbacks),
  );
  expect(Devices).toHaveLength(1);
  await outcomeOf((callbacks) => again.forgetDevice(callbacks));
  expect((await authenticate(userOf(server, pool, { username, flow }))).next).toBe("totpRequired");
});

test("setDeviceStatusRemembered, where the user decides", async () => {
  const pool = await makeAppPool(server, deviceOf(true));
  const username = await makeAppUser(server, pool);
  const user = userOf(server, pool, { username });
  expect(await authenticate(user)).toMatchObject({
    next: "onSuccess",
    given: [expect.anything(), true],
  });
  await addApp(server, user);
  await prefer(user, { app: true });
  await outcomeOf((callbacks) => user.setDeviceStatusRemembered(callbacks));
  expect((await authenticate(userOf(server, pool, { username }))).next).toBe("onSuccess");
  await outcomeOf((callbacks) => user.setDeviceStatusNotRemembered(callbacks));
  expect((await authenticate(userOf(server, pool, { username }))).next).toBe("totpRequired");
});

test("a wrong password on a remembered device stays wrong", async () => {
  const pool = await makeAppPool(server, deviceOf(false));
  const username = await makeAppUser(server, pool);
  await authenticate(userOf(server, pool, { username }));
  await expect(
    authenticate(userOf(server, pool, { username }), `${password}x`),
  ).rejects.toMatchObject({
    code: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
});

test.each([
  ["only with the proof of the password", false],
  ["from the first call on", true],
])(
  "a forgotten device that is named %s is left out, and the sign-in goes on",
  async (_, isKnown) => {
    const pool = await makeAppPool(server, deviceOf(false));
    const username = await makeAppUser(server, pool);
    const user = userOf(server, pool, { username });
    await authenticate(user);
    await addApp(server, user);
    await prefer(user, { app: true });
    const { Devices = [] } = await server
      .client()
      .send(new AdminListDevicesCommand({ UserPoolId: pool.userPoolId, Username: username }));
    const [device] = Devices;
    await server.client().send(
      new AdminForgetDeviceCommand({
        UserPoolId: pool.userPoolId,
        Username: username,
        DeviceKey: device?.DeviceKey,
      }),
    );
    const again = isKnown ? user : userOf(server, pool, { username });
    expect((await authenticate(again)).next).toBe("totpRequired");
  },
);
