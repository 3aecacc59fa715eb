/** Sign-ins over two processes and one PostgreSQL: any step on either node, guesses counted together, and once is once. */
import {
  AssociateSoftwareTokenCommand,
  CompleteWebAuthnRegistrationCommand,
  SetUserMFAPreferenceCommand,
  StartWebAuthnRegistrationCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSession, signSrpSessionWithDevice } from "cognito-srp-helper";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AppPool, createAppPool, createAppUser, newPhoneNumber } from "./harness/app-pool.ts";
import { contest, freeGuesses, kinds } from "./harness/contest.ts";
import { confirmDevice, customAnswer, makeFactorsPool } from "./harness/factors-pool.ts";
import { type MailServer, startMail } from "./harness/mail.ts";
import { eventually, makeInstallation, type Node, publicUrl, startNode } from "./harness/nodes.ts";
import { operate } from "./harness/operate.ts";
import { type CreationOptions, Passkey } from "./harness/passkey.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { makeFolder, stopAll } from "./harness/server.ts";
import { App, addApp, begin, reply, type Step } from "./harness/steps.ts";
import { startTexts, type TextProvider } from "./harness/texts.ts";
import { password } from "./harness/users.ts";

const rounds = 4;
let postgres: Postgres;
let mail: MailServer;
let texts: TextProvider;
let nodes: readonly [Node, Node];
/** Where second factors are up to the user. */
let pool: AppPool;
/** Where an authenticator app is a must. */
let strict: AppPool;

beforeAll(async () => {
  const [installation, database, mailServer, provider, folder] = await Promise.all([
    makeInstallation(),
    startPostgres(),
    startMail(),
    startTexts(),
    makeFolder(),
  ]);
  [postgres, mail, texts] = [database, mailServer, provider];
  const options = {
    databaseUrl: postgres.url,
    smtpUrl: mail.url,
    env: { ...texts.env, POOLHOUSE_FUNCTIONS_DIR: folder },
  };
  nodes = await Promise.all([startNode(installation, options), startNode(installation, options)]);
  pool = await makeFactorsPool(nodes[0], folder);
  strict = await createAppPool(nodes[1].client, {
    mfa: { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true } },
  });
});
afterAll(async () => {
  await stopAll();
  texts.close();
  await mail.close();
  await postgres.stop();
});

/** The client of the nodes in turn: no two steps of a sign-in go to the same one. */
let turn = 0;
function next() {
  turn += 1;
  return nodes[turn % 2 === 0 ? 0 : 1].client;
}

const makeUser = (attributes?: Readonly<Record<string, string>>) =>
  createAppUser(nodes[0].client, pool, attributes ? { attributes } : {});

type Begin = Parameters<typeof begin>[2];
const beginNext = (given: Begin, { clientId }: AppPool = pool) => begin(next(), clientId, given);

/** Answers a step on the node that did not take it. */
function replyNext(
  username: string,
  step: Pick<Step, "challenge" | "session">,
  responses: Readonly<Record<string, string>>,
): Promise<Step> {
  return reply(next(), { ClientId: pool.clientId, username, step, responses });
}

const accessOf = ({ tokens }: Step) => tokens?.AccessToken ?? "";

/** A user with an authenticator app, whose code of now is used. */
async function makeAppOwner(): Promise<{ username: string; app: App }> {
  const username = await makeUser();
  const { tokens } = await beginNext({ username });
  return { username, app: await addApp(next(), tokens?.AccessToken ?? "") };
}

/** A user who is asked for a code by mail after the password. */
async function makeMailOwner(): Promise<string> {
  const username = await makeUser();
  const AccessToken = accessOf(await beginNext({ username }));
  const EmailMfaSettings = { Enabled: true, PreferredMfa: true };
  await next().send(new SetUserMFAPreferenceCommand({ AccessToken, EmailMfaSettings }));
  return username;
}

const byMail = (username: string): Begin => ({
  username,
  flow: "USER_AUTH",
  parameters: { PREFERRED_CHALLENGE: "EMAIL_OTP" },
});

type Opened = {
  readonly username: string;
  /** Of the same user, one begun on each node. */
  readonly steps: readonly [Step, Step];
  /** Answered right in `steps[of]`. */
  right(of: 0 | 1): Promise<Readonly<Record<string, string>>>;
  /** So many wrong answers, each different. */
  wrong(count: number): readonly Readonly<Record<string, string>>[];
};

