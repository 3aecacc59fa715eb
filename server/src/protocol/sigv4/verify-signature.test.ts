import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VerifyOptions } from "./check-claims.ts";
import type { SignedRequest } from "./signed-request.ts";
import { type SigningCredential, signingKeys } from "./signing-keys.ts";
import { verifySignature } from "./verify-signature.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const nowMs = Date.UTC(2026, 4, 17, 10, 20, 30);
const mismatchText =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

class Sha256 {
  readonly #hash;
  constructor(key?: unknown) {
    this.#hash =
      key instanceof Uint8Array || typeof key === "string"
        ? createHmac("sha256", key)
        : createHash("sha256");
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

type Plain = {
  method?: string;
  path?: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  body?: string;
};
type Signing = {
  presign?: boolean;
  service?: string;
  region?: string;
  accessKeyId?: string;
  secret?: string;
  sessionToken?: string;
  at?: number;
  expiresIn?: number;
  applyChecksum?: boolean;
};

const escapeUri = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const queryText = (query: Record<string, string | string[] | null | undefined>): string =>
  Object.entries(query)
    .flatMap(([name, value]) =>
      [value ?? ""].flat().map((v) => `${escapeUri(name)}=${escapeUri(v)}`),
    )
    .join("&");

function signerFor(service: string, signing: Signing): SignatureV4 {
  return new SignatureV4({
    service,
    region: signing.region ?? "eu-west-1",
    credentials: {
      accessKeyId: signing.accessKeyId ?? accessKeyId,
      secretAccessKey: signing.secret ?? secret,
      ...(signing.sessionToken !== undefined && { sessionToken: signing.sessionToken }),
    },
    sha256: Sha256,
    applyChecksum: signing.applyChecksum ?? false,
    uriEscapePath: service !== "s3",
  });
}

/** Signs with AWS's own JavaScript signer and lays the request out as a socket would deliver it. */
async function sign(plain: Plain, signing: Signing = {}): Promise<SignedRequest> {
  const service = signing.service ?? "cognito-idp";
  const signer = signerFor(service, signing);
  const request = {
    method: plain.method ?? "POST",
    protocol: "https:",
    hostname: "localhost",
    path: plain.path ?? "/",
    query: plain.query ?? {},
    headers: {
      host: "localhost:8443",
      // As AWS's S3 presigner does.
      ...(signing.presign && service === "s3" && { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }),
      ...plain.headers,
    },
    body: plain.body,
  };
  const signingDate = new Date(signing.at ?? nowMs);
  const signed = signing.presign
    ? await signer.presign(request, { signingDate, expiresIn: signing.expiresIn ?? 60 })
    : await signer.sign(request, { signingDate });
  const query = queryText(signed.query ?? {});
  return {
    method: signed.method,
    rawUrl: query === "" ? signed.path : `${signed.path}?${query}`,
    rawHeaders: Object.entries(signed.headers).flat(),
    body: Buffer.from(plain.body ?? ""),
  };
}

const keys = (credential: Partial<SigningCredential> = {}) =>
  signingKeys((id) =>
    id === accessKeyId ? { secret, principal: "root", ...credential } : undefined,
  );

const expected = { service: "cognito-idp", regions: ["eu-west-1"] };
const verify = (
  request: SignedRequest,
  options: Partial<VerifyOptions> = {},
  credential: Partial<SigningCredential> = {},
) => verifySignature(request, keys(credential), { nowMs, expected, ...options });

const call: Plain = {
  headers: {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
  },
  body: '{"UserPoolId":"eu-west-1_abc","Username":"ada"}',
};

const withHeader = (
  request: SignedRequest,
  name: string,
  value: string | undefined,
): SignedRequest => {
  const rawHeaders: string[] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() !== name)
      rawHeaders.push(request.rawHeaders[i] ?? "", request.rawHeaders[i + 1] ?? "");
  }
  return {
    ...request,
    rawHeaders: value === undefined ? rawHeaders : [...rawHeaders, name, value],
  };
};
const headerOf = (request: SignedRequest, name: string): string => {
  const at = request.rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return request.rawHeaders[at + 1] ?? "";
};
const withAuthorization = (
  request: SignedRequest,
  change: (value: string) => string,
): SignedRequest =>
  withHeader(request, "authorization", change(headerOf(request, "authorization")));
