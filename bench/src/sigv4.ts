/** Signature Version 4 over an AWS JSON request: made for the calls of administrators, checked by the bare route. */
import { createHmac, hash, timingSafeEqual } from "node:crypto";

export type RootKeys = { readonly accessKeyId: string; readonly secretAccessKey: string };

type Headers = Readonly<Record<string, string>>;

const region = "us-east-1";
const contentType = "application/x-amz-json-1.1";
const signedHeaders = "content-type;host;x-amz-date;x-amz-target";

/** The headers of a signed call of now. */
export function sign(
  keys: RootKeys,
  request: { host: string; service: string; target: string; body: string },
): Headers {
  const { host, service, target, body } = request;
  const timestamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const day = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers = { "content-type": contentType, "x-amz-date": timestamp, "x-amz-target": target };
  const text = stringToSign({ ...headers, host }, { day, body });
  const signature = hmac(signingKey(keys.secretAccessKey, day), text).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${day}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/** A check of such signatures that does the arithmetic and nothing else; the derived key is kept, as servers do. */
export function signatureCheck({ accessKeyId, secretAccessKey }: RootKeys) {
  const form = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=${accessKeyId}/([^,]+), SignedHeaders=${signedHeaders}, Signature=([0-9a-f]{64})$`,
  );
  let known: { day: string; key: Uint8Array } = { day: "", key: new Uint8Array() };
  return (headers: Readonly<Record<string, unknown>>, body: Uint8Array): boolean => {
    const [, day, signature] = form.exec(String(headers["authorization"])) ?? [];
    if (day === undefined || signature === undefined) return false;
    if (known.day !== day) known = { day, key: signingKey(secretAccessKey, day) };
    const wanted = hmac(known.key, stringToSign(headers, { day, body }));
    return timingSafeEqual(wanted, Buffer.from(signature, "hex"));
  };
}

function stringToSign(
  headers: Readonly<Record<string, unknown>>,
  { day, body }: { day: string; body: string | Uint8Array },
): string {
  const lines = signedHeaders.split(";").map((name) => `${name}:${String(headers[name])}\n`);
  const payload = hash("sha256", body, "hex");
  const canonical = `POST\n/\n\n${lines.join("")}\n${signedHeaders}\n${payload}`;
  const timestamp = String(headers["x-amz-date"]);
  return `AWS4-HMAC-SHA256\n${timestamp}\n${day}\n${hash("sha256", canonical, "hex")}`;
}

function signingKey(secret: string, day: string): Buffer {
  return day
    .split("/")
    .reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
