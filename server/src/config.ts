/** The settings. Only this file reads the environment; the texts below are what `--help` shows. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { folderFault } from "./config/key-files.ts";
import type { Address, Listen } from "./config/listen.ts";
import {
  ConfigError,
  type Environment,
  type Reading,
  requireBoth,
  startReading,
} from "./config/reading.ts";
import { checkServe } from "./config/serve-checks.ts";
import { ofOneMode, type Setting, settingTexts } from "./config/settings.ts";
import { type SmsUrl, smsAddress, smsUrl } from "./config/sms-url.ts";
import * as values from "./config/values.ts";
import { isLoopback } from "./lib/this-machine.ts";

export type Mode = "dev" | "serve";

/** What a server starts with, whole and checked. */
export type ServerConfig = {
  readonly mode: Mode;
  readonly dataDir: string;
  /** SQLite in the data directory when absent. */
  readonly databaseUrl: string | undefined;
  readonly listen: Listen;
  readonly httpListen: Address | undefined;
  /** Without a slash at its end; when absent, localhost at the port that was got. */
  readonly publicUrl: string | undefined;
  /** A certificate of the data directory's own authority when absent. */
  readonly tlsFiles: TlsFiles | undefined;
  readonly region: string;
  readonly accountId: string | undefined;
  /** Never absent under `serve`. */
  readonly rootKeys: RootKeys | undefined;
  readonly masterKeyFile: string;
  readonly trustedProxies: readonly string[];
  readonly issuerMode: "own" | "aws";
  readonly profile: "compat" | "hardened";
  readonly rateLimits: boolean;
  readonly smtpUrl: string | undefined;
  readonly sms: (SmsUrl & { readonly secret: string }) | undefined;
  /** Functions can be modules only where there is such a folder. */
  readonly functionsDir: string | undefined;
  /** What functions on AWS are called with. */
  readonly lambda: { readonly keys: AccessKeys | undefined; readonly endpoint: string | undefined };
  /** Where outbound HTTP may go although it is private; in lower case or not. */
  readonly allowedPrivateHosts: readonly string[];
  readonly logLevel: "info" | "warn" | "error" | "silent";
};

type TlsFiles = { readonly certificate: string; readonly key: string };
type AccessKeys = { readonly accessKeyId: string; readonly secretAccessKey: string };
export type RootKeys = AccessKeys;

/** Where a server keeps its rows, and what opens the secrets in them. */
export type DataConfig = Pick<ServerConfig, "dataDir" | "databaseUrl" | "masterKeyFile">;

/** What commands need that work on a server's data without it. */
export function readDataConfig(environment: Environment = process.env): DataConfig {
  const reading = startReading(environment);
  const config = readData(reading);
  if (reading.problems.length > 0) throw new ConfigError(reading.problems);
  return config;
}

/** The settings of a server; throws ConfigError with everything that is wrong, unsafe settings of `serve` included. */
export function readServerConfig(mode: Mode, environment: Environment = process.env): ServerConfig {
  const reading = startReading(environment);
  const config = readValues(mode, reading);
  refuseOtherMode(mode, reading);
  refuseUnknown(environment, reading);
  checkPlainHttp(config, reading);
  if (mode === "dev") checkDev(config, reading);
  else checkServe(config, reading);
  if (reading.problems.length > 0) throw new ConfigError(reading.problems);
  return config;
}

const defaultListen: Listen = { kind: "https", host: "127.0.0.1", port: 8443 };

