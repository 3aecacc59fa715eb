import { generateKeyPairSync } from "node:crypto";
import {
  ChangePasswordCommand,
  CompleteWebAuthnRegistrationCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../domain/clients/create.ts";
import type { UserPoolSettings } from "../../../domain/pools/pool.ts";
import { pagePasskeys } from "../../../store/passkeys.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { Authenticator, coseOf, type Lies } from "../../../testing/authenticator.ts";
import { deliverOutbox } from "../../../testing/codes.ts";
import {
  completeRegistration,
  passkeySettings,
  registerPasskey,
  startRegistration,
} from "../../../testing/passkeys.ts";
import {
  password,
  storedUser,
  type TestPool,
  testCall,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signedInUser, startSrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const signedIn = () => signedInUser(app, { settings: passkeySettings });

async function storedPasskeys({ pool }: TestPool, username = "ada") {
  const user = await storedUser(app, { pool } as TestPool, username);
  return pagePasskeys(app.context.store.db, {
    userPoolId: pool.id,
    userId: user?.id ?? "",
    limit: 99,
  });
}

function withWebAuthn(webAuthn: NonNullable<UserPoolSettings["mfa"]["webAuthn"]>) {
  return { ...passkeySettings, mfa: { sms: false, softwareToken: false, webAuthn } };
}

/** What goes wrong when a passkey is registered with these lies. */
async function refusalOf(access: string, lies: Lies, authenticator = new Authenticator()) {
  const options = await startRegistration(app, access);
  return codeOf(completeRegistration(app, access, authenticator.create(options, lies)));
}

function codeOf(registration: Promise<unknown>): Promise<string> {
  return registration.then(
    () => "registered",
    (error: Error) => error.name,
  );
}

describe("StartWebAuthnRegistration", () => {
  test("answers what browsers take, with a handle that is the sub and no more", async () => {
    const { home, access } = await signedIn();
    const sub = (await storedUser(app, home))?.id ?? "";
    expect(await startRegistration(app, access)).toEqual({
      rp: { id: "localhost", name: "localhost" },
      user: { id: Buffer.from(sub).toString("base64url"), name: "ada", displayName: "ada" },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -257 },
      ],
      timeout: 180_000,
      excludeCredentials: [],
      authenticatorSelection: {
        requireResidentKey: true,
        residentKey: "required",
        userVerification: "preferred",
      },
      attestation: "none",
    });
  });

  test("asks for what the pool says", async () => {
    const settings = withWebAuthn({
      relyingPartyId: "example.com",
      userVerification: "required",
      factorConfiguration: "SINGLE_FACTOR",
    });
    const { access } = await signedInUser(app, {
      settings,
      client: { authSessionValidityMinutes: 15 },
    });
    expect(await startRegistration(app, access)).toMatchObject({
      rp: { id: "example.com" },
      timeout: 900_000,
      authenticatorSelection: { userVerification: "required" },
    });
  });

  test("names the user as people do where the user name is the sub, by what the client may read", async () => {
    const settings = { ...passkeySettings, usernameAttributes: ["email"] } as const;
    const attributes = { email: "ada@example.com", name: "Ada L." };
    const homes = [await testPool(app, { settings })];
    homes.push(await testPool(app, { settings, client: { readAttributes: ["name"] } }));
    const named = [];
    for (const home of homes) {
      const id = app.context.random.uuid();
      await testUser(app, home.pool, { id, username: id, attributes });
      const { access } = await tokensOf(app, home, { username: id });
      named.push((await startRegistration(app, access)).user);
    }
    expect(named[0]).toMatchObject({ name: "ada@example.com", displayName: "Ada L." });
    expect(named[1]).toMatchObject({
      name: expect.stringMatching(/^[\da-f-]{36}$/),
      displayName: "Ada L.",
    });
  });

  test("leaves out authenticators that have a passkey already", async () => {
    const { access } = await signedIn();
    const { credentialId } = await registerPasskey(app, access);
    expect((await startRegistration(app, access)).excludeCredentials).toEqual([
      { type: "public-key", id: credentialId, transports: ["hybrid", "internal"] },
    ]);
  });

  test("is refused where the pool has no passkeys", async () => {
    const { access } = await signedInUser(app);
    await expect(startRegistration(app, access)).rejects.toMatchObject({
      name: "WebAuthnNotEnabledException",
    });
  });

  test("is for pools too that count a passkey as both factors", async () => {
    const { mfa } = withWebAuthn({
      userVerification: "required",
      factorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
    });
    const { access } = await signedInUser(app, { settings: { mfa } });
    expect(await startRegistration(app, access)).toMatchObject({ rp: { id: "localhost" } });
  });

  test("is refused where this server is known by its address alone", async () => {
    const addressed = await testApp({ settings: { publicUrl: "https://127.0.0.1:8443" } });
    const { access } = await signedInUser(addressed, { settings: passkeySettings });
    await expect(startRegistration(addressed, access)).rejects.toMatchObject({
      name: "WebAuthnConfigurationMissingException",
    });
    await addressed.close();
  });

  test("is refused until a password that was reset is set anew", async () => {
    const home = await testPool(app, { settings: passkeySettings });
    const user = await testUser(app, home.pool);
    const { access } = await tokensOf(app, home);
    await app.context.store.db
      .updateTable("users")
      .set({ status: "RESET_REQUIRED" })
      .where("id", "=", user.id)
      .execute();
    await expect(startRegistration(app, access)).rejects.toMatchObject({
      name: "PasswordResetRequiredException",
    });
  });
});

