/** Signature Version 4 by hand (AWS, "Create a signed AWS API request"), for bytes and lies that no SDK would send. */
import { createHash, createHmac } from "node:crypto";

export type SignOptions = {
  readonly host: string;
  readonly target: string;
  readonly body: string | Uint8Array;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly service?: string;
  readonly region?: string;
  readonly at?: Date;
};

/** The headers of a signed `POST /`. */
export function sign(options: SignOptions): Record<string, string> {
  const { host, target, body, keys, service = "cognito-idp" } = options;
  const { region = "us-east-1", at = new Date() } = options;
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": time,
    "x-amz-target": target,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  let key: string | Buffer = `AWS4${keys.secretAccessKey}`;
  for (const part of scope.split("/")) key = hmac(key, part);
  const signature = hmac(key, toSign).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