function readValues(mode: Mode, reading: Reading): ServerConfig {
  const { read } = reading;
  return {
    mode,
    ...readData(reading),
    listen: read("POOLHOUSE_LISTEN", values.listen) ?? defaultListen,
    httpListen: read("POOLHOUSE_HTTP_LISTEN", values.loopbackAddress),
    publicUrl: read("POOLHOUSE_PUBLIC_URL", values.httpsUrl),
    tlsFiles: readTlsFiles(reading),
    region: readRegion(reading),
    accountId: read("POOLHOUSE_ACCOUNT_ID", values.matching(/^\d{12}$/, "12 digits")),
    rootKeys: readRootKeys(reading),
    trustedProxies: read("POOLHOUSE_TRUSTED_PROXIES", values.addressRanges) ?? [],
    issuerMode: read("POOLHOUSE_ISSUER_MODE", values.oneOf("own", "aws")) ?? "own",
    profile:
      read("POOLHOUSE_PROFILE", values.oneOf("compat", "hardened")) ??
      (mode === "dev" ? "compat" : "hardened"),
    rateLimits:
      (read("POOLHOUSE_RATE_LIMITS", values.oneOf("on", "off")) ??
        (mode === "dev" ? "off" : "on")) === "on",
    smtpUrl: read("POOLHOUSE_SMTP_URL", values.smtpUrl),
    sms: readSms(reading),
    functionsDir: read("POOLHOUSE_FUNCTIONS_DIR", values.path),
    lambda: readLambda(reading),
    allowedPrivateHosts: read("POOLHOUSE_ALLOWED_PRIVATE_HOSTS", values.hostNames) ?? [],
    logLevel:
      read("POOLHOUSE_LOG_LEVEL", values.oneOf("info", "warn", "error", "silent")) ?? "info",
  };
}

function readData(reading: Reading): DataConfig {
  const { read } = reading;
  const dataDir = readDataDir(reading);
  return {
    dataDir,
    databaseUrl: read("POOLHOUSE_DATABASE_URL", values.postgresUrl),
    masterKeyFile: read("POOLHOUSE_MASTER_KEY_FILE", values.path) ?? join(dataDir, "master.key"),
  };
}

function readDataDir({ read }: Reading): string {
  return read("POOLHOUSE_DATA_DIR", values.path) ?? resolve(".poolhouse");
}

function readRegion({ read }: Reading): string {
  const form = /^[a-z]{2}(-[a-z]{2,12}){1,2}-\d{1,2}$/;
  return (
    read("POOLHOUSE_REGION", values.matching(form, "an AWS region such as us-east-1")) ??
    "us-east-1"
  );
}

function readRootKeys(reading: Reading): RootKeys | undefined {
  return readKeys(reading, "POOLHOUSE_ROOT_ACCESS_KEY_ID", "POOLHOUSE_ROOT_SECRET_ACCESS_KEY");
}

