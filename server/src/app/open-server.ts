/** From settings to a running server: keys, store, context, background work, listeners; and back. */
import { mkdir } from "node:fs/promises";
import { showAddress } from "../config/listen.ts";
import { ConfigError } from "../config/reading.ts";
import type { RootKeys, ServerConfig } from "../config.ts";
import type { Context, Log } from "../domain/context.ts";
import { systemClock } from "../lib/clock.ts";
import type { Vault } from "../lib/envelope.ts";
import { systemRandom } from "../lib/random.ts";
import { openLoginPages } from "../login/bundle.ts";
import { createBackChannel } from "../outbound/back-channel.ts";
import { createHttpClient, type HttpClient } from "../outbound/http.ts";
import type { Target } from "../protocol/sigv4/sign-request.ts";
import { signingKeys } from "../protocol/sigv4/signing-keys.ts";
import type { Store } from "../store/store.ts";
import { createBackground } from "./background.ts";
import { builtPages } from "./built-pages.ts";
import { callInProcess } from "./call-in-process.ts";
import { publishCredentials } from "./credentials.ts";
import { type Development, openDevelopment } from "./development.ts";
import { withFreePort } from "./listen.ts";
import { closeListeners, makeListeners, openListeners } from "./listeners.ts";
import { openContext, openMigratedStore, openVault } from "./open-context.ts";
import { openFunctions } from "./open-functions.ts";
import { openSender } from "./open-sender.ts";
import { openTls, type Tls } from "./open-tls.ts";

export type Server = {
  readonly context: Context;
  readonly publicUrl: string;
  /** Where development answers without TLS, if it does. */
  readonly plainUrl: string | undefined;
  /** The certificate authority that clients have to trust; undefined where the certificate is another's. */
  readonly caFile: string | undefined;
  readonly development: Development | undefined;
  /** Calls an operation as the root, also before the server listens; rejects with the operation's refusal. */
  call<Output>(target: Target, input: object): Promise<Output>;
  /** Takes requests and starts the background work. */
  listen(): Promise<void>;
  /** Takes no further request, lets those in flight and the background work finish, and closes the store. */
  stop(): Promise<void>;
};

/** What a server stands on. */
type Ground = {
  readonly config: ServerConfig;
  readonly log: Log;
  readonly publicUrl: string;
  readonly vault: Vault;
  readonly tls: Tls | undefined;
  readonly rootKeys: RootKeys;
  readonly store: Store;
  readonly http: HttpClient;
};

/** Opens everything a server stands on, so that only the listening is left. */
export async function openServer(settings: ServerConfig, log: Log): Promise<Server> {
  const config = await withPorts(settings);
  const publicUrl = publicUrlOf(config);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const vault = await openVault(config);
  const tls = await openTls(config);
  const rootKeys = await findRootKeys(config, publicUrl, tls);
  const store = await openMigratedStore(config, log);
  try {
    const http = createHttpClient(config);
    return await assemble({ config, log, publicUrl, vault, tls, rootKeys, store, http });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(ground: Ground): Promise<Server> {
  const { config, log, publicUrl, tls, rootKeys, store } = ground;
  const background = createBackground();
  const { wakeOutbox, makeSigningKeyPair } = background;
  const development = await developmentOf(ground);
  const functions = openFunctions(config, ground);
  const context = await openContext(config, {
    ...ground,
    clock: development?.clock ?? systemClock,
    sender: development?.inbox ?? openSender(config, ground),
    wakeOutbox,
    runtimes: functions.runtimes,
    backChannel: createBackChannel(ground.http),
    makeSigningKeyPair,
  });
  const listeners = makeListeners(config, {
    context,
    tls,
    signers: { keys: signingKeys(keysOf(rootKeys)), now: () => Date.now() },
    pages: openLoginPages(builtPages("web")),
    ...(development ? { apis: development.apis, dev: development.routes } : {}),
  });
  const [{ app }] = listeners;
  const signer = { url: publicUrl, region: config.region, ...rootKeys };
  return {
    context,
    publicUrl,
    plainUrl: config.httpListen && `http://${showAddress(config.httpListen)}`,
    caFile: tls?.authority?.certificatePath,
    development,
    call: (target, input) => callInProcess(app, signer, { target, input }),
    async listen() {
      await openListeners(listeners);
      background.start(context);
    },
    async stop() {
      await closeListeners(listeners, log);
      await functions.close();
      await background.stop().finally(() => store.close());
    },
  };
}

async function withPorts(config: ServerConfig): Promise<ServerConfig> {
  const { listen, httpListen } = config;
  return {
    ...config,
    listen: listen.kind === "unix" ? listen : await withFreePort(listen),
    httpListen: httpListen && (await withFreePort(httpListen)),
  };
}

function publicUrlOf({ publicUrl, listen }: ServerConfig): string {
  const port = listen.kind === "unix" ? 443 : listen.port;
  return publicUrl ?? new URL(`https://localhost:${port}`).origin;
}

/** In development they are made when there are none, and written down for tools either way. */
async function findRootKeys(
  { mode, dataDir, region, rootKeys }: ServerConfig,
  publicUrl: string,
  tls: Tls | undefined,
): Promise<RootKeys> {
  const caFile = tls?.authority?.certificatePath;
  if (mode === "dev" && caFile) {
    return await publishCredentials(dataDir, { publicUrl, region, caFile, rootKeys }, systemRandom);
  }
  if (!rootKeys) throw new ConfigError(["POOLHOUSE_ROOT_ACCESS_KEY_ID is not set"]);
  return rootKeys;
}

function keysOf({ accessKeyId, secretAccessKey }: RootKeys) {
  return (id: string) => (id === accessKeyId ? { secret: secretAccessKey } : undefined);
}

async function developmentOf(ground: Ground): Promise<Development | undefined> {
  const { config, tls } = ground;
  const caFile = tls?.authority?.certificatePath;
  if (config.mode !== "dev" || !caFile) return undefined;
  const forward = config.smtpUrl || config.sms ? { forward: openSender(config, ground) } : {};
  return await openDevelopment(config, { ...ground, caFile, ...forward });
}