describe("CompleteWebAuthnRegistration", () => {
  test.each(["ES256", "RS256"] as const)("stores a passkey of %s", async (algorithm) => {
    const { home, access } = await signedIn();
    const authenticator = new Authenticator({ algorithm });
    await registerPasskey(app, access, { authenticator });
    expect(await storedPasskeys(home)).toMatchObject([
      {
        credential_id: authenticator.credentialId,
        relying_party_id: "localhost",
        friendly_name: "Passkey",
        attachment: "platform",
        transports: '["hybrid","internal"]',
        user_verified: 1,
        backup_eligible: 0,
        sign_count: 0,
      },
    ]);
    expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
  });

  test("takes a passkey without user verification where it is not required, and says so", async () => {
    const { home, access } = await signedIn();
    await registerPasskey(app, access, { lies: { flags: ["up", "be", "bs"] } });
    expect(await storedPasskeys(home)).toMatchObject([{ user_verified: 0, backup_eligible: 1 }]);
  });

  test("names the passkey by who keeps it", async () => {
    const { home, access } = await signedIn();
    const lies = { aaguid: "fbfc3007-154e-4ecc-8c0b-6e020557d7bd" };
    await registerPasskey(app, access, { lies });
    expect(await storedPasskeys(home)).toMatchObject([{ friendly_name: "iCloud Keychain" }]);
  });

  test("looks at no attestation, be it a chain of certificates with addresses to ask", async () => {
    const { home, access } = await signedIn();
    const attestation = {
      fmt: "packed",
      attStmt: new Map<unknown, number | Uint8Array | Uint8Array[]>([
        ["alg", -7],
        ["sig", Buffer.from("nonsense")],
        ["x5c", [Buffer.from("no certificate")]],
      ]),
    };
    await registerPasskey(app, access, { lies: { attestation } });
    await registerPasskey(app, access, {
      lies: { attestation: { fmt: "unheard of", attStmt: new Map() } },
    });
    expect(await storedPasskeys(home)).toHaveLength(2);
  });

  test("is refused from pages of others", async () => {
    const { home, access } = await signedIn();
    for (const origin of ["https://evil.example", "https://localhost.evil.example", "null"]) {
      expect(await refusalOf(access, { origin })).toBe("WebAuthnOriginNotAllowedException");
    }
    const framed = [{ crossOrigin: true }, { topOrigin: "https://evil.example" }];
    for (const clientData of framed) {
      expect(await refusalOf(access, { clientData })).toBe("WebAuthnOriginNotAllowedException");
    }
    expect(await storedPasskeys(home)).toEqual([]);
  });

  test("is refused for the passkey of another relying party", async () => {
    const { access } = await signedIn();
    expect(await refusalOf(access, { relyingPartyId: "evil.example" })).toBe(
      "WebAuthnRelyingPartyMismatchException",
    );
  });

  const es256 = coseOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
  test.each<[string, Lies]>([
    ["nobody was present", { flags: ["uv"] }],
    ["it is backed up and may not be", { flags: ["up", "uv", "bs"] }],
    ["it was made to sign in", { type: "webauthn.get" }],
    ["its key is of another algorithm", { publicKey: new Map([...es256, [3, -35]]) }],
    ["its key is no point", { publicKey: new Map([...es256, [-2, new Uint8Array(32)]]) }],
    ["it has no key", { publicKey: new Map() }],
  ])("is refused where %s", async (_, lies) => {
    const { home, access } = await signedIn();
    expect(await refusalOf(access, lies)).toBe("WebAuthnCredentialNotSupportedException");
    expect(await storedPasskeys(home)).toEqual([]);
  });

  test("is refused where the user must be verified and was not", async () => {
    const settings = withWebAuthn({
      userVerification: "required",
      factorConfiguration: "SINGLE_FACTOR",
    });
    const { access } = await signedInUser(app, { settings });
    expect(await refusalOf(access, { flags: ["up"] })).toBe(
      "WebAuthnCredentialNotSupportedException",
    );
    expect(await refusalOf(access, { flags: ["up", "uv"] })).toBe("registered");
  });

  test("is refused where browser and authenticator name different ids", async () => {
    const { access } = await signedIn();
    const credential = new Authenticator().create(await startRegistration(app, access));
    const id = Buffer.alloc(32).toString("base64url");
    const registration = completeRegistration(app, access, { ...credential, id, rawId: id });
    expect(await codeOf(registration)).toBe("WebAuthnCredentialNotSupportedException");
  });

  describe("a challenge", () => {
    const notFound = "WebAuthnChallengeNotFoundException";

    test("must be one of ours", async () => {
      const { access } = await signedIn();
      expect(await refusalOf(access, { challenge: "A".repeat(43) })).toBe(notFound);
    });

    test("is good once", async () => {
      const { home, access } = await signedIn();
      const options = await startRegistration(app, access);
      await completeRegistration(app, access, new Authenticator().create(options));
      const again = completeRegistration(app, access, new Authenticator().create(options));
      expect(await codeOf(again)).toBe(notFound);
      expect(await storedPasskeys(home)).toHaveLength(1);
    });

    test("is good for one of several at once", async () => {
      const { home, access } = await signedIn();
      const options = await startRegistration(app, access);
      const codes = await Promise.all(
        Array.from({ length: 5 }, () =>
          codeOf(completeRegistration(app, access, new Authenticator().create(options))),
        ),
      );
      expect(codes.filter((code) => code === "registered")).toHaveLength(1);
      expect(await storedPasskeys(home)).toHaveLength(1);
      expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
    });

    test("ends with its time", async () => {
      const { access } = await signedIn();
      const options = await startRegistration(app, access);
      app.clock.advance(180_000);
      const late = completeRegistration(app, access, new Authenticator().create(options));
      expect(await codeOf(late)).toBe(notFound);
    });

    test("is of one user, be it in the same pool, and of one pool", async () => {
      const { home, access } = await signedIn();
      await testUser(app, home.pool, { username: "eve" });
      const { access: eves } = await tokensOf(app, home, { username: "eve" });
      const { access: elsewhere } = await signedIn();
      const credential = new Authenticator().create(await startRegistration(app, access));
      expect(await codeOf(completeRegistration(app, eves, credential))).toBe(notFound);
      expect(await codeOf(completeRegistration(app, elsewhere, credential))).toBe(notFound);
      expect(await storedPasskeys(home, "eve")).toEqual([]);
      expect(await codeOf(completeRegistration(app, access, credential))).toBe("registered");
    });

    test("is of one sign-in", async () => {
      const { home, access } = await signedIn();
      const { access: another } = await tokensOf(app, home);
      const credential = new Authenticator().create(await startRegistration(app, access));
      expect(await codeOf(completeRegistration(app, another, credential))).toBe(notFound);
    });

    test("is of one client", async () => {
      const { home, access } = await signedIn();
      const client = await createClient(testCall(app), home.pool, {
        name: "other",
        settings: home.client.settings,
      });
      const { access: another } = await tokensOf(app, { pool: home.pool, client });
      const credential = new Authenticator().create(await startRegistration(app, access));
      expect(await codeOf(completeRegistration(app, another, credential))).toBe(
        "WebAuthnClientMismatchException",
      );
    });

    test("is void once the password was changed", async () => {
      const { access } = await signedIn();
      const credential = new Authenticator().create(await startRegistration(app, access));
      await app.client.send(
        new ChangePasswordCommand({
          AccessToken: access,
          PreviousPassword: password,
          ProposedPassword: `${password}-2`,
        }),
      );
      expect(await codeOf(completeRegistration(app, access, credential))).toBe(notFound);
    });

    test("is no Session, and a Session is no challenge", async () => {
      const { home, access } = await signedIn();
      const { challenge } = await startRegistration(app, access);
      const { started, responses } = await startSrp(app, home);
      const answer = app.client.send(
        new RespondToAuthChallengeCommand({
          ClientId: home.client.id,
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: responses,
          Session: challenge,
        }),
      );
      expect(await codeOf(answer)).toBe("NotAuthorizedException");
      expect(await refusalOf(access, { challenge: started.Session ?? "" })).toBe(notFound);
    });
  });

  test("gives one credential id to one user of a pool", async () => {
    const { home, access } = await signedIn();
    const authenticator = await registerPasskey(app, access);
    await testUser(app, home.pool, { username: "eve" });
    const { access: eves } = await tokensOf(app, home, { username: "eve" });
    const thief = new Authenticator({ id: authenticator.id });
    for (const token of [access, eves]) {
      expect(await refusalOf(token, {}, thief)).toBe("InvalidParameterException");
    }
    expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
    expect((await storedUser(app, home, "eve"))?.factors.passkeys).toBe(0);
    const { access: elsewhere } = await signedIn();
    expect(await refusalOf(elsewhere, {}, authenticator)).toBe("registered");
  });

  test("lets a user have 20, however many come at once", async () => {
    const { home, access } = await signedIn();
    for (let n = 0; n < 18; n++) await registerPasskey(app, access);
    const open = [];
    for (let n = 0; n < 4; n++) open.push(await startRegistration(app, access));
    const codes = await Promise.all(
      open.map((options) =>
        codeOf(completeRegistration(app, access, new Authenticator().create(options))),
      ),
    );
    expect(codes.sort()).toEqual([
      "LimitExceededException",
      "LimitExceededException",
      "registered",
      "registered",
    ]);
    expect(await storedPasskeys(home)).toHaveLength(20);
    expect((await storedUser(app, home))?.factors.passkeys).toBe(20);
    await expect(startRegistration(app, access)).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });

  test("tells the user in the hardened profile", async () => {
    const { access } = await signedInUser(app, {
      settings: passkeySettings,
      extensions: { profile: "hardened" },
    });
    await registerPasskey(app, access);
    await deliverOutbox(app);
    expect(app.sent).toMatchObject([
      { to: "ada@example.com", subject: "A way to sign in was added" },
    ]);
  });

  test("leaves the credential's id in the trail, and not what it holds", async () => {
    const { access } = await signedIn();
    const { credentialId } = await registerPasskey(app, access);
    const event = (await app.auditEvents()).at(-1);
    expect(event).toMatchObject({
      eventName: "CompleteWebAuthnRegistration",
      requestParameters: { credential: "HIDDEN_DUE_TO_SECURITY_REASONS" },
      additionalEventData: { credentialId },
    });
  });

  test("is refused for what is no credential, and changes nothing", async () => {
    const { home, access } = await signedIn();
    const good = new Authenticator().create(await startRegistration(app, access));
    const { response } = good;
    const clientData = (data: unknown) =>
      Buffer.from(typeof data === "string" ? data : JSON.stringify(data)).toString("base64url");
    const bad: object[] = [
      {},
      { ...good, type: "password" },
      { ...good, id: 7 },
      { ...good, id: "" },
      { ...good, id: "not base64url!" },
      { ...good, id: "A".repeat(1365) },
      { ...good, response: [] },
      { ...good, response: { ...response, attestationObject: undefined } },
      { ...good, response: { ...response, attestationObject: "A".repeat(49_153) } },
      { ...good, response: { ...response, clientDataJSON: "A".repeat(8193) } },
      { ...good, response: { ...response, clientDataJSON: clientData("no JSON") } },
      { ...good, response: { ...response, clientDataJSON: clientData([]) } },
      { ...good, response: { ...response, clientDataJSON: clientData({ challenge: {} }) } },
      { ...good, response: { ...response, clientDataJSON: clientData("[".repeat(4000)) } },
      { ...good, padding: "A".repeat(65_536) },
    ];
    for (const credential of bad) {
      const registration = completeRegistration(app, access, credential);
      expect(await codeOf(registration)).toBe("InvalidParameterException");
    }
    const unreadable = ["AA", "oA", "n".repeat(40_000), "gYGBgYGBgYGB".repeat(4000)];
    for (const attestationObject of unreadable) {
      const credential = { ...good, response: { ...response, attestationObject } };
      expect(await codeOf(completeRegistration(app, access, credential))).toBe(
        "WebAuthnCredentialNotSupportedException",
      );
    }
    expect(await storedPasskeys(home)).toEqual([]);
    // What the browser adds is nobody's business.
    const more = { ...good, surplus: { a: [1, null] } };
    expect(await codeOf(completeRegistration(app, access, more))).toBe("registered");
  });

  test("takes a document that is an object alone", async () => {
    const { access } = await signedIn();
    for (const Credential of ["{}", 7, ["x"], true]) {
      const input = { AccessToken: access, Credential };
      await expect(
        app.client.send(new CompleteWebAuthnRegistrationCommand(input)),
      ).rejects.toMatchObject({ name: "SerializationException" });
    }
  });
});
