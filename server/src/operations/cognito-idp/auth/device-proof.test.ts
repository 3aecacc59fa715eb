import {
  AdminDisableUserCommand,
  AdminForgetDeviceCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateDeviceStatusCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSession, signSrpSessionWithDevice } from "cognito-srp-helper";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { confirmDevice, signInWithNewDevice } from "../../../testing/devices.ts";
import { mfaSettings, totpAt, userWithApp, wrongTotp } from "../../../testing/mfa.ts";
import { type Person, personAt, refusals, withTokens } from "../../../testing/person.ts";
import { password, type TestPool, testUser } from "../../../testing/pools.ts";
import { askRiddles, riddleAnswer, riddleSettings } from "../../../testing/riddles.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const explicitAuthFlows = [
  "ALLOW_CUSTOM_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
  "ALLOW_USER_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
] as const;

type Asked = Awaited<ReturnType<Person["answer"]>>;
type Device = { readonly deviceKey: string; readonly groupKey: string; readonly secret: string };

/** A user with an app, and with a device that spares its codes. */
async function userWithDevice() {
  askRiddles(app);
  const devices = { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: false };
  const { home, user, ada, secret } = await userWithApp(app, {
    settings: { ...mfaSettings, ...riddleSettings, deviceConfiguration: devices },
    client: { explicitAuthFlows },
  });
  const begun = await signInWithNewDevice(app, home, user);
  const device = { ...begun, ...(await confirmDevice(app, begun)) };
  return { home, user, ada, appSecret: secret, device, ...signInOf(home, ada, device) };
}

function signInOf(home: TestPool, person: Person, device: Device) {
  const DEVICE_KEY = device.deviceKey;
  return {
    begin: () => person.begin({ PASSWORD: password, DEVICE_KEY }, { flow: "USER_PASSWORD_AUTH" }),
    /** CUSTOM_AUTH up to what comes after the password. */
    async beginCustom() {
      const session = createSrpSession("ada", password, home.pool.id, false);
      const parameters = { CHALLENGE_NAME: "SRP_A", SRP_A: session.largeA, DEVICE_KEY };
      const begun = await person.begin(parameters, { flow: "CUSTOM_AUTH" });
      const { ChallengeParameters = {} } = begun;
      const signed = signSrpSession(session, { ChallengeParameters });
      return person.answer(begun, { ...signatureOf(signed), DEVICE_KEY });
    },
    prove: (asked: Asked, secret = device.secret) =>
      proveDevice(home, person, { asked, device: { ...device, secret } }),
  };
}

function signatureOf(signed: { secret: string; passwordSignature: string; timestamp: string }) {
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
    PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
    TIMESTAMP: signed.timestamp,
  };
}

/** DEVICE_SRP_AUTH and what it asks. */
async function proveDevice(
  { pool }: TestPool,
  person: Person,
  { asked, device }: { asked: Asked; device: Device },
): Promise<Asked> {
  const { deviceKey: DEVICE_KEY, groupKey, secret } = device;
  const session = createSrpSession("ada", "", pool.id, false);
  const verifier = await person.answer(asked, { DEVICE_KEY, SRP_A: session.largeA });
  const parameters = { ...verifier.ChallengeParameters, USERNAME: "ada" };
  const given = { ChallengeParameters: parameters };
  const signed = signSrpSessionWithDevice(session, given, groupKey, secret);
  return person.answer(verifier, { ...signatureOf(signed), DEVICE_KEY });
}

const forget = ({ pool }: TestPool, DeviceKey: string) =>
  app.client.send(
    new AdminForgetDeviceCommand({ UserPoolId: pool.id, Username: "ada", DeviceKey }),
  );
const forgetRemembering = ({ pool }: TestPool, DeviceKey: string) =>
  app.client.send(
    new AdminUpdateDeviceStatusCommand({
      ...{ UserPoolId: pool.id, Username: "ada", DeviceKey },
      DeviceRememberedStatus: "not_remembered",
    }),
  );

