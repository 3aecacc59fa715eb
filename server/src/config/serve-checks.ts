import type { ServerConfig } from "../config.ts";
import { isLoopback } from "../lib/this-machine.ts";
import {
  dataDirFault,
  fileFault,
  functionsDirFault,
  masterKeyFault,
  tlsKeyFault,
} from "./key-files.ts";
import type { Reading } from "./reading.ts";
import type { Setting } from "./settings.ts";
import { trustsAnyDatabase } from "./values.ts";

/** Notes what production must not run with. */
export function checkServe(config: ServerConfig, reading: Reading): void {
  const { has, problems } = reading;
  const fault = (setting: Setting, text: string | undefined) =>
    text !== undefined && problems.push(`${setting}: ${text}`);
  if (has("POOLHOUSE_MASTER_KEY_FILE")) {
    fault("POOLHOUSE_MASTER_KEY_FILE", masterKeyFault(config.masterKeyFile, config.dataDir));
  } else {
    problems.push("POOLHOUSE_MASTER_KEY_FILE is not set: poolhouse keys init makes such a file");
  }
  if (!has("POOLHOUSE_ROOT_ACCESS_KEY_ID") && !has("POOLHOUSE_ROOT_SECRET_ACCESS_KEY")) {
    problems.push(
      "POOLHOUSE_ROOT_ACCESS_KEY_ID and POOLHOUSE_ROOT_SECRET_ACCESS_KEY are not set: poolhouse keys init makes them",
    );
  }
  fault("POOLHOUSE_DATA_DIR", dataDirFault(config.dataDir));
  if (config.functionsDir) {
    fault("POOLHOUSE_FUNCTIONS_DIR", functionsDirFault(config.functionsDir));
  }
  if (config.databaseUrl && trustsAnyDatabase(config.databaseUrl)) {
    fault(
      "POOLHOUSE_DATABASE_URL",
      "the database is on another machine and its certificate would not be checked: use sslmode=verify-full",
    );
  }
  if (config.tlsFiles) {
    fault("POOLHOUSE_TLS_CERT_FILE", fileFault(config.tlsFiles.certificate));
    fault("POOLHOUSE_TLS_KEY_FILE", tlsKeyFault(config.tlsFiles.key));
  }
  checkServeListen(config, reading);
}

function checkServeListen({ listen }: ServerConfig, { has, problems }: Reading): void {
  const isLocal = listen.kind !== "unix" && isLoopback(listen.host);
  if (listen.kind === "http" && !isLocal) {
    problems.push(
      "POOLHOUSE_LISTEN is plain HTTP on an address that others reach: use HOST:PORT for TLS, or http:// on 127.0.0.1 behind a proxy",
    );
  }
  if (listen.kind === "https" && !isLocal && !has("POOLHOUSE_TLS_CERT_FILE")) {
    problems.push(
      "POOLHOUSE_LISTEN is an address that others reach: set POOLHOUSE_TLS_CERT_FILE and POOLHOUSE_TLS_KEY_FILE, since the own certificate names localhost alone",
    );
  }
  if (listen.kind !== "https" && has("POOLHOUSE_TLS_CERT_FILE")) {
    problems.push("POOLHOUSE_TLS_CERT_FILE is set and POOLHOUSE_LISTEN is plain HTTP: drop one");
  }
  if (!(listen.kind === "https" && isLocal) && !has("POOLHOUSE_PUBLIC_URL")) {
    problems.push(
      "POOLHOUSE_PUBLIC_URL is not set: tokens carry it, so it must be the https:// URL that clients use",
    );
  }
}
