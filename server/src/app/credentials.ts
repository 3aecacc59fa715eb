/** `credentials.env` of a data directory: the root keys and the variables that lead AWS tools to the server. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { ENDPOINT_VARIABLE, type RootKeys, type ServerAccess } from "../config.ts";
import { createOnce, readIfPresent, replaceFile } from "../lib/publish-file.ts";
import type { Random } from "../lib/random.ts";
import { readVariables, shellWord } from "../lib/shell.ts";
import { makeRootKeys } from "./root-keys.ts";

/** Where the file lies. */
export function credentialsFile(dataDir: string): string {
  return join(dataDir, "credentials.env");
}

export type CredentialFacts = {
  readonly publicUrl: string;
  readonly region: string;
  readonly caFile: string;
  /** Those of the settings, which win over those in the file. */
  readonly rootKeys: RootKeys | undefined;
};

/** Brings the file up to date, readable by its owner alone, and answers the root keys in it, made at the first start. */
export async function publishCredentials(
  dataDir: string,
  facts: CredentialFacts,
  random: Random,
): Promise<RootKeys> {
  const file = credentialsFile(dataDir);
  const present = (await readIfPresent(file)) ?? (await createFile(file, facts, random));
  const keys = facts.rootKeys ?? keysIn(present) ?? makeRootKeys(random);
  const wanted = format(keys, facts);
  if (present !== wanted) await replaceFile(file, { content: wanted, mode: 0o600 });
  await chmod(file, 0o600);
  return keys;
}

/** The file's text, which is another's when another process was first. */
function createFile(file: string, facts: CredentialFacts, random: Random): Promise<string> {
  const content = format(facts.rootKeys ?? makeRootKeys(random), facts);
  return createOnce(file, { content, mode: 0o600 });
}

/** How to reach the server of this data directory as its root, or undefined when it has not been started yet. */
export async function readCredentials(dataDir: string): Promise<ServerAccess | undefined> {
  const text = await readIfPresent(credentialsFile(dataDir));
  const keys = keysIn(text);
  const variables = readVariables(text ?? "");
  const url = variables.get(ENDPOINT_VARIABLE);
  if (!keys || !url) return undefined;
  return {
    ...keys,
    url,
    region: variables.get("AWS_REGION") ?? "us-east-1",
    sessionToken: undefined,
    caFile: variables.get("AWS_CA_BUNDLE"),
  };
}

function keysIn(text: string | undefined): RootKeys | undefined {
  const variables = readVariables(text ?? "");
  const accessKeyId = variables.get("AWS_ACCESS_KEY_ID");
  const secretAccessKey = variables.get("AWS_SECRET_ACCESS_KEY");
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

function format(keys: RootKeys, { publicUrl, region, caFile }: CredentialFacts): string {
  const variables = {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    [ENDPOINT_VARIABLE]: publicUrl,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY: publicUrl,
    AWS_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  };
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}=${shellWord(value)}`,
  );
  return [
    "# Written by poolhouse dev at every start. These keys may do everything on this server.",
    ...lines,
    // One left over from AWS would go along with every request and be refused.
    "unset AWS_SESSION_TOKEN",
    "",
  ].join("\n");
}