const numbers = (count: number, digits: number) =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, "0"));

async function openedByMail(given: Begin, digits: number): Promise<Opened> {
  const { username } = given;
  const steps = [await beginNext(given), await beginNext(given)] as const;
  const codes = [await mail.code(username, 1), await mail.code(username, 2)] as const;
  return {
    username,
    steps,
    right: async (of) => ({ EMAIL_OTP_CODE: codes[of] }),
    wrong: (count) =>
      numbers(count + 2, digits)
        .filter((code) => !codes.includes(code))
        .slice(0, count)
        .map((code) => ({ EMAIL_OTP_CODE: code })),
  };
}

/** The kinds of codes that can be guessed at, with two sign-ins of one user that wait for one. */
const guessable: readonly (readonly [string, () => Promise<Opened>])[] = [
  [
    "an authenticator app",
    async () => {
      const { username, app } = await makeAppOwner();
      return {
        username,
        steps: [await beginNext({ username }), await beginNext({ username })],
        right: async () => ({ SOFTWARE_TOKEN_MFA_CODE: app.code(1) }),
        wrong: (count) => app.wrongCodes(count).map((code) => ({ SOFTWARE_TOKEN_MFA_CODE: code })),
      };
    },
  ],
  ["a mail as the first factor", async () => openedByMail(byMail(await makeUser()), 8)],
  ["a mail as the second factor", async () => openedByMail({ username: await makeMailOwner() }, 6)],
];

describe.each(guessable)("codes of %s", (_, open) => {
  test("wrong ones on both nodes, in several sign-ins, are counted together", async () => {
    const { username, steps, right, wrong } = await open();
    const startedAtMs = performance.now();
    let elapsedMs = 0;
    const guesses = wrong(64).map((responses, n) => {
      const step = steps[n % 4 < 2 ? 0 : 1];
      return reply(nodes[n % 2 === 0 ? 0 : 1].client, {
        ...{ ClientId: pool.clientId, username, step, responses },
      }).then(
        () => "in",
        (error: Error) => {
          if (error.name === "CodeMismatchException") elapsedMs = performance.now() - startedAtMs;
          return error.name;
        },
      );
    });
    const told = await Promise.all(guesses);
    const wrongOnes = told.filter((name) => name === "CodeMismatchException");
    expect(wrongOnes.length).toBeGreaterThanOrEqual(5);
    expect(wrongOnes.length).toBeLessThanOrEqual(freeGuesses(elapsedMs));
    expect(kinds(told)).toEqual(["CodeMismatchException", "NotAuthorizedException"]);
    // Both Sessions are still good, once the lock is over.
    let tokens: Step["tokens"];
    await eventually(async () => {
      const ended = await replyNext(username, steps[0], await right(0)).catch(
        (error: Error) => error.message,
      );
      if (typeof ended === "string") expect(ended).toBe("Password attempts exceeded");
      else ({ tokens } = ended);
      return tokens !== undefined;
    }, "the end of the lock");
    expect(tokens?.AccessToken).toBeDefined();
  });

  test("a right one is good once, whichever node is asked first", async () => {
    const lost: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const { username, steps, right } = await open();
      const responses = await right(0);
      const ended = await contest(nodes, ({ client }) =>
        reply(client, { ClientId: pool.clientId, username, step: steps[0], responses }),
      );
      expect(ended.won.map((step) => step.tokens !== undefined)).toEqual([true]);
      lost.push(...ended.lost);
    }
    expect(["ExpiredCodeException", "NotAuthorizedException"]).toEqual(
      expect.arrayContaining([...kinds(lost)]),
    );
  });
});

test("one code of an app is good in one of two sign-ins", async () => {
  for (let round = 0; round < rounds; round++) {
    const { username, app } = await makeAppOwner();
    const steps = [await beginNext({ username }), await beginNext({ username })];
    const responses = { SOFTWARE_TOKEN_MFA_CODE: app.code(1) };
    const ended = await contest(nodes, ({ client }, attempt) => {
      const step = steps[attempt % 2];
      if (!step) throw new Error("each node has a sign-in of its own");
      return reply(client, { ClientId: pool.clientId, username, step, responses });
    });
    expect(ended.won.map((step) => step.tokens !== undefined)).toEqual([true]);
    expect(ended.lost).toContain("ExpiredCodeException");
  }
});

