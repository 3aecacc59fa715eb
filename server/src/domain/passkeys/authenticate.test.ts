import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { Authenticator, type Lies } from "../../testing/authenticator.ts";
import { passkeySettings, registerPasskey } from "../../testing/passkeys.ts";
import { storedUser, type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import { signedInUser, tokensOf } from "../../testing/sign-in.ts";
import type { User } from "../users/user.ts";
import { makeAuthentication, recordPasskeyUse, verifyAuthentication } from "./authenticate.ts";
import { removePasskey } from "./remove.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

type Setting = { home: TestPool; user: User; authenticator: Authenticator; access: string };

async function withPasskey(
  given: {
    options?: Parameters<typeof signedInUser>[1];
    authenticator?: Authenticator;
    lies?: Lies;
  } = {},
): Promise<Setting> {
  const { home, access } = await signedInUser(app, {
    settings: passkeySettings,
    ...given.options,
  });
  const authenticator = await registerPasskey(app, access, given);
  const user = await storedUser(app, home);
  if (!user) throw new Error("there is a user");
  return { home, user, authenticator, access };
}

async function ask({ home, user }: Pick<Setting, "home" | "user">) {
  const expectedChallenge = randomBytes(32).toString("base64url");
  const given = { user, challenge: expectedChallenge };
  const options = await makeAuthentication(testCall(app), home, given);
  return { options: JSON.parse(options), expectedChallenge };
}

/** What comes of an assertion with these lies. */
async function verify(
  setting: Setting,
  given: { lies?: Lies; by?: Authenticator; as?: User; in?: TestPool } = {},
) {
  const { options, expectedChallenge } = await ask(setting);
  const credential = JSON.stringify((given.by ?? setting.authenticator).get(options, given.lies));
  return verifyAuthentication(testCall(app), (given.in ?? setting.home).pool, {
    user: given.as ?? setting.user,
    expectedChallenge,
    credential,
  });
}

async function isTaken(setting: Setting, use: Awaited<ReturnType<typeof verify>>) {
  if (!use) throw new Error("the passkey proved nothing");
  const call = testCall(app);
  return call.change((trx) => recordPasskeyUse(trx, call, { pool: setting.home.pool, use }));
}

describe("the options", () => {
  test("name the passkeys of the user, who is known anyway", async () => {
    const setting = await withPasskey();
    expect((await ask(setting)).options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 180_000,
      rpId: "localhost",
      allowCredentials: [
        {
          type: "public-key",
          id: setting.authenticator.credentialId,
          transports: ["hybrid", "internal"],
        },
      ],
      userVerification: "preferred",
    });
  });

  test("are the same for nobody as for a user where clients hide who exists", async () => {
    const options = {
      settings: passkeySettings,
      client: { preventUserExistenceErrors: "ENABLED" },
    } as const;
    const { home, user } = await withPasskey({ options });
    const ofUser = (await ask({ home, user })).options;
    const nobody = { user: undefined, challenge: "of-nobody" };
    const { challenge, ...rest } = JSON.parse(
      await makeAuthentication(testCall(app), home, nobody),
    );
    expect(challenge).toBe("of-nobody");
    expect(ofUser).toEqual({ ...rest, challenge: expect.any(String) });
    expect(rest.allowCredentials).toEqual([]);
  });

  test("leave out passkeys of a relying party that the pool had before", async () => {
    const setting = await withPasskey();
    await app.context.store.db
      .updateTable("passkeys")
      .set({ relying_party_id: "old.example" })
      .execute();
    expect((await ask(setting)).options.allowCredentials).toEqual([]);
    expect(await verify(setting)).toBeUndefined();
  });

  test("never have the same challenge twice", async () => {
    const setting = await withPasskey();
    const asked = await Promise.all(Array.from({ length: 1000 }, () => ask(setting)));
    expect(new Set(asked.map((each) => each.expectedChallenge)).size).toBe(1000);
  });
});

