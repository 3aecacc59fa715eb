/** Users with an authenticator app, who sign in by password and code. */
import { createHmac } from "node:crypto";
import { call } from "./calls.ts";
import type { Connection } from "./http-client.ts";
import { loadUsers } from "./load-users.ts";
import type { Poolhouse } from "./poolhouse.ts";
import { makePool, type Pool, password } from "./pools.ts";
import type { Work } from "./rounds.ts";
import { openConnections, signIn, tokensOf } from "./works.ts";

/** A user's app, and the time step (RFC 6238) whose code was the last to be used. */
type App = { readonly email: string; readonly secret: Buffer; usedStep: number };

const STEP_MS = 30_000;
/** A code of the step before is not begun when it is about to end. */
const MARGIN_MS = 2_000;

/**
 * Sign-ins of so many users in turn, in a pool of their own. A code is good once: everybody has those of the steps
 * before, now and next, less the one that showed that the app works, and a new one every 30 seconds.
 */
export async function totpWorks(installation: Poolhouse, users: number): Promise<Work[]> {
  const pool = await makePool(installation, {
    client: { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
    mfa: { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } },
    users: 1,
  });
  const waiting = await loadUsers({ ...installation, ...pool }, users + 1);
  const connections = openConnections(installation.target);
  const apps: App[] = [];
  const enroll = async (connection: Connection) => {
    for (let user = waiting.pop(); user; user = waiting.pop()) {
      apps.push(await setUpApp(connection, pool, user.email));
    }
  };
  await Promise.all(connections.map(enroll));
  return connections.map((connection) => async () => {
    const app = apps.shift();
    // To wait for the next step would look as if the server were slow.
    if (!app || nextStep(app) === undefined) throw new Error("too few users: no code is unused");
    await signInByCode(connection, pool, app);
    apps.push(app);
  });
}

async function setUpApp(connection: Connection, pool: Pool, email: string): Promise<App> {
  const { AccessToken } = await signIn(connection, pool, email);
  const output = await call(connection, "AssociateSoftwareToken", { AccessToken });
  const { SecretCode } = output as { SecretCode: string };
  const app: App = { email, secret: fromBase32(SecretCode), usedStep: 0 };
  await call(connection, "VerifySoftwareToken", { AccessToken, UserCode: takeCode(app) });
  await call(connection, "SetUserMFAPreference", {
    AccessToken,
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  });
  return app;
}

async function signInByCode(connection: Connection, pool: Pool, app: App): Promise<void> {
  const ClientId = pool.clientId;
  const USERNAME = app.email;
  const { ChallengeName, Session } = await call(connection, "InitiateAuth", {
    ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME, PASSWORD: password },
  });
  const output = await call(connection, "RespondToAuthChallenge", {
    ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE: takeCode(app) },
  });
  tokensOf(output);
}

/** The earliest step whose code the server takes now and has not taken; undefined if there is none. */
function nextStep({ usedStep }: App): number | undefined {
  const nowMs = Date.now();
  const step = Math.floor(nowMs / STEP_MS);
  const earliest = nowMs % STEP_MS < STEP_MS - MARGIN_MS ? step - 1 : step;
  const next = Math.max(usedStep + 1, earliest);
  return next <= step + 1 ? next : undefined;
}

/** The next code of this app, which is used then. */
function takeCode(app: App): string {
  const step = nextStep(app);
  if (step === undefined) throw new Error("this app has no code that is unused");
  app.usedStep = step;
  return codeOf(app.secret, step);
}

/** RFC 4226 §5.3, six digits. */
function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const number = mac.readUInt32BE(mac.readUInt8(19) & 0x0f) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** RFC 4648 §6, without padding. */
function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter))
    .map((value) => value.toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}