describe("a remembered device", () => {
  test("spares its user the code, once it has proved itself", async () => {
    const { begin, prove, ada, device } = await userWithDevice();
    expect(await prove(await begin())).toMatchObject(withTokens);
    const named = await ada.begin({ PASSWORD: password }, { flow: "USER_PASSWORD_AUTH" });
    expect(named.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    await expect(
      prove({ ...named, ChallengeName: "DEVICE_SRP_AUTH" }, device.secret),
    ).rejects.toMatchObject(refusals.session);
  });

  test("spares nobody else's, nor its user's once it was forgotten or is remembered no more", async () => {
    const { home, device, begin, prove } = await userWithDevice();
    const eve = await testUser(app, home.pool, { username: "eve" });
    const begun = await signInWithNewDevice(app, home, eve);
    const evesDevice = { ...begun, ...(await confirmDevice(app, begun)) };
    const atEves = signInOf(home, personAt(app, home), evesDevice);
    await expect(atEves.begin()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const asked = await begin();
    await forgetRemembering(home, device.deviceKey);
    await expect(prove(asked)).resolves.toMatchObject({ ChallengeName: "SOFTWARE_TOKEN_MFA" });
    expect((await begin()).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    await forget(home, device.deviceKey);
    await expect(begin()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("that wants another's proof is asked for its own key alone", async () => {
    const { home, user, ada, device, begin } = await userWithDevice();
    const begun = await signInWithNewDevice(app, home, user);
    const other = { ...begun, ...(await confirmDevice(app, begun)) };
    const asked = await begin();
    await expect(proveDevice(home, ada, { asked, device: other })).rejects.toMatchObject(
      refusals.session,
    );
    expect(await proveDevice(home, ada, { asked, device })).toMatchObject(withTokens);
  });

  test.each([
    ["was forgotten", forget],
    ["is remembered no more", forgetRemembering],
  ])("that %s after its proof spares nothing", async (_, lose) => {
    const { home, ada, device, appSecret, beginCustom, prove } = await userWithDevice();
    const riddle = await prove(await beginCustom());
    expect(riddle.ChallengeName).toBe("CUSTOM_CHALLENGE");
    await lose(home, device.deviceKey);
    const asked = await ada.answer(riddle, { ANSWER: riddleAnswer });
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const answer = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, appSecret) };
    expect(await ada.answer(asked, answer)).toMatchObject(withTokens);
  });

  test("that was forgotten lends its proof to no other that is named in its place", async () => {
    const { home, user, ada, device, beginCustom, prove } = await userWithDevice();
    const begun = await signInWithNewDevice(app, home, user);
    await confirmDevice(app, begun);
    const riddle = await prove(await beginCustom());
    await forget(home, device.deviceKey);
    const given = { ANSWER: riddleAnswer, DEVICE_KEY: begun.deviceKey };
    const asked = await ada.answer(riddle, given);
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
  });
});

describe("guesses at a device's secret", () => {
  test("count with those at the codes, and a right one passes no lock", async () => {
    const { ada, appSecret, begin, prove } = await userWithDevice();
    for (let round = 0; round < 3; round++) {
      await expect(prove(await begin(), "wrong")).rejects.toMatchObject(refusals.wrong);
    }
    const asked = await ada.begin({ PASSWORD: password }, { flow: "USER_PASSWORD_AUTH" });
    const wrong = { SOFTWARE_TOKEN_MFA_CODE: wrongTotp(app, appSecret) };
    for (let round = 0; round < 2; round++) {
      await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    }
    await expect(prove(await begin())).rejects.toMatchObject(refusals.locked);
    const right = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, appSecret) };
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.locked);
  });

  test("a right one clears no guesses at the codes", async () => {
    const { ada, appSecret, begin, prove } = await userWithDevice();
    const asked = await ada.begin({ PASSWORD: password }, { flow: "USER_PASSWORD_AUTH" });
    const wrong = { SOFTWARE_TOKEN_MFA_CODE: wrongTotp(app, appSecret) };
    for (let round = 0; round < 4; round++) {
      await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    }
    expect(await prove(await begin())).toMatchObject(withTokens);
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.locked);
  });

  test("a challenge is answered once, right or wrong, and by nobody who is out", async () => {
    const { home, begin, prove } = await userWithDevice();
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    const asked = await begin();
    await prove(asked);
    await expect(prove(asked)).rejects.toMatchObject(refusals.session);
    const beforeReset = await begin();
    await app.client.send(new AdminResetUserPasswordCommand(named));
    await expect(prove(beforeReset)).rejects.toMatchObject(refusals.session);
    await app.client.send(new AdminDisableUserCommand(named));
    await expect(begin()).rejects.toMatchObject(refusals.disabled);
  });
});
