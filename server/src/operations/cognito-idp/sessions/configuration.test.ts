import {
  GetUserPoolClientSessionConfigurationCommand,
  GetUserPoolSessionConfigurationCommand,
  SetUserPoolClientSessionConfigurationCommand,
  SetUserPoolSessionConfigurationCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, type TestPoolOptions, testPool } from "../../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const UserPoolId = () => home.pool.id;
const ofClient = () => ({ UserPoolId: home.pool.id, ClientId: home.client.id });
const send = {
  get: () =>
    app.client.send(new GetUserPoolSessionConfigurationCommand({ UserPoolId: UserPoolId() })),
  set: (UserSessionTracking: "ENABLED" | "DISABLED", MaxPerUser: number) =>
    app.client.send(
      new SetUserPoolSessionConfigurationCommand({
        UserPoolId: UserPoolId(),
        UserSessionTracking,
        TokenSession: { MaxPerUser },
      }),
    ),
  getClient: () => app.client.send(new GetUserPoolClientSessionConfigurationCommand(ofClient())),
  setClient: (MaxValidityMinutes: number) =>
    app.client.send(
      new SetUserPoolClientSessionConfigurationCommand({
        ...ofClient(),
        SSOSession: { MaxValidityMinutes },
      }),
    ),
};

async function start(settings: TestPoolOptions["settings"] = {}) {
  home = await testPool(app, { settings });
}

const tier = { name: "FeatureUnavailableInTierException" };

test("a pool that was never asked tracks nothing and would allow 20", async () => {
  await start();
  expect(await send.get()).toMatchObject({
    UserPoolId: home.pool.id,
    UserSessionTracking: "DISABLED",
    TokenSession: { MaxPerUser: 20 },
  });
});

test("what is set is shown, and an update of the pool leaves it", async () => {
  await start();
  const set = { UserSessionTracking: "ENABLED", TokenSession: { MaxPerUser: 3 } };
  expect(await send.set("ENABLED", 3)).toMatchObject(set);
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId: UserPoolId() }));
  expect(await send.get()).toMatchObject(set);
});

test("a client that was never asked reuses a sign-on for an hour", async () => {
  await start();
  expect(await send.getClient()).toMatchObject({
    ...ofClient(),
    SSOSession: { MaxValidityMinutes: 60 },
  });
});

test("what is set of a client is shown, outlives its updates and the tracking", async () => {
  await start({ sessions: { tracking: true, maxPerUser: 20 } });
  await send.setClient(0);
  await app.client.send(new UpdateUserPoolClientCommand(ofClient()));
  await send.set("DISABLED", 20);
  expect(await send.getClient()).toMatchObject({ SSOSession: { MaxValidityMinutes: 0 } });
});

test("a client is set only where sessions are tracked", async () => {
  await start();
  await expect(send.setClient(5)).rejects.toMatchObject({ name: "OperationNotEnabledException" });
  expect(await send.getClient()).toMatchObject({ SSOSession: { MaxValidityMinutes: 60 } });
});

test("the tier LITE has no sessions, and a pool that tracks them cannot become LITE", async () => {
  await start({ tier: "LITE" });
  await expect(send.set("ENABLED", 20)).rejects.toMatchObject(tier);
  await expect(send.setClient(5)).rejects.toMatchObject(tier);
  await start({ sessions: { tracking: true, maxPerUser: 20 } });
  await expect(
    app.client.send(new UpdateUserPoolCommand({ UserPoolId: UserPoolId(), UserPoolTier: "LITE" })),
  ).rejects.toMatchObject({
    ...tier,
    message:
      "The following features need to be disabled for the LITE pricing tier configured: User Session Tracking",
  });
  await send.set("DISABLED", 20);
  await app.client.send(
    new UpdateUserPoolCommand({ UserPoolId: UserPoolId(), UserPoolTier: "LITE" }),
  );
});

test("a client of another pool is not reached", async () => {
  await start({ sessions: { tracking: true, maxPerUser: 20 } });
  const other = home;
  await start({ sessions: { tracking: true, maxPerUser: 20 } });
  const given = { UserPoolId: UserPoolId(), ClientId: other.client.id };
  const unknown = { name: "ResourceNotFoundException" };
  await expect(
    app.client.send(new GetUserPoolClientSessionConfigurationCommand(given)),
  ).rejects.toMatchObject(unknown);
  await expect(
    app.client.send(
      new SetUserPoolClientSessionConfigurationCommand({
        ...given,
        SSOSession: { MaxValidityMinutes: 1 },
      }),
    ),
  ).rejects.toMatchObject(unknown);
});
