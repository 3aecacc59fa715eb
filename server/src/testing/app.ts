/** A whole server in the test's process, without a socket: the real SDK client over the real codec and a real store. */
import { Readable } from "node:stream";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import type { FastifyInstance, InjectOptions } from "fastify";
import { inject } from "vitest";
import { createApp } from "../app.ts";
import { createPasswordHasher } from "../domain/auth/password-hash.ts";
import type { Context, Settings } from "../domain/context.ts";
import type { FunctionOutcome, FunctionRunner } from "../domain/functions/function-runner.ts";
import { makeRsaKeyPair, type SigningKeyPair } from "../domain/keys/key-pair.ts";
import { createKeyRing } from "../domain/keys/key-ring.ts";
import type { Message, Sender } from "../domain/messages/sender.ts";
import { type Clock, type MovableClock, movableClock, systemClock } from "../lib/clock.ts";
import { createVault, type Vault } from "../lib/envelope.ts";
import { generateMasterKeys } from "../lib/envelope-keys.ts";
import { systemRandom } from "../lib/random.ts";
import type { LoginPages } from "../login/bundle.ts";
import { signingKeys } from "../protocol/sigv4/signing-keys.ts";
import { migrate } from "../store/migrate.ts";
import { type Engine, openStore } from "../store/store.ts";
import { migratedPlace, type StorePlace } from "./places.ts";

export const rootKeys = {
  accessKeyId: "AKIAPOOLHOUSETEST000",
  secretAccessKey: "test-root-secret",
};

export type TestApp = {
  readonly app: FastifyInstance;
  readonly context: Context;
  readonly clock: MovableClock;
  /** Signs admin operations with the root keys; public ones go unsigned, as the SDK decides. */
  readonly client: CognitoIdentityProviderClient;
  /** What was sent, oldest first. */
  readonly sent: Message[];
  /** While set, no message gets out. */
  readonly mail: { broken: boolean };
  /** What clients were told of logouts, oldest first. */
  readonly told: { uri: string; logoutToken: string }[];
  /** What answers the calls of triggers. */
  readonly functions: TestFunctions;
  /** What the log was told. */
  readonly logged: { about: object; message: string }[];
  /** The trail so far, oldest first. */
  auditEvents(): Promise<AuditEvent[]>;
  close(): Promise<void>;
};

export type TestFunctions = {
  answer(
    invocation: Parameters<FunctionRunner["invoke"]>[0],
  ): FunctionOutcome | Promise<FunctionOutcome>;
};

export type AuditEvent = {
  eventName: string;
  errorCode?: string;
  errorMessage?: string;
  requestParameters: Record<string, unknown>;
  additionalEventData: Record<string, unknown>;
};

export type TestAppOptions = {
  /** The engine of the test run when absent. */
  readonly engine?: Engine;
  readonly settings?: Partial<Settings>;
  /** The database, where several servers share one; they share the vault as well. */
  readonly place?: StorePlace;
  readonly vault?: Vault;
};

/** All servers of a test file share its thread: it takes longer to start than a test takes. */
const passwords = createPasswordHasher({ concurrency: 1, queueLimit: 1000 });

/** Starts a server of its own for a test. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const engine = options.engine ?? inject("engine");
  const place =
    options.place ??
    (engine === "sqlite" ? { sqliteFile: ":memory:" } : await migratedPlace(engine));
  const clock = movableClock(tickingClock());
  const sent: Message[] = [];
  const mail = { broken: false };
  const told: TestApp["told"] = [];
  const functions: TestFunctions = {
    answer: ({ arn }) => ({ kind: "missing", message: `no function ${arn}` }),
  };
  const logged: { about: object; message: string }[] = [];
  const vault = options.vault ?? createVault(generateMasterKeys(systemRandom), systemRandom);
  const store = await openStore({
    ...place,
    onError: (error) => logged.push({ about: { error }, message: "store" }),
    random: systemRandom,
  });
  await migrate(store, { nowMs: () => Date.now(), holder: systemRandom.uuid() });
  const log = (about: object, message: string) => void logged.push({ about, message });
  const context: Context = {
    store,
    clock,
    random: systemRandom,
    vault,
    // An object of its own, so that what one test watches is not what another did.
    passwords: { ...passwords },
    sender: testSender({ sent, mail }),
    wakeOutbox: () => undefined,
    backChannel: { tell: async (each) => void told.push(each) },
    functions: { invoke: async (invocation) => functions.answer(invocation) },
    keyRing: createKeyRing({ store, vault, clock: systemClock }),
    makeSigningKeyPair: sharedKeyPair,
    settings: {
      region: "us-east-1",
      accountId: "123456789012",
      publicUrl: "https://localhost:8443",
      issuerMode: "own",
      profile: "compat",
      rateLimits: false,
      ...options.settings,
    },
    log: { info: log, warn: log, error: log },
  };
  const signers = {
    keys: signingKeys((accessKeyId) =>
      accessKeyId === rootKeys.accessKeyId ? { secret: rootKeys.secretAccessKey } : undefined,
    ),
    now: () => Date.now(),
  };
  const app = createApp({ context, signers, pages: testPages });
  return {
    app,
    context,
    clock,
    client: sdkClient(app),
    sent,
    mail,
    told,
    functions,
    logged,
    auditEvents: () => auditEvents(context),
    async close() {
      await app.close();
      await store.close();
    },
  };
}

function testSender({ sent, mail }: Pick<TestApp, "sent" | "mail">): Sender {
  return {
    async send(message) {
      if (mail.broken) throw new Error("the mail server is down");
      sent.push(message);
    },
  };
}

/** The hosted pages as JSON: what they show is tested without how they look. */
const testPages: LoginPages = {
  assetsDir: "",
  bundle: async () => ({
    languages: ["en", "de", "ar"],
    render: (page, look, notice) => JSON.stringify({ page, look, notice }),
  }),
};

/** Starts at the present and goes on by a millisecond at each look, so that no test depends on how fast it runs. */
function tickingClock(): Clock {
  let nowMs = Date.now();
  return { now: () => nowMs++ };
}

/** An SDK client of this server; with other credentials it is somebody else. */
export function sdkClient(
  app: FastifyInstance,
  credentials: { accessKeyId: string; secretAccessKey: string } = rootKeys,
): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region: "us-east-1",
    endpoint: "https://localhost:8443",
    credentials,
    maxAttempts: 1,
    requestHandler: injectHandler(app),
  });
}

type SdkRequest = {
  method: string;
  path: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
  body?: unknown;
};

function injectHandler(app: FastifyInstance) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle({ method, path, query, headers, body }: SdkRequest) {
      // light-my-request would serialise a bare Uint8Array as JSON.
      const payload =
        body instanceof Uint8Array
          ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
          : body;
      const given = { method, url: path, query, headers, payload } as InjectOptions;
      const answer = await app.inject(given);
      return {
        response: {
          statusCode: answer.statusCode,
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: Readable.from([answer.rawPayload]),
        },
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

let pair: Promise<SigningKeyPair> | undefined;

/** One pair for all pools of a test process: making one takes longer than most tests. */
function sharedKeyPair(): Promise<SigningKeyPair> {
  pair ??= makeRsaKeyPair();
  return pair;
}

async function auditEvents(context: Context): Promise<AuditEvent[]> {
  const rows = await context.store.db
    .selectFrom("audit_events")
    .select("event")
    .orderBy("at_ms")
    .execute();
  return rows.map(({ event }) => JSON.parse(event) as AuditEvent);
}