describe("an assertion", () => {
  test.each(["ES256", "RS256"] as const)("of %s proves its user", async (algorithm) => {
    const setting = await withPasskey({ authenticator: new Authenticator({ algorithm }) });
    const use = await verify(setting);
    expect(use).toMatchObject({
      userId: setting.user.id,
      credentialId: setting.authenticator.credentialId,
      newSignCount: 1,
      userVerified: true,
    });
    expect(await isTaken(setting, use)).toBe(true);
  });

  test("says whether the user was verified, and whether by a passkey that tells no handle", async () => {
    const setting = await withPasskey();
    const lies: Lies = { flags: ["up"], userHandle: undefined };
    expect(await verify(setting, { lies })).toMatchObject({ userVerified: false });
  });

  test("may come from a page on any port of this machine, as apps under development do", async () => {
    const setting = await withPasskey();
    for (const origin of ["http://localhost:3000", "https://app.localhost"]) {
      expect(await verify(setting, { lies: { origin } })).toBeDefined();
    }
  });

  test.each<[string, Lies]>([
    ["signs another challenge", { challenge: "A".repeat(43) }],
    ["comes from a stranger's page", { origin: "https://evil.example" }],
    ["comes from a page that only looks ours", { origin: "https://localhost.evil.example" }],
    ["comes from an app", { origin: "android:apk-key-hash:2jmj7l5rSw0yVb_vlWAYkK_YBwk" }],
    ["comes from within a stranger's page", { clientData: { crossOrigin: true } }],
    ["comes from under a stranger's page", { clientData: { topOrigin: "https://evil.example" } }],
    ["is for another relying party", { relyingPartyId: "evil.example" }],
    ["was made to register", { type: "webauthn.create" }],
    ["was made with nobody present", { flags: ["uv"] }],
    ["is backed up though it may not be", { flags: ["up", "uv", "bs"] }],
    ["may be backed up all at once", { flags: ["up", "uv", "be"] }],
    ["tells another user's handle", { userHandle: Buffer.from("eve").toString("base64url") }],
    ["tells a handle that is none", { userHandle: "!" }],
  ])("that %s proves nothing", async (_, lies) => {
    expect(await verify(await withPasskey(), { lies })).toBeUndefined();
  });

  test("of who may be copied proves nothing once it may not", async () => {
    const setting = await withPasskey({ lies: { flags: ["up", "uv", "be", "bs"] } });
    const flags = (lies: Lies) => verify(setting, { lies });
    expect(await flags({ flags: ["up", "uv", "be"] })).toBeDefined();
    expect(await flags({ flags: ["up", "uv"] })).toBeUndefined();
  });

  test("without verification proves nothing where the pool requires it", async () => {
    const webAuthn = {
      userVerification: "required",
      factorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
    } as const;
    const mfa = { sms: false, softwareToken: false, webAuthn };
    const setting = await withPasskey({ options: { settings: { ...passkeySettings, mfa } } });
    expect(await verify(setting, { lies: { flags: ["up"] } })).toBeUndefined();
    expect(await verify(setting)).toMatchObject({ userVerified: true });
  });

  test("with any byte changed proves nothing", async () => {
    const setting = await withPasskey();
    const { options, expectedChallenge } = await ask(setting);
    const { response, ...rest } = setting.authenticator.get(options);
    for (const part of ["authenticatorData", "signature", "clientDataJSON"] as const) {
      const bytes = Buffer.from(response[part], "base64url");
      // The length in DER's head may be told wrong: the two numbers are the same then.
      const head = part === "signature" ? 2 : 0;
      for (let at = head; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        const bent = { ...response, [part]: changed.toString("base64url") };
        const credential = JSON.stringify({ ...rest, response: bent });
        const given = { user: setting.user, expectedChallenge, credential };
        const use = await verifyAuthentication(testCall(app), setting.home.pool, given);
        expect({ part, at, use }).toEqual({ part, at, use: undefined });
      }
    }
  });

  test("by another key under the same id proves nothing", async () => {
    const setting = await withPasskey();
    const by = new Authenticator({ id: setting.authenticator.id });
    by.signCount = 100;
    const lies: Lies = { userHandle: Buffer.from(setting.user.id).toString("base64url") };
    expect(await verify(setting, { by, lies })).toBeUndefined();
  });

  test("by another user's passkey proves nothing, in any of the two directions", async () => {
    const setting = await withPasskey();
    const eve = await testUser(app, setting.home.pool, { username: "eve" });
    const { access } = await tokensOf(app, setting.home, { username: "eve" });
    const eves = await registerPasskey(app, access);
    const noHandle: Lies = { userHandle: undefined };
    expect(await verify(setting, { by: eves, lies: noHandle })).toBeUndefined();
    expect(await verify(setting, { as: eve, lies: noHandle })).toBeUndefined();
  });

  test("proves nothing in another pool, nor for nobody", async () => {
    const setting = await withPasskey();
    const other = await testPool(app, { settings: passkeySettings });
    expect(await verify(setting, { in: other })).toBeUndefined();
    const { options, expectedChallenge } = await ask(setting);
    const credential = JSON.stringify(setting.authenticator.get(options));
    const given = { user: undefined, expectedChallenge, credential };
    expect(await verifyAuthentication(testCall(app), setting.home.pool, given)).toBeUndefined();
  });

  test("that is none proves nothing", async () => {
    const { home, user } = await withPasskey();
    const deep = `${"[".repeat(50)}${"]".repeat(50)}`;
    const bad = ["", "null", "{", "[]", '{"type":"public-key"}', deep, "x".repeat(40_000)];
    for (const credential of [...bad, '{"type":"public-key","type":"public-key"}']) {
      const given = { user, expectedChallenge: "A".repeat(43), credential };
      expect(await verifyAuthentication(testCall(app), home.pool, given)).toBeUndefined();
    }
  });
});