const withUrl = (request: SignedRequest, change: (url: string) => string): SignedRequest => ({
  ...request,
  rawUrl: change(request.rawUrl),
});

describe("requests signed by the AWS SDK's signer", () => {
  test("an administrator's JSON call is accepted and names its signer", async () => {
    expect(await verify(await sign(call))).toEqual({
      ok: true,
      accessKeyId,
      region: "eu-west-1",
      service: "cognito-idp",
      signedAtMs: nowMs,
      signedHeaders: ["content-type", "host", "x-amz-date", "x-amz-target"],
      path: "/",
      credential: { secret, principal: "root" },
    });
  });

  test("a stated payload hash is accepted when it is the body's", async () => {
    expect(await verify(await sign(call, { applyChecksum: true }))).toMatchObject({ ok: true });
  });

  test("a presigned request is accepted", async () => {
    const request = await sign(
      { method: "GET", path: "/_api/a/prod/items", query: { page: "2" } },
      { presign: true },
    );
    expect(await verify(request)).toMatchObject({ ok: true, path: "/_api/a/prod/items" });
  });

  test("a presigned POST covers its body", async () => {
    const request = await sign(call, { presign: true });
    expect(await verify(request)).toMatchObject({ ok: true });
    expect(await verify({ ...request, body: Buffer.from("{}") })).toMatchObject({ ok: false });
  });

  test("temporary credentials are accepted with their session token, in header and query", async () => {
    const sessionToken = "IQoJb3JpZ2luX2VjE/+=&token";
    for (const presign of [false, true]) {
      const request = await sign(call, { sessionToken, presign });
      expect(await verify(request, {}, { sessionToken })).toMatchObject({ ok: true });
    }
  });

  test("the lookup is handed the session token that came with the request", async () => {
    const asked: unknown[] = [];
    const recording = signingKeys((...args) => {
      asked.push(args);
      return undefined;
    });
    await verifySignature(await sign(call, { sessionToken: "token" }), recording, {
      nowMs,
      expected,
    });
    expect(asked).toEqual([[accessKeyId, "token"]]);
  });

  test.each([
    "/items/a%20b",
    "/items/a:b@c!d$e'(f)*,;=g",
    "/items//double///slashes/",
    "/items/./x/../y",
    "/items/%2e%2e/secret",
    "/items/%E2%82%AC/%F0%9F%98%80",
    "/items/a%2Fb",
    "/items/%25",
    "/~user/-._",
  ])("the path %s is accepted as sent", async (path) => {
    expect(await verify(await sign({ method: "GET", path }))).toMatchObject({ ok: true });
    expect(await verify(await sign({ method: "GET", path }, { presign: true }))).toMatchObject({
      ok: true,
    });
  });

  test("the path handed back has its dot segments resolved", async () => {
    const request = await sign({ method: "GET", path: "/public/../admin//x/" });
    expect(await verify(request)).toMatchObject({ ok: true, path: "/admin/x/" });
  });

  test.each([
    { tag: ["b", "a", "A", "a"], empty: "" },
    { "a-b": "1", a: "2", "a b": "x y", ü: "€😀" },
    { "x-amz-meta": "not a signature", Param: "Value2", "Param-3": "Value3" },
    { sum: "1+1=2&3" },
  ])("the query %j is accepted", async (query) => {
    expect(await verify(await sign({ method: "GET", query }))).toMatchObject({ ok: true });
    expect(await verify(await sign({ method: "GET", query }, { presign: true }))).toMatchObject({
      ok: true,
    });
  });

  test("a bare plus in a query means a space, as URLSearchParams writes it", async () => {
    const request = await sign({ method: "GET", query: { q: "a b" } });
    expect(await verify(withUrl(request, (url) => url.replace("a%20b", "a+b")))).toMatchObject({
      ok: true,
    });
    expect(await verify(withUrl(request, (url) => url.replace("a%20b", "a%2Bb")))).toMatchObject({
      ok: false,
    });
  });

  test("white space around and inside header values does not matter", async () => {
    const request = await sign({ ...call, headers: { ...call.headers, "x-amz-meta-note": "a b" } });
    expect(await verify(withHeader(request, "x-amz-meta-note", "  a \t  b "))).toMatchObject({
      ok: true,
    });
    expect(await verify(withHeader(request, "x-amz-meta-note", "ab"))).toMatchObject({ ok: false });
  });

  test("HTTP/2's authority stands for the host header", async () => {
    const request = await sign(call);
    const http2 = withHeader(
      withHeader(request, "host", undefined),
      ":authority",
      "localhost:8443",
    );
    expect(await verify(http2)).toMatchObject({ ok: true });
    expect(await verify(withHeader(request, ":authority", "elsewhere"))).toMatchObject({
      ok: false,
    });
  });

  test("an Authorization header without spaces after its commas is accepted", async () => {
    expect(
      await verify(withAuthorization(await sign(call), (value) => value.replaceAll(", ", ","))),
    ).toMatchObject({ ok: true });
  });

  test("any region passes when none is expected", async () => {
    const request = await sign(call, { region: "ap-southeast-2" });
    expect(await verify(request, { expected: { service: "cognito-idp" } })).toMatchObject({
      ok: true,
      region: "ap-southeast-2",
    });
  });

  test("S3 signs each path segment encoded once and keeps every slash", async () => {
    const s3 = { expected: { service: "s3", regions: ["eu-west-1"] } };
    for (const presign of [false, true]) {
      const request = await sign(
        { method: "GET", path: "/bucket//a%20b/./%E2%82%AC" },
        { service: "s3", applyChecksum: true, presign },
      );
      expect(await verify(request, s3)).toMatchObject({
        ok: true,
        path: "/bucket//a%20b/./%E2%82%AC",
      });
    }
  });

  test("S3 alone lets a body go unsigned", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const s3 = await sign({ method: "PUT", headers, body: "x" }, { service: "s3" });
    expect(await verify(s3, { expected: { service: "s3" } })).toMatchObject({ ok: true });
    expect(await verify(await sign({ headers, body: "x" }))).toMatchObject({
      ok: false,
      code: "InvalidSignatureException",
    });
  });

  test("S3 requests have to state a payload hash they keep to", async () => {
    const s3 = { expected: { service: "s3" } };
    const silent = await sign({ method: "PUT", body: "x" }, { service: "s3" });
    expect(await verify(silent, s3)).toMatchObject({ ok: false, message: mismatchText });
    const stated = await sign({ method: "PUT", body: "x" }, { service: "s3", applyChecksum: true });
    expect(await verify({ ...stated, body: Buffer.from("y") }, s3)).toMatchObject({
      ok: false,
      message: mismatchText,
    });
  });
});

