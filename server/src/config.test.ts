import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, type Environment } from "./config/reading.ts";
import { type Mode, readClientConfig, readMasterKeyFile, readServerConfig } from "./config.ts";

let folder: string;
let masterKey: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
  masterKey = join(folder, "master.key");
  writeFileSync(masterKey, "", { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const secret = "s3cret".repeat(8);
const rootKeys = {
  POOLHOUSE_ROOT_ACCESS_KEY_ID: "AKIAPOOLHOUSETEST000",
  POOLHOUSE_ROOT_SECRET_ACCESS_KEY: secret,
};
/** The settings of a production server that starts. */
const production = (): Environment => ({
  ...rootKeys,
  POOLHOUSE_MASTER_KEY_FILE: masterKey,
  POOLHOUSE_DATA_DIR: join(folder, "data"),
});

function problemsOf(mode: Mode, environment: Environment): readonly string[] {
  try {
    readServerConfig(mode, environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

test("without any setting, dev is on loopback with TLS, SQLite and the compat profile", () => {
  expect(readServerConfig("dev", {})).toEqual({
    mode: "dev",
    dataDir: resolve(".poolhouse"),
    databaseUrl: undefined,
    listen: { kind: "https", host: "127.0.0.1", port: 8443 },
    httpListen: undefined,
    publicUrl: undefined,
    tlsFiles: undefined,
    region: "us-east-1",
    accountId: undefined,
    rootKeys: undefined,
    masterKeyFile: resolve(".poolhouse/master.key"),
    trustedProxies: [],
    issuerMode: "own",
    profile: "compat",
    rateLimits: false,
    smtpUrl: undefined,
    sms: undefined,
    functionsDir: undefined,
    lambda: { keys: undefined, endpoint: undefined },
    allowedPrivateHosts: [],
    logLevel: "info",
  });
});

test("serve with its keys starts on loopback in the hardened profile", () => {
  expect(readServerConfig("serve", production())).toMatchObject({
    listen: { kind: "https", host: "127.0.0.1", port: 8443 },
    profile: "hardened",
    rootKeys: { accessKeyId: "AKIAPOOLHOUSETEST000", secretAccessKey: secret },
  });
});

test("an empty setting is an absent one", () => {
  expect(readServerConfig("dev", { POOLHOUSE_REGION: "", POOLHOUSE_LISTEN: "" }).region).toBe(
    "us-east-1",
  );
});

describe("values", () => {
  test.each<[string, string, object]>([
    ["POOLHOUSE_LISTEN", "localhost:1", { listen: { kind: "https", host: "127.0.0.1", port: 1 } }],
    ["POOLHOUSE_LISTEN", "[::1]:0", { listen: { kind: "https", host: "::1", port: 0 } }],
    ["POOLHOUSE_HTTP_LISTEN", "127.0.0.1:80", { httpListen: { host: "127.0.0.1", port: 80 } }],
    [
      "POOLHOUSE_PUBLIC_URL",
      "https://auth.example.com/",
      { publicUrl: "https://auth.example.com" },
    ],
    ["POOLHOUSE_DATABASE_URL", "postgres://u:p@h/d", { databaseUrl: "postgres://u:p@h/d" }],
    [
      "POOLHOUSE_DATABASE_URL",
      "postgresql:///d?host=/run",
      { databaseUrl: "postgresql:///d?host=/run" },
    ],
    ["POOLHOUSE_REGION", "us-gov-west-1", { region: "us-gov-west-1" }],
    ["POOLHOUSE_ACCOUNT_ID", "012345678901", { accountId: "012345678901" }],
    ["POOLHOUSE_TRUSTED_PROXIES", "10.0.0.0/8, ::1", { trustedProxies: ["10.0.0.0/8", "::1"] }],
    ["POOLHOUSE_ISSUER_MODE", "aws", { issuerMode: "aws" }],
    ["POOLHOUSE_PROFILE", "hardened", { profile: "hardened" }],
    ["POOLHOUSE_RATE_LIMITS", "on", { rateLimits: true }],
    [
      "POOLHOUSE_ALLOWED_PRIVATE_HOSTS",
      "hooks.internal, LOCALHOST,10.0.0.7,::1",
      { allowedPrivateHosts: ["hooks.internal", "LOCALHOST", "10.0.0.7", "::1"] },
    ],
    [
      "POOLHOUSE_LAMBDA_ENDPOINT",
      "https://lambda.example.com:4566/",
      { lambda: { endpoint: "https://lambda.example.com:4566" } },
    ],
    ["POOLHOUSE_LOG_LEVEL", "silent", { logLevel: "silent" }],
  ])("%s=%s is taken", (name, value, expected) => {
    expect(readServerConfig("dev", { [name]: value })).toMatchObject(expected);
  });

  test.each<[string, string, RegExp]>([
    ["POOLHOUSE_LISTEN", "8443", /is "8443" and must be HOST:PORT/],
    ["POOLHOUSE_LISTEN", "127.0.0.1:65536", /must be HOST:PORT/],
    ["POOLHOUSE_LISTEN", "::1:8443", /must be HOST:PORT/],
    ["POOLHOUSE_LISTEN", "auth.example.com:443", /with an IP address or localhost as HOST/],
    ["POOLHOUSE_LISTEN", "999.0.0.1:443", /must be HOST:PORT/],
    ["POOLHOUSE_LISTEN", "0.0.0.0:8443", /on this machine alone under poolhouse dev/],
    ["POOLHOUSE_LISTEN", "http://127.0.0.1:80", /on this machine alone under poolhouse dev/],
    ["POOLHOUSE_LISTEN", "unix:/run/p.sock", /on this machine alone under poolhouse dev/],
    ["POOLHOUSE_HTTP_LISTEN", "0.0.0.0:8080", /on this machine alone, such as 127.0.0.1:8080/],
    ["POOLHOUSE_PUBLIC_URL", "http://localhost:8443", /must be https:\/\/HOST/],
    ["POOLHOUSE_PUBLIC_URL", "https://example.com/auth", /with nothing behind it/],
    ["POOLHOUSE_PUBLIC_URL", "https://me@example.com", /with nothing behind it/],
    ["POOLHOUSE_DATABASE_URL", "mysql://u:hunter2@h/d", /must be postgres:\/\//],
    ["POOLHOUSE_DATABASE_URL", "hunter2", /must be postgres:\/\//],
    ["POOLHOUSE_REGION", "US-EAST-1", /an AWS region such as us-east-1/],
    ["POOLHOUSE_ACCOUNT_ID", "1234", /must be 12 digits/],
    ["POOLHOUSE_TRUSTED_PROXIES", "10.0.0.0/8,proxy", /names "proxy"/],
    ["POOLHOUSE_TRUSTED_PROXIES", "0.0.0.0/0", /names "0.0.0.0\/0"/],
    ["POOLHOUSE_TRUSTED_PROXIES", "10.0.0.0/33", /names "10.0.0.0\/33"/],
    ["POOLHOUSE_ISSUER_MODE", "cognito", /must be own or aws/],
    ["POOLHOUSE_PROFILE", "Hardened", /must be compat or hardened/],
    ["POOLHOUSE_RATE_LIMITS", "1", /must be on or off/],
    ["POOLHOUSE_LAMBDA_ENDPOINT", "lambda.example.com", /must be https:/],
    ["POOLHOUSE_LAMBDA_ENDPOINT", "https://lambda.example.com/path", /must be https:/],
    ["POOLHOUSE_LAMBDA_ENDPOINT", "http://127.0.0.1:4566", /is plain HTTP/],
    ["POOLHOUSE_AWS_ACCESS_KEY_ID", "AKIAPOOLHOUSETEST000", /set both or neither/],
    ["POOLHOUSE_ALLOWED_PRIVATE_HOSTS", "*", /names "\*"/],
    ["POOLHOUSE_ALLOWED_PRIVATE_HOSTS", "a.internal,", /names ""/],
    ["POOLHOUSE_ALLOWED_PRIVATE_HOSTS", "a.internal:80", /names "a.internal:80"/],
    ["POOLHOUSE_ALLOWED_PRIVATE_HOSTS", "http://a.internal", /names "http:\/\/a.internal"/],
    ["POOLHOUSE_ALLOWED_PRIVATE_HOSTS", "10.0.0.0/8", /names "10.0.0.0\/8"/],
    ["POOLHOUSE_LOG_LEVEL", "trace", /must be info or warn or error or silent/],
    [
      "POOLHOUSE_ROOT_ACCESS_KEY_ID",
      "AKIAPOOLHOUSETEST000",
      /POOLHOUSE_ROOT_SECRET_ACCESS_KEY is not: set both/,
    ],
    ["POOLHOUSE_TLS_CERT_FILE", "/x", /for poolhouse serve alone/],
    ["POOLHOUSE_SMTP_URL", "mail.example.com", /must be smtp:\/\//],
    ["POOLHOUSE_LISTN", "127.0.0.1:1", /is not a setting of this version/],
  ])("%s=%s is refused", (name, value, expected) => {
    const problems = problemsOf("dev", { [name]: value });
    expect(problems.join("\n")).toMatch(expected);
    expect(problems.join("\n")).toContain(name);
  });

  test("no refusal repeats a secret", () => {
    const told = problemsOf("serve", {
      POOLHOUSE_DATABASE_URL: "mysql://u:hunter2@h/d",
      POOLHOUSE_SMTP_URL: "http://u:hunter2@h",
      POOLHOUSE_ROOT_ACCESS_KEY_ID: "AKIAPOOLHOUSETEST000",
      POOLHOUSE_ROOT_SECRET_ACCESS_KEY: "hunter2",
    }).join("\n");
    expect(told).toContain("POOLHOUSE_ROOT_SECRET_ACCESS_KEY must be 32 to 128 characters");
    expect(told).not.toContain("hunter2");
  });
});

describe("serve refuses", () => {
  test("to start without a master key and root keys, all said at once", () => {
    expect(problemsOf("serve", { POOLHOUSE_DATA_DIR: folder })).toEqual([
      "POOLHOUSE_MASTER_KEY_FILE is not set: poolhouse keys init makes such a file",
      "POOLHOUSE_ROOT_ACCESS_KEY_ID and POOLHOUSE_ROOT_SECRET_ACCESS_KEY are not set: poolhouse keys init makes them",
    ]);
  });

  const listening: [string, Environment, RegExp][] = [
    ["plain HTTP on a public address", { POOLHOUSE_LISTEN: "http://0.0.0.0:80" }, /is plain HTTP/],
    ["plain HTTP on all of IPv6", { POOLHOUSE_LISTEN: "http://[::]:80" }, /is plain HTTP/],
    [
      "plain HTTP on an address that only looks like loopback",
      { POOLHOUSE_LISTEN: "http://[::ffff:127.0.0.1]:80" },
      /is plain HTTP/,
    ],
    [
      "a public address without a certificate",
      { POOLHOUSE_LISTEN: "0.0.0.0:443" },
      /TLS_CERT_FILE/,
    ],
    ["plain HTTP without a public URL", { POOLHOUSE_LISTEN: "http://127.0.0.1:80" }, /PUBLIC_URL/],
    ["a unix socket without a public URL", { POOLHOUSE_LISTEN: "unix:/run/p.sock" }, /PUBLIC_URL/],
    [
      "settings of development",
      { POOLHOUSE_HTTP_LISTEN: "127.0.0.1:80" },
      /for poolhouse dev alone/,
    ],
    [
      "a database elsewhere whose certificate would not be checked",
      { POOLHOUSE_DATABASE_URL: "postgres://db.example.com/d?sslmode=no-verify" },
      /use sslmode=verify-full/,
    ],
    [
      "a database elsewhere in clear",
      { POOLHOUSE_DATABASE_URL: "postgres://10.0.0.7/d?sslmode=disable" },
      /use sslmode=verify-full/,
    ],
    [
      "a certificate without its key",
      { POOLHOUSE_TLS_CERT_FILE: "/x" },
      /KEY_FILE is not: set both/,
    ],
  ];
  test.each(listening)("%s", (_, environment, expected) => {
    const problems = problemsOf("serve", { ...production(), ...environment });
    expect(problems.join("\n")).toMatch(expected);
  });

  test.each([
    "postgres://localhost/d?sslmode=disable",
    "postgres:///d?host=/run/postgresql",
    "postgres://127.0.0.1/d?ssl=false",
    "postgres://db.example.com/d",
    "postgres://db.example.com/d?sslmode=verify-full",
  ])("but not %s", (url) => {
    expect(problemsOf("serve", { ...production(), POOLHOUSE_DATABASE_URL: url })).toEqual([]);
  });

  test.each(["http://127.0.0.1:8080", "http://[::1]:8080", "unix:/run/p.sock"])(
    "nor %s behind a proxy that has the public URL",
    (listen) => {
      const url = { POOLHOUSE_PUBLIC_URL: "https://auth.example.com" };
      expect(problemsOf("serve", { ...production(), ...url, POOLHOUSE_LISTEN: listen })).toEqual(
        [],
      );
    },
  );
});

describe("key files of serve", () => {
  const withKey = (file: string, more: Environment = {}) =>
    problemsOf("serve", { ...production(), POOLHOUSE_MASTER_KEY_FILE: file, ...more });

  test("a master key that is not there is refused", () => {
    expect(withKey(join(folder, "none"))[0]).toMatch(/none is not there or cannot be read/);
  });

  test.each([0o644, 0o640, 0o620, 0o604])("a master key of mode %o is refused", (mode) => {
    const file = join(folder, `key-${mode}`);
    writeFileSync(file, "");
    chmodSync(file, mode);
    expect(withKey(file)).toEqual([
      `POOLHOUSE_MASTER_KEY_FILE: ${file} can be read by others: run chmod 600 ${file}`,
    ]);
  });

  test("a master key in the data directory is refused, also by way of a link", () => {
    const data = join(folder, "with-key");
    mkdirSync(data);
    writeFileSync(join(data, "k"), "", { mode: 0o600 });
    symlinkSync(join(data, "k"), join(folder, "link"));
    symlinkSync(data, join(folder, "data-link"));
    const message = /lies in the data directory/;
    expect(withKey(join(data, "k"), { POOLHOUSE_DATA_DIR: data })[0]).toMatch(message);
    expect(withKey(join(folder, "link"), { POOLHOUSE_DATA_DIR: data })[0]).toMatch(message);
    const byLink = { POOLHOUSE_DATA_DIR: join(folder, "data-link") };
    expect(withKey(join(data, "k"), byLink)[0]).toMatch(message);
  });

  test("a folder whose name merely begins like the data directory's is another folder", () => {
    const data = join(folder, "p");
    mkdirSync(join(folder, "p2"));
    writeFileSync(join(folder, "p2", "k"), "", { mode: 0o600 });
    expect(withKey(join(folder, "p2", "k"), { POOLHOUSE_DATA_DIR: data })).toEqual([]);
  });

  test("a private key of TLS may be a group's and never everybody's", () => {
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(cert, "");
    writeFileSync(key, "");
    const tls = {
      POOLHOUSE_TLS_CERT_FILE: cert,
      POOLHOUSE_TLS_KEY_FILE: key,
      POOLHOUSE_LISTEN: "0.0.0.0:443",
      POOLHOUSE_PUBLIC_URL: "https://auth.example.com",
    };
    chmodSync(key, 0o644);
    expect(withKey(masterKey, tls)).toEqual([
      `POOLHOUSE_TLS_KEY_FILE: ${key} can be read by others: run chmod o= ${key}`,
    ]);
    chmodSync(key, 0o640);
    expect(withKey(masterKey, tls)).toEqual([]);
  });

  test("a data directory that others may write to is refused", () => {
    const data = join(folder, "open");
    mkdirSync(data);
    chmodSync(data, 0o777);
    expect(withKey(masterKey, { POOLHOUSE_DATA_DIR: data })[0]).toMatch(/can be written by others/);
  });

  test("a folder of functions has to be there, and nobody else may write to it", () => {
    const functions = join(folder, "functions");
    const problems = () => withKey(masterKey, { POOLHOUSE_FUNCTIONS_DIR: functions });
    expect(problems()).toEqual([
      `POOLHOUSE_FUNCTIONS_DIR: ${functions} is not there or is no folder`,
    ]);
    mkdirSync(functions);
    chmodSync(functions, 0o757);
    expect(problems()[0]).toMatch(/^POOLHOUSE_FUNCTIONS_DIR: .* can be written by others/);
    chmodSync(functions, 0o755);
    expect(problems()).toEqual([]);
  });
});

describe("commands reach a server", () => {
  const aws = {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: "https://auth.example.com",
    AWS_ACCESS_KEY_ID: "AKIAOTHER",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: "eu-west-1",
  };

  test("by AWS's variables where an endpoint is among them", () => {
    expect(readClientConfig({ ...rootKeys, ...aws }).access).toMatchObject({
      url: "https://auth.example.com",
      region: "eu-west-1",
      accessKeyId: "AKIAOTHER",
    });
  });

  test("never with AWS's keys where no endpoint of ours is named", () => {
    const { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: _, ...forAws } = aws;
    expect(readClientConfig(forAws).access).toBeUndefined();
  });

  test("by the root keys and the public URL otherwise", () => {
    const { access } = readClientConfig({ ...rootKeys, POOLHOUSE_DATA_DIR: "/d" });
    expect(access).toMatchObject({
      url: "https://localhost:8443",
      accessKeyId: rootKeys.POOLHOUSE_ROOT_ACCESS_KEY_ID,
      caFile: resolve("/d/ca.pem"),
    });
  });

  test("in clear on this machine alone", () => {
    const at = (url: string) => () =>
      readClientConfig({ ...aws, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url });
    for (const url of ["http://localhost:1", "http://[::1]:1", "http://127.0.0.1:1"]) at(url)();
    for (const url of ["http://auth.example.com", "http://127.0.0.1.example.com", "ftp://x", "x"]) {
      expect(at(url)).toThrow("must be https://…, or http:// to this machine");
    }
  });

  test("an endpoint without keys is a mistake", () => {
    const { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER } = aws;
    expect(() => readClientConfig({ AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER })).toThrow(
      "set all three or none",
    );
  });
});

test("keys are made where the setting says, else among the user's own settings", () => {
  expect(readMasterKeyFile({ POOLHOUSE_MASTER_KEY_FILE: "/k/m" })).toBe(resolve("/k/m"));
  expect(readMasterKeyFile({ XDG_CONFIG_HOME: "/c" })).toBe(join("/c", "poolhouse", "master.key"));
});