describe("the counter", () => {
  test("lets one signature through once", async () => {
    const setting = await withPasskey();
    const use = await verify(setting);
    const taken = await Promise.all(Array.from({ length: 5 }, () => isTaken(setting, use)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("tells a copy, which is behind", async () => {
    const setting = await withPasskey();
    setting.authenticator.signCount = 10;
    expect(await isTaken(setting, await verify(setting))).toBe(true);
    for (const signCount of [11, 5, 0]) {
      expect(await verify(setting, { lies: { signCount } })).toBeUndefined();
    }
    expect(await isTaken(setting, await verify(setting, { lies: { signCount: 12 } }))).toBe(true);
  });

  test("of a copy that came first is noticed when both were verified at once", async () => {
    const setting = await withPasskey();
    const [slow, fast] = [await verify(setting), await verify(setting)];
    expect(await isTaken(setting, fast)).toBe(true);
    expect(await isTaken(setting, slow)).toBe(false);
  });

  test("need not count", async () => {
    const setting = await withPasskey({ authenticator: new Authenticator({ counts: false }) });
    for (let n = 0; n < 3; n++) {
      const use = await verify(setting);
      expect(use?.newSignCount).toBe(0);
      expect(await isTaken(setting, use)).toBe(true);
    }
  });
});

test("a passkey that is removed proves nothing any more, be it verified a moment before", async () => {
  const setting = await withPasskey();
  const before = await verify(setting);
  const { home, user, authenticator } = setting;
  const claims = { client_id: home.client.id } as Parameters<typeof removePasskey>[0]["claims"];
  const call = { ...testCall(app), pool: home.pool, user, claims };
  await removePasskey(call, authenticator.credentialId);
  expect(await isTaken(setting, before)).toBe(false);
  expect(await verify(setting)).toBeUndefined();
});