function readKeys(reading: Reading, idName: Setting, secretName: Setting): AccessKeys | undefined {
  // AWS's model has these characters and lengths for an access key id.
  const id = values.secretMatching(/^\w{16,128}$/, "16 to 128 letters and digits");
  const secret = values.secretMatching(/^[\x21-\x7e]{32,128}$/, "32 to 128 characters, no spaces");
  const accessKeyId = reading.read(idName, id);
  const secretAccessKey = reading.read(secretName, secret);
  requireBoth(reading, idName, secretName);
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

function readSms(reading: Reading): ServerConfig["sms"] {
  const url = reading.read("POOLHOUSE_SMS_URL", smsUrl);
  const form = values.secretMatching(/^[\x21-\x7e]{16,256}$/, "16 to 256 characters, no spaces");
  const secret = reading.read("POOLHOUSE_SMS_SECRET", form);
  requireBoth(reading, "POOLHOUSE_SMS_URL", "POOLHOUSE_SMS_SECRET");
  return url && secret ? { ...url, secret } : undefined;
}

function readLambda(reading: Reading): ServerConfig["lambda"] {
  const keys = readKeys(reading, "POOLHOUSE_AWS_ACCESS_KEY_ID", "POOLHOUSE_AWS_SECRET_ACCESS_KEY");
  return { keys, endpoint: reading.read("POOLHOUSE_LAMBDA_ENDPOINT", values.httpOrigin) };
}

function readTlsFiles(reading: Reading): TlsFiles | undefined {
  const certificate = reading.read("POOLHOUSE_TLS_CERT_FILE", values.path);
  const key = reading.read("POOLHOUSE_TLS_KEY_FILE", values.path);
  requireBoth(reading, "POOLHOUSE_TLS_CERT_FILE", "POOLHOUSE_TLS_KEY_FILE");
  return certificate && key ? { certificate, key } : undefined;
}

/** A setting that this mode does not act on is refused, not ignored: somebody relies on it. */
function refuseOtherMode(mode: Mode, { has, problems }: Reading): void {
  for (const [setting, only] of Object.entries(ofOneMode) as [Setting, Mode][]) {
    if (only !== mode && has(setting)) {
      problems.push(`${setting} is for poolhouse ${only} alone: unset it`);
    }
  }
}

function refuseUnknown(environment: Environment, { problems }: Reading): void {
  for (const name of Object.keys(environment).sort()) {
    if (name.startsWith("POOLHOUSE_") && !Object.hasOwn(settingTexts, name)) {
      problems.push(`${name} is not a setting of this version: see poolhouse serve --help`);
    }
  }
}

function checkPlainHttp(
  { sms, lambda, allowedPrivateHosts }: ServerConfig,
  { problems }: Reading,
): void {
  const allowed = new Set(allowedPrivateHosts.map((host) => host.toLowerCase()));
  const hosts = {
    POOLHOUSE_SMS_URL: sms && values.plainHttpHost(smsAddress(sms)),
    POOLHOUSE_LAMBDA_ENDPOINT: lambda.endpoint && values.plainHttpHost(lambda.endpoint),
  };
  for (const [setting, host] of Object.entries(hosts)) {
    if (!host || allowed.has(host)) continue;
    problems.push(
      `${setting} is plain HTTP, which POOLHOUSE_ALLOWED_PRIVATE_HOSTS has to name the host for: use https://`,
    );
  }
}

function checkDev({ listen, functionsDir }: ServerConfig, { problems }: Reading): void {
  const fault = functionsDir && folderFault(functionsDir);
  if (fault) problems.push(`POOLHOUSE_FUNCTIONS_DIR: ${fault}`);
  if (listen.kind !== "https" || !isLoopback(listen.host)) {
    problems.push(
      "POOLHOUSE_LISTEN must be HOST:PORT on this machine alone under poolhouse dev, such as 127.0.0.1:8443",
    );
  }
}

/** A server that commands talk to, and the keys that they sign with. */
export type ServerAccess = {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  /** A certificate authority that is trusted besides the usual ones. */
  readonly caFile: string | undefined;
};

export type ClientConfig = {
  readonly dataDir: string;
  /** When absent, the data directory's credentials.env says it. */
  readonly access: ServerAccess | undefined;
};

/** What commands need to talk to a server: AWS_* with an endpoint of ours, else POOLHOUSE_ROOT_*, else credentials.env. */
export function readClientConfig(environment: Environment = process.env): ClientConfig {
  const reading = startReading(environment);
  const dataDir = readDataDir(reading);
  const access = readAwsAccess(environment, reading) ?? readRootAccess(dataDir, reading);
  if (reading.problems.length > 0) throw new ConfigError(reading.problems);
  return { dataDir, access };
}

/** The variable that says that AWS_* are for a Poolhouse; without it they are for AWS, and none of our business. */
export const ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";

function readAwsAccess(environment: Environment, { problems }: Reading): ServerAccess | undefined {
  const endpoint = environment[ENDPOINT_VARIABLE];
  if (!endpoint) return undefined;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CA_BUNDLE } =
    environment;
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    problems.push(
      `${ENDPOINT_VARIABLE} is set and AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not: set all three or none`,
    );
    return undefined;
  }
  return {
    url: readEndpoint(endpoint, problems),
    region: AWS_REGION || AWS_DEFAULT_REGION || "us-east-1",
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
    caFile: AWS_CA_BUNDLE || undefined,
  };
}

function readEndpoint(text: string, problems: string[]): string {
  try {
    return values.endpointUrl(text);
  } catch (error) {
    if (!(error instanceof values.WrongValue)) throw error;
    problems.push(`${ENDPOINT_VARIABLE} ${error.message}`);
    return text;
  }
}

function readRootAccess(dataDir: string, reading: Reading): ServerAccess | undefined {
  const rootKeys = readRootKeys(reading);
  if (!rootKeys) return undefined;
  return {
    url: reading.read("POOLHOUSE_PUBLIC_URL", values.httpsUrl) ?? "https://localhost:8443",
    region: readRegion(reading),
    ...rootKeys,
    sessionToken: undefined,
    caFile: join(dataDir, "ca.pem"),
  };
}

/** Where `keys init` puts the master key, and the root keys beside it. */
export function readMasterKeyFile(environment: Environment = process.env): string {
  const base = environment["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  const { read } = startReading(environment);
  return read("POOLHOUSE_MASTER_KEY_FILE", values.path) ?? join(base, "poolhouse", "master.key");
}

/** Whether commands show where an unexpected error came from. */
export function wantsStack(environment: Environment = process.env): boolean {
  return environment["POOLHOUSE_DEBUG"] === "1";
}