async function recoveryCodes(AccessToken: string): Promise<readonly string[]> {
  const { RecoveryCodes } = await operate<{ RecoveryCodes: string[] }>(
    nodes[0],
    "CreateRecoveryCodes",
    { AccessToken },
  );
  return RecoveryCodes;
}

test("a recovery code is good in one of two sign-ins", async () => {
  const { username, app } = await makeAppOwner();
  const entered = await replyNext(username, await beginNext({ username }), {
    SOFTWARE_TOKEN_MFA_CODE: app.code(1),
  });
  const codes = await recoveryCodes(accessOf(entered));
  for (const code of codes.slice(0, rounds)) {
    const steps = [await beginNext({ username }), await beginNext({ username })];
    const ended = await contest(nodes, ({ client }, attempt) => {
      const step = steps[attempt % 2];
      if (!step) throw new Error("each node has a sign-in of its own");
      const responses = { SOFTWARE_TOKEN_MFA_CODE: code };
      return reply(client, { ClientId: pool.clientId, username, step, responses });
    });
    expect(ended.won.map((step) => step.tokens !== undefined)).toEqual([true]);
    expect(["CodeMismatchException", "NotAuthorizedException"]).toEqual(
      expect.arrayContaining([...kinds(ended.lost)]),
    );
  }
});

test("a temporary password is replaced once, and an app is set up once", async () => {
  for (let round = 0; round < rounds; round++) {
    const username = await createAppUser(next(), strict, { temporary: true });
    const { clientId: ClientId } = strict;
    const step = await beginNext({ username }, strict);
    const replaced = await contest(nodes, async ({ client }, attempt) => {
      const NEW_PASSWORD = `${password}-${attempt}`;
      const asked = await reply(client, { ClientId, username, step, responses: { NEW_PASSWORD } });
      return { NEW_PASSWORD, asked };
    });
    expect(replaced.won.map(({ asked }) => asked.challenge)).toEqual(["MFA_SETUP"]);
    expect(kinds(replaced.lost)).toEqual(["NotAuthorizedException"]);
    // The password is that of the one who was told so.
    const PASSWORD = replaced.won[0]?.NEW_PASSWORD ?? "";
    const setUp = await beginNext({ username, parameters: { PASSWORD } }, strict);
    const { SecretCode = "", Session } = await next().send(
      new AssociateSoftwareTokenCommand({ Session: setUp.session }),
    );
    const UserCode = new App(SecretCode).code();
    const verified = await contest(nodes, ({ client }) =>
      client.send(new VerifySoftwareTokenCommand({ Session, UserCode })),
    );
    expect(verified.won.map(({ Status }) => Status)).toEqual(["SUCCESS"]);
    const proved = { ...setUp, session: verified.won[0]?.Session ?? "" };
    const entered = await contest(nodes, ({ client }) =>
      reply(client, { ClientId, username, step: proved, responses: {} }),
    );
    expect(entered.won.map(({ tokens }) => tokens !== undefined)).toEqual([true]);
  }
});

describe("a custom challenge", () => {
  const custom = (username: string): Begin => ({ username, flow: "CUSTOM_AUTH", parameters: {} });

  function answerAtOnce(username: string, step: Step, answer: (attempt: number) => string) {
    return contest(nodes, ({ client }, attempt) =>
      reply(client, {
        ...{ ClientId: pool.clientId, username, step, responses: { ANSWER: answer(attempt) } },
      }),
    );
  }

  test("is judged once, whatever is answered at once, and ends with the third wrong answer", async () => {
    const username = await makeUser();
    let step = await beginNext(custom(username));
    for (let tries = 0; tries < 2; tries++) {
      const ended = await answerAtOnce(username, step, (attempt) => `wrong ${attempt}`);
      expect(ended.won.map(({ challenge }) => challenge)).toEqual(["CUSTOM_CHALLENGE"]);
      expect(kinds(ended.lost)).toEqual(["NotAuthorizedException"]);
      step = ended.won[0] ?? step;
    }
    const last = await answerAtOnce(username, step, (attempt) => `wrong ${attempt}`);
    expect(last.won).toEqual([]);
    expect((await answerAtOnce(username, step, () => customAnswer)).won).toEqual([]);
  });

  test("is passed once", async () => {
    const username = await makeUser();
    for (let round = 0; round < rounds; round++) {
      const step = await beginNext(custom(username));
      const ended = await answerAtOnce(username, step, () => customAnswer);
      expect(ended.won.map(({ tokens }) => tokens !== undefined)).toEqual([true]);
    }
  });
});