describe("whatever is changed after signing is refused", () => {
  const flip = (text: string): string =>
    text === "" ? "x" : `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
  const changes: [string, (request: SignedRequest) => SignedRequest][] = [
    ["method", (r) => ({ ...r, method: "PUT" })],
    ["path", (r) => withUrl(r, (url) => url.replace("/items", "/item"))],
    ["path encoding", (r) => withUrl(r, (url) => url.replace("/items", "/%69tems"))],
    ["query value", (r) => withUrl(r, (url) => url.replace("page=2", "page=3"))],
    ["query name", (r) => withUrl(r, (url) => url.replace("page=2", "pag=2"))],
    ["added parameter", (r) => withUrl(r, (url) => `${url}&more=1`)],
    ["removed parameter", (r) => withUrl(r, (url) => url.replace("page=2", ""))],
    ["repeated parameter", (r) => withUrl(r, (url) => `${url}&page=2`)],
    ["host", (r) => withHeader(r, "host", "evil.example")],
    [
      "signed header",
      (r) => withHeader(r, "x-amz-target", "AWSCognitoIdentityProviderService.AdminDeleteUser"),
    ],
    ["removed signed header", (r) => withHeader(r, "content-type", undefined)],
    ["added x-amz header", (r) => withHeader(r, "x-amz-acl", "public-read")],
    [
      "body",
      (r) => ({ ...r, body: Buffer.from('{"UserPoolId":"eu-west-1_abc","Username":"eve"}') }),
    ],
    ["body emptied", (r) => ({ ...r, body: new Uint8Array() })],
    ["stated payload hash", (r) => withHeader(r, "x-amz-content-sha256", "UNSIGNED-PAYLOAD")],
  ];
  const plain: Plain = { ...call, path: "/items", query: { page: "2" } };

  test.each(changes)("%s, header form", async (_, change) => {
    const request = await sign(plain, { applyChecksum: true });
    expect(await verify(request)).toMatchObject({ ok: true });
    expect(await verify(change(request))).toMatchObject({
      ok: false,
      code: "InvalidSignatureException",
    });
  });

  test.each(changes.filter(([name]) => !name.includes("header") && name !== "stated payload hash"))(
    "%s, query form",
    async (_, change) => {
      const request = await sign(plain, { presign: true });
      expect(await verify(request)).toMatchObject({ ok: true });
      expect(await verify(change(request))).toMatchObject({
        ok: false,
        code: "InvalidSignatureException",
      });
    },
  );

  test("every character of the signature and of the scope counts", async () => {
    const request = await sign(call);
    const changed = [
      (v: string) => flip(v),
      (v: string) =>
        v
          .toUpperCase()
          .replace("CREDENTIAL", "Credential")
          .replace("SIGNEDHEADERS", "SignedHeaders")
          .replace("SIGNATURE", "Signature"),
      (v: string) => v.slice(0, -1),
      (v: string) => `${v}0`,
      (v: string) => v.replace("20260517/", "20260516/"),
      (v: string) => v.replace("eu-west-1", "eu-west-2"),
      (v: string) => v.replace("cognito-idp", "cognito-identity"),
      (v: string) => v.replace("aws4_request", "aws4_requests"),
      (v: string) => v.replace("content-type;", ""),
      (v: string) => v.replace("content-type;host", "host;content-type"),
      (v: string) => v.replace("content-type;", "content-type;content-type;"),
      (v: string) => v.replace("content-type;", "Content-Type;"),
      (v: string) => v.replace("content-type;", "absent;content-type;"),
    ];
    for (const change of changed)
      expect(await verify(withAuthorization(request, change))).toMatchObject({ ok: false });
    expect(await verify(withHeader(request, "x-amz-date", "20260517T102031Z"))).toMatchObject({
      ok: false,
      message: mismatchText,
    });
  });

  test("no presigned parameter can be changed or left out", async () => {
    const request = await sign(call, { presign: true, sessionToken: "token" });
    expect(await verify(request, {}, { sessionToken: "token" })).toMatchObject({ ok: true });
    const [path = "", query = ""] = request.rawUrl.split("?");
    const parts = query.split("&");
    for (const part of parts) {
      const others = parts.filter((p) => p !== part);
      for (const rawUrl of [
        `${path}?${others.join("&")}`,
        `${path}?${[...others, flip(part)].join("&")}`,
        `${path}?${[...parts, part].join("&")}`,
      ]) {
        expect(
          await verify({ ...request, rawUrl }, {}, { sessionToken: "token" }),
          rawUrl,
        ).toMatchObject({ ok: false });
      }
    }
  });

  test("another's secret signs nothing", async () => {
    expect(await verify(await sign(call, { secret: `${secret}x` }))).toMatchObject({
      ok: false,
      message: mismatchText,
    });
    expect(await verify(await sign(call, { secret: "" }))).toMatchObject({ ok: false });
  });

  test("a header repeated after signing is refused", async () => {
    const request = await sign(call);
    for (const name of ["x-amz-target", "host", "authorization", "x-amz-date", "content-type"]) {
      const rawHeaders = [...request.rawHeaders, name, headerOf(request, name)];
      expect(await verify({ ...request, rawHeaders }), name).toMatchObject({
        ok: false,
        code: "IncompleteSignatureException",
        message: "The request signature does not conform to AWS standards.",
      });
    }
  });

  test("text that no socket delivers is refused rather than folded into bytes", async () => {
    const request = await sign({ ...call, headers: { ...call.headers, "x-amz-meta-note": "A" } });
    expect(await verify(withHeader(request, "x-amz-meta-note", "\u0141"))).toMatchObject({
      ok: false,
    });
    expect(await verify(withHeader(request, "x-amz-meta-note", "A\nx-amz-evil:1"))).toMatchObject({
      ok: false,
    });
    expect(await verify(withUrl(request, () => "/\u012f"))).toMatchObject({ ok: false });
  });
});

describe("AWS's words for each refusal", () => {
  const messageOf = async (
    request: SignedRequest,
    options: Partial<VerifyOptions> = {},
    credential: Partial<SigningCredential> = {},
  ) => {
    const verdict = await verify(request, options, credential);
    return verdict.ok ? "accepted" : `${verdict.code}: ${verdict.message}`;
  };

  test("an unsigned request, or one with another kind of token", async () => {
    const unsigned = withHeader(await sign(call), "authorization", undefined);
    expect(await messageOf(unsigned)).toBe(
      "MissingAuthenticationTokenException: Missing Authentication Token",
    );
    for (const value of ["", "Bearer eyJ.a.b", "Basic dTpw", "AWS key:signature"]) {
      expect(await messageOf(withHeader(unsigned, "authorization", value)), value).toBe(
        "MissingAuthenticationTokenException: Missing Authentication Token",
      );
    }
  });

  test("an unknown key, a malformed one, and one whose lookup must not be asked", async () => {
    const text =
      "UnrecognizedClientException: The security token included in the request is invalid.";
    expect(await messageOf(await sign(call, { accessKeyId: "AKIAUNKNOWN" }))).toBe(text);
    const asked: string[] = [];
    const recording = signingKeys((id) => {
      asked.push(id);
      return undefined;
    });
    for (const id of ["a".repeat(129), "a'b", "ü", ""]) {
      const request = await sign(call, { accessKeyId: id });
      expect(await verifySignature(request, recording, { nowMs, expected })).toMatchObject({
        ok: false,
      });
    }
    expect(asked).toEqual([]);
  });

  test("an unknown key is refused alike whether or not it was signed with an empty secret", async () => {
    const request = await sign(call, { accessKeyId: "AKIAUNKNOWN", secret: "" });
    expect(await messageOf(request)).toBe(
      "UnrecognizedClientException: The security token included in the request is invalid.",
    );
  });

  test("a session token that is absent, wrong, or not asked for", async () => {
    const text =
      "UnrecognizedClientException: The security token included in the request is invalid.";
    expect(await messageOf(await sign(call), {}, { sessionToken: "token" })).toBe(text);
    expect(
      await messageOf(await sign(call, { sessionToken: "other" }), {}, { sessionToken: "token" }),
    ).toBe(text);
    expect(await messageOf(await sign(call, { sessionToken: "token" }))).toBe(text);
  });

  test("ended temporary credentials, told only to their holder", async () => {
    const ended = { sessionToken: "token", expired: true };
    expect(await messageOf(await sign(call, { sessionToken: "token" }), {}, ended)).toBe(
      "ExpiredTokenException: The security token included in the request is expired",
    );
    expect(
      await messageOf(await sign(call, { sessionToken: "token", secret: "guess" }), {}, ended),
    ).toBe(`InvalidSignatureException: ${mismatchText}`);
    expect(await messageOf(await sign(call, { sessionToken: "guess" }), {}, ended)).toBe(
      "UnrecognizedClientException: The security token included in the request is invalid.",
    );
  });

  test("a signature exactly at the edge of the window, and one second beyond", async () => {
    const minutes = 60_000;
    for (const at of [nowMs - 15 * minutes, nowMs + 15 * minutes])
      expect(await messageOf(await sign(call, { at }))).toBe("accepted");
    expect(await messageOf(await sign(call, { at: nowMs - 15 * minutes - 1000 }))).toBe(
      "InvalidSignatureException: Signature expired: 20260517T100529Z is now earlier than 20260517T100530Z (20260517T102030Z - 15 min.)",
    );
    expect(await messageOf(await sign(call, { at: nowMs + 15 * minutes + 1000 }))).toBe(
      "InvalidSignatureException: Signature not yet current: 20260517T103531Z is still later than 20260517T103530Z (20260517T102030Z + 15 min.)",
    );
  });

  test("a presigned request past its lifetime, which outside S3 never exceeds the skew", async () => {
    const minute = 60_000;
    const short = await sign(call, { presign: true, expiresIn: 60 });
    expect(await messageOf(short, { nowMs: nowMs + minute })).toBe("accepted");
    expect(await messageOf(short, { nowMs: nowMs + minute + 1000 })).toBe(
      "InvalidSignatureException: Signature expired: 20260517T102030Z is now earlier than 20260517T102031Z (20260517T102131Z - 1 min.)",
    );
    const long = await sign(call, { presign: true, expiresIn: 604_800 });
    expect(await messageOf(long, { nowMs: nowMs + 15 * minute })).toBe("accepted");
    expect(await messageOf(long, { nowMs: nowMs + 15 * minute + 1000 })).toMatch(
      /^InvalidSignatureException: Signature expired/,
    );
    const s3 = await sign({ method: "GET" }, { presign: true, expiresIn: 604_800, service: "s3" });
    const s3Options = { expected: { service: "s3" } };
    expect(await messageOf(s3, { ...s3Options, nowMs: nowMs + 604_800_000 })).toBe("accepted");
    expect(await messageOf(s3, { ...s3Options, nowMs: nowMs + 604_801_000 })).toMatch(
      /Signature expired/,
    );
  });

  test.each(["604801", "0", "-1", "1e3", "", "6 0", "99999999999"])(
    "a lifetime of %j seconds",
    async (expires) => {
      const request = await sign(call, { presign: true });
      const changed = withUrl(request, (url) =>
        url.replace("X-Amz-Expires=60", `X-Amz-Expires=${encodeURIComponent(expires)}`),
      );
      expect(await messageOf(changed)).toMatch(/^IncompleteSignatureException: X-Amz-Expires/);
    },
  );

  test.each([
    "20260517",
    "2026-05-17T10:20:30Z",
    "20260231T102030Z",
    "20260517T102030",
    "20260517T256161Z",
    "now",
  ])("the date %s", async (date) => {
    expect(await messageOf(withHeader(await sign(call), "x-amz-date", date))).toBe(
      `IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  });

  test("a wrong scope names all that is wrong with it", async () => {
    const request = await sign(call, { region: "mars-1", service: "sts" });
    const changed = withAuthorization(request, (v) =>
      v.replace("aws4_request", "aws5").replace("/20260517/", "/20260518/"),
    );
    expect(await messageOf(changed)).toBe(
      "InvalidSignatureException: Credential should be scoped to a valid region, not 'mars-1'. Credential should be scoped to correct service: 'cognito-idp'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260518' != '20260517', from '20260517T102030Z'.",
    );
  });

  test("a credential without its five elements", async () => {
    const changed = withAuthorization(await sign(call), (v) => v.replace("/eu-west-1", ""));
    expect(await messageOf(changed)).toBe(
      `IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${accessKeyId}/20260517/cognito-idp/aws4_request'`,
    );
  });

  test("an Authorization header with parts missing, never repeating the header itself", async () => {
    const request = await sign(call);
    const bare = withHeader(
      withHeader(request, "x-amz-date", undefined),
      "authorization",
      "AWS4-HMAC-SHA256",
    );
    const digest = (text: string) => createHash("sha256").update(text).digest("base64");
    expect(await messageOf(bare)).toBe(
      `IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=${digest("AWS4-HMAC-SHA256")}`,
    );
    const odd = withHeader(request, "authorization", "AWS4-HMAC-SHA256 secret");
    expect(await messageOf(odd)).toBe(
      `IncompleteSignatureException: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest("AWS4-HMAC-SHA256 secret")}'.`,
    );
  });

  test("a presigned query with parts missing", async () => {
    const rawUrl = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260517T102030Z";
    expect(
      await messageOf({ ...(await sign(call)), rawUrl, rawHeaders: ["host", "localhost"] }),
    ).toBe(
      "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    );
  });

  test("an unsigned host, an unsigned x-amz header, another algorithm, both forms at once", async () => {
    const request = await sign(call);
    expect(await messageOf(withAuthorization(request, (v) => v.replace("host;", "")))).toBe(
      "InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
    expect(await messageOf(withAuthorization(request, (v) => v.replace(";x-amz-target", "")))).toBe(
      "InvalidSignatureException: 'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
    );
    for (const name of ["AWS4-HMAC-SHA1", "AWS4-ECDSA-P256-SHA256", "AWS4-"]) {
      expect(
        await messageOf(withAuthorization(request, (v) => v.replace("AWS4-HMAC-SHA256", name))),
      ).toBe(`IncompleteSignatureException: Unsupported AWS 'algorithm': '${name}'.`);
    }
    expect(
      await messageOf(withUrl(request, (url) => `${url}?X-Amz-Algorithm=AWS4-HMAC-SHA256`)),
    ).toBe(
      "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  });

  test("request text in a message is bounded and printable, fit for a header", async () => {
    const hostile = `%0d%0aSet-Cookie:x=1%00${"é".repeat(1000)}`;
    const request = await sign(call, { presign: true });
    for (const name of ["X-Amz-Date", "X-Amz-Credential", "X-Amz-Algorithm"]) {
      const changed = withUrl(request, (url) =>
        url.replace(new RegExp(`${name}=[^&]*`), `${name}=${hostile}`),
      );
      const message = await messageOf(changed);
      expect(message).toMatch(/^[\x20-\x7e]{1,400}$/);
    }
    const badBytes = withUrl(request, (url) => url.replace(/X-Amz-Date=[^&]*/, "X-Amz-Date=%ff"));
    expect(await messageOf(badBytes)).toMatch(/^IncompleteSignatureException/);
  });

  test("the Date header serves where x-amz-date is absent", async () => {
    const signed = await sign(call);
    const authorization = await signWithDateHeader("Sun, 17 May 2026 10:20:30 GMT");
    const request = {
      ...signed,
      rawHeaders: [
        "host",
        "localhost:8443",
        "date",
        "Sun, 17 May 2026 10:20:30 GMT",
        "authorization",
        authorization,
      ],
    };
    expect(await verify(request)).toMatchObject({ ok: true, signedAtMs: nowMs });
    expect(
      await verify(withHeader(request, "date", "Sun, 17 May 2026 10:20:31 GMT")),
    ).toMatchObject({ ok: false });
    expect(await messageOf(withHeader(request, "date", "yesterday"))).toMatch(
      /Date must be in ISO-8601 'basic format'. Got 'yesterday'/,
    );
  });

  async function signWithDateHeader(date: string): Promise<string> {
    const hmac = (key: string | Buffer, text: string) =>
      createHmac("sha256", key).update(text).digest();
    const bodyHash = createHash("sha256")
      .update(call.body ?? "")
      .digest("hex");
    const canonical = `POST\n/\n\ndate:${date}\nhost:localhost:8443\n\ndate;host\n${bodyHash}`;
    const scope = "20260517/eu-west-1/cognito-idp/aws4_request";
    const text = `AWS4-HMAC-SHA256\n20260517T102030Z\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
    const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secret}`);
    return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=date;host, Signature=${hmac(key, text).toString("hex")}`;
  }
});

describe("bounds", () => {
  test("targets, headers, parameters and signed headers beyond them are refused", async () => {
    const request = await sign(call);
    const many = (n: number, part: (i: number) => string) =>
      Array.from({ length: n }, (_, i) => part(i));
    const oversized: SignedRequest[] = [
      withUrl(request, () => `/${"a".repeat(16_384)}`),
      withUrl(request, () => `/?${many(1001, (i) => `p${i}=`).join("&")}`),
      withUrl(request, () => "https://localhost/"),
      withUrl(request, () => "*"),
      {
        ...request,
        rawHeaders: [
          ...request.rawHeaders,
          ...many(200, (i) => `h${i}`).flatMap((name) => [name, ""]),
        ],
      },
      withHeader(request, "x-padding", "a".repeat(65_536)),
      { ...request, method: "post" },
      withAuthorization(request, (v) =>
        v.replace("host;", `${many(101, (i) => `a${i}`).join(";")};host;`),
      ),
    ];
    for (const one of oversized) {
      expect(await verify(one)).toMatchObject({ ok: false, code: "IncompleteSignatureException" });
    }
  });
});

describe("properties", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const segment = fc.string({ unit: "grapheme", maxLength: 8 }).map(escapeUri);
  const headerValue = fc.string({
    unit: fc.constantFrom(" ", "\t", "a", "Z", "0", ",", ";", "=", "~", '"', "%"),
    maxLength: 12,
  });
  const anyRequest = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`),
    query: fc.dictionary(
      // AWS's signer keeps parameters in a plain object, where `__proto__` is lost.
      text.filter((name) => !/^x-amz-/i.test(name) && name !== "__proto__"),
      fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
      { maxKeys: 4 },
    ),
    headers: fc.dictionary(
      fc.constantFrom("content-type", "x-amz-target", "x-amz-meta-a", "accept"),
      headerValue,
    ),
    body: text,
  });
  const tokens = fc.option(
    fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
      .map((t) => t.trim())
      .filter((t) => t !== "" && !t.includes("  ")),
    { nil: undefined },
  );

  test("what AWS's signer signs is accepted", async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.boolean(), tokens, async (plain, presign, sessionToken) => {
        const request = await sign(plain, {
          presign,
          ...(sessionToken !== undefined && { sessionToken }),
        });
        const verdict = await verify(
          request,
          {},
          sessionToken === undefined ? {} : { sessionToken },
        );
        expect(verdict).toMatchObject({ ok: true, accessKeyId });
      }),
      { numRuns: 300 },
    );
  });

  test("a signature for one request is none for another", async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, anyRequest, async (signedFor, sentAs) => {
        const [one, other] = [await sign(signedFor), await sign(sentAs)];
        const authorization = headerOf(one, "authorization");
        fc.pre(authorization !== headerOf(other, "authorization"));
        expect(await verify(withHeader(other, "authorization", authorization))).toMatchObject({
          ok: false,
        });
      }),
      { numRuns: 200 },
    );
  });

  test("no bytes make it throw, and none are accepted", async () => {
    const bytes = fc.string({ unit: "binary", maxLength: 60 });
    const name = fc.oneof(
      fc.constantFrom("Authorization", "host", "X-Amz-Date", "X-Amz-Security-Token", ":authority"),
      bytes,
    );
    const piece = fc.constantFrom(
      "AWS4-HMAC-SHA256 ",
      "Credential=",
      accessKeyId,
      "/20260517/eu-west-1/cognito-idp/aws4_request",
      ", ",
      "SignedHeaders=host",
      "Signature=",
      "X-Amz-Algorithm=",
      "&",
      "%",
      "?",
      "20260517T102030Z",
      "X-Amz-Date=",
    );
    const soup = fc.array(fc.oneof(piece, bytes), { maxLength: 10 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        soup,
        fc.array(fc.tuple(name, soup), { maxLength: 5 }),
        soup,
        async (url, headers, body) => {
          const request = {
            method: "GET",
            rawUrl: `/${url}`,
            rawHeaders: headers.flat(),
            body: Buffer.from(body),
          };
          expect((await verify(request)).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
