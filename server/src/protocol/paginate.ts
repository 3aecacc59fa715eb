/** Lists in pages. What stands between two pages is a token that tells its holder nothing and opens for one list only. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { ServiceError } from "../errors/service-error.ts";
import type { Vault } from "../lib/envelope.ts";
import type { Random } from "../lib/random.ts";

/** What of a call is needed here. */
type Caller = {
  readonly vault: Pick<Vault, "derive">;
  readonly random: Pick<Random, "bytes">;
  readonly facts: { readonly requestId: string };
};

type Asked = {
  /** What is listed, told apart from every other list: the operation, the pool, the filter. */
  readonly list: readonly string[];
  readonly token: string | undefined;
  readonly limit: number;
};

type Source<Row, Position> = {
  /** At most `limit` rows after a position, in a lasting order. */
  read(after: Position | undefined, limit: number): Promise<readonly Row[]>;
  /** Where a row stands in that order, as JSON. */
  positionOf(row: Row): Position;
};

const nonceBytes = 12;
const tagBytes = 16;
/** Positions hold a name or two; AWS's own limit for tokens is far above. */
const maxTokenCharacters = 8192;

/** One page of a list, and the token for the next one while there is more; a token of another list is refused. */
export async function paginate<Row, Position>(
  call: Caller,
  asked: Asked,
  source: Source<Row, Position>,
): Promise<{ rows: readonly Row[]; nextToken: string | undefined }> {
  // The position is of this source's type, since only this list's own tokens open.
  const after =
    asked.token === undefined ? undefined : (openToken(call, asked, asked.token) as Position);
  const found = await source.read(after, asked.limit + 1);
  const rows = found.slice(0, asked.limit);
  const last = rows.at(-1);
  if (found.length <= asked.limit || last === undefined) return { rows, nextToken: undefined };
  return { rows, nextToken: sealToken(call, asked, source.positionOf(last)) };
}

function keyOf(call: Caller): Buffer {
  return call.vault.derive("pagination");
}

// JSON keeps the parts apart: no two lists are written alike.
function addressOf({ list }: Asked): Buffer {
  return Buffer.from(JSON.stringify(list));
}

function sealToken(call: Caller, asked: Asked, position: unknown): string {
  const nonce = call.random.bytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keyOf(call), nonce).setAAD(addressOf(asked));
  const ciphertext = cipher.update(JSON.stringify(position));
  cipher.final();
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString("base64url");
}

function openToken(call: Caller, asked: Asked, token: string): unknown {
  if (token.length > maxTokenCharacters) throw invalidToken(call, token);
  const blob = Buffer.from(token, "base64url");
  if (blob.length <= nonceBytes + tagBytes) throw invalidToken(call, token);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(call), blob.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(addressOf(asked)).setAuthTag(blob.subarray(-tagBytes));
  const plain = decipher.update(blob.subarray(nonceBytes, -tagBytes));
  try {
    decipher.final();
  } catch {
    throw invalidToken(call, token);
  }
  return JSON.parse(plain.toString("utf8"));
}

/** AWS's words for a token of another list (aws-sdk-js#3705). */
function invalidToken(call: Caller, token: string): ServiceError {
  const shown = token.slice(0, 512);
  return new ServiceError(
    "InvalidParameterException",
    `Paging marker ${shown} is invalid for request ${call.facts.requestId}`,
  );
}
