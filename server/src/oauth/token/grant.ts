/** What is unique to one kind of grant; the token endpoint does what all have in common. */
import type { Call } from "../../domain/call.ts";
import type { UserPoolClient } from "../../domain/clients/client.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import type { IssuedTokens } from "../../domain/tokens/issue.ts";
import { oauthError } from "../../errors/oauth.ts";
import { JsonFault, parseJson } from "../../lib/json.ts";
import type { Parameters } from "../../protocol/parameters.ts";

export type TokenRequest = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly form: Parameters;
  /** The thumbprint of the key that the request proved to hold (RFC 9449). */
  readonly dpopJkt: string | undefined;
  /** `aws_client_metadata`, for the pool's functions. */
  readonly clientMetadata: Readonly<Record<string, string>> | undefined;
};

export type Grant = (call: Call, request: TokenRequest) => Promise<IssuedTokens>;

/** A parameter that must be there. */
export function requireField(form: Parameters, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw oauthError("invalid_request", `${name} is missing.`);
  return value;
}

const maxMetadataCharacters = 8192;

/** `aws_client_metadata`: a JSON object of texts (AWS, "Token endpoint"). */
export function readClientMetadata(form: Parameters): Record<string, string> | undefined {
  const text = form.get("aws_client_metadata");
  if (text === undefined) return undefined;
  const value = text.length > maxMetadataCharacters ? undefined : parse(text);
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap || Object.values(value).some((each) => typeof each !== "string")) {
    throw oauthError("invalid_request", "aws_client_metadata must be a JSON object of strings.");
  }
  return value as Record<string, string>;
}

function parse(text: string): unknown {
  try {
    return parseJson(Buffer.from(text), 2);
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