/** SRP_A, and what answers PASSWORD_VERIFIER then. */
function srpOf(username: string) {
  const session = createSrpSession(username, password, pool.userPoolId, false);
  return {
    SRP_A: session.largeA,
    prove({ parameters }: Step) {
      const signed = signSrpSession(session, { ChallengeParameters: { ...parameters } });
      return {
        PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
        PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
        TIMESTAMP: signed.timestamp,
      };
    },
  };
}

/** Ways through every challenge there is, each step on the other node; they end with tokens. */
describe("a sign-in that begins on one node ends on the other:", () => {
  async function walk(
    username: string,
    step: Step,
    ways: readonly (readonly [string, (step: Step) => Promise<Readonly<Record<string, string>>>])[],
  ): Promise<Step> {
    let current = step;
    for (const [challenge, responses] of ways) {
      expect(current.challenge).toBe(challenge);
      current = await replyNext(username, current, await responses(current));
    }
    expect(current.tokens?.AccessToken).toBeDefined();
    return current;
  }

  test("PASSWORD_VERIFIER, SELECT_MFA_TYPE, SOFTWARE_TOKEN_MFA, EMAIL_OTP", async () => {
    const { username, app } = await makeAppOwner();
    const srp = srpOf(username);
    const start: Begin = { username, flow: "USER_SRP_AUTH", parameters: { SRP_A: srp.SRP_A } };
    const bySrp = ["PASSWORD_VERIFIER", async (step: Step) => srp.prove(step)] as const;
    const ended = await walk(username, await beginNext(start), [
      bySrp,
      ["SOFTWARE_TOKEN_MFA", async () => ({ SOFTWARE_TOKEN_MFA_CODE: app.code(1) })],
    ]);
    const AccessToken = accessOf(ended);
    await next().send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
        EmailMfaSettings: { Enabled: true, PreferredMfa: false },
      }),
    );
    await walk(username, await beginNext(start), [
      bySrp,
      ["SELECT_MFA_TYPE", async () => ({ ANSWER: "EMAIL_OTP" })],
      ["EMAIL_OTP", async () => ({ EMAIL_OTP_CODE: await mail.code(username) })],
    ]);
    const [paper = ""] = await recoveryCodes(AccessToken);
    await walk(username, await beginNext(start), [
      bySrp,
      ["SELECT_MFA_TYPE", async () => ({ ANSWER: "SOFTWARE_TOKEN_MFA" })],
      ["SOFTWARE_TOKEN_MFA", async () => ({ SOFTWARE_TOKEN_MFA_CODE: paper })],
    ]);
  });

  test("SELECT_CHALLENGE, PASSWORD, PASSWORD_SRP, EMAIL_OTP, SMS_OTP, SMS_MFA", async () => {
    const phone = newPhoneNumber();
    const username = await makeUser({ phone_number: phone, phone_number_verified: "true" });
    const choose = () => beginNext({ username, flow: "USER_AUTH", parameters: {} });
    const chosen = (ANSWER: string) => ["SELECT_CHALLENGE", async () => ({ ANSWER })] as const;
    await walk(username, await choose(), [
      chosen("PASSWORD"),
      ["PASSWORD", async () => ({ PASSWORD: password })],
    ]);
    const srp = srpOf(username);
    await walk(username, await choose(), [
      chosen("PASSWORD_SRP"),
      ["PASSWORD_SRP", async () => ({ SRP_A: srp.SRP_A })],
      ["PASSWORD_VERIFIER", async (step) => srp.prove(step)],
    ]);
    await walk(username, await choose(), [
      chosen("EMAIL_OTP"),
      ["EMAIL_OTP", async () => ({ EMAIL_OTP_CODE: await mail.code(username) })],
    ]);
    const entered = await walk(username, await choose(), [
      chosen("SMS_OTP"),
      ["SMS_OTP", async () => ({ SMS_OTP_CODE: texts.code(phone) })],
    ]);
    await next().send(
      new SetUserMFAPreferenceCommand({
        AccessToken: accessOf(entered),
        SMSMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
    await walk(username, await beginNext({ username }), [
      ["SMS_MFA", async () => ({ SMS_MFA_CODE: texts.code(phone) })],
    ]);
  });

  test("WEB_AUTHN, registered on one and passed on the other", async () => {
    const username = await makeUser();
    const AccessToken = accessOf(await beginNext({ username }));
    const passkey = new Passkey(publicUrl);
    const { CredentialCreationOptions } = await next().send(
      new StartWebAuthnRegistrationCommand({ AccessToken }),
    );
    const options = CredentialCreationOptions as unknown as CreationOptions;
    const Credential = { ...passkey.create(options) };
    await next().send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }));
    const parameters = { PREFERRED_CHALLENGE: "WEB_AUTHN" };
    await walk(username, await beginNext({ username, flow: "USER_AUTH", parameters }), [
      [
        "WEB_AUTHN",
        async (step) => {
          const request = JSON.parse(step.parameters["CREDENTIAL_REQUEST_OPTIONS"] ?? "");
          return { CREDENTIAL: JSON.stringify(passkey.get(request)) };
        },
      ],
    ]);
  });

  test("CUSTOM_CHALLENGE, wrong and then right", async () => {
    const username = await makeUser();
    const start: Begin = { username, flow: "CUSTOM_AUTH", parameters: {} };
    await walk(username, await beginNext(start), [
      ["CUSTOM_CHALLENGE", async () => ({ ANSWER: "wrong" })],
      ["CUSTOM_CHALLENGE", async () => ({ ANSWER: customAnswer })],
    ]);
  });

  test("DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER", async () => {
    const username = await makeUser();
    const device = await confirmDevice(next(), await beginNext({ username }));
    const parameters = { PASSWORD: password, DEVICE_KEY: device.key };
    const session = createSrpSession(device.key, device.secret, device.groupKey, false);
    await walk(username, await beginNext({ username, parameters }), [
      ["DEVICE_SRP_AUTH", async () => ({ DEVICE_KEY: device.key, SRP_A: session.largeA })],
      [
        "DEVICE_PASSWORD_VERIFIER",
        async (step) => {
          const signed = signSrpSessionWithDevice(
            session,
            { ChallengeParameters: { ...step.parameters } },
            device.groupKey,
            device.secret,
          );
          return {
            DEVICE_KEY: device.key,
            PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
            PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
            TIMESTAMP: signed.timestamp,
          };
        },
      ],
    ]);
  });

  test("NEW_PASSWORD_REQUIRED, MFA_SETUP with both of its calls, and the app from then on", async () => {
    const username = await createAppUser(next(), strict, { temporary: true });
    const replyStrict = (step: Pick<Step, "challenge" | "session">, responses = {}) =>
      reply(next(), { ClientId: strict.clientId, username, step, responses });
    const PASSWORD = `${password}-2`;
    const asked = await beginNext({ username }, strict);
    expect(asked.challenge).toBe("NEW_PASSWORD_REQUIRED");
    const setUp = await replyStrict(asked, { NEW_PASSWORD: PASSWORD });
    expect(setUp.challenge).toBe("MFA_SETUP");
    const associated = await next().send(
      new AssociateSoftwareTokenCommand({ Session: setUp.session }),
    );
    const app = new App(associated.SecretCode ?? "");
    const verified = await next().send(
      new VerifySoftwareTokenCommand({ Session: associated.Session, UserCode: app.code() }),
    );
    const entered = await replyStrict({ ...setUp, session: verified.Session ?? "" });
    expect(entered.tokens?.AccessToken).toBeDefined();
    const again = await beginNext({ username, parameters: { PASSWORD } }, strict);
    expect(again.challenge).toBe("SOFTWARE_TOKEN_MFA");
    const ended = await replyStrict(again, { SOFTWARE_TOKEN_MFA_CODE: app.code(1) });
    expect(ended.tokens?.AccessToken).toBeDefined();
  });
});
