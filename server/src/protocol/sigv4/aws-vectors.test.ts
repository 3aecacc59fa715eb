import { describe, expect, test } from "vitest";
import { signingKeys } from "./signing-keys.ts";
import { verifySignature } from "./verify-signature.ts";

// Facts published by AWS in its Signature Version 4 test suite (github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4).
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const sessionToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
const amzDate = "20150830T123600Z";
const options = {
  nowMs: Date.UTC(2015, 7, 30, 12, 36),
  expected: { service: "service", regions: ["us-east-1"] },
};
const vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

type Vector = {
  name: string;
  target?: string;
  method?: string;
  headers?: string[];
  signedHeaders?: string;
  body?: string;
  signature: string;
};

const vectors: Vector[] = [
  { name: "get-vanilla", signature: vanilla },
  { name: "get-vanilla-query", signature: vanilla },
  {
    name: "get-vanilla-empty-query-key",
    target: "/?Param1=value1",
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  {
    name: "get-vanilla-query-order-key-case",
    target: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "get-vanilla-query-order-encoded",
    target: "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
    signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
  },
  {
    name: "get-vanilla-query-unreserved",
    target:
      "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  {
    name: "get-vanilla-utf8-query",
    target: "/?ሴ=bar",
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "get-utf8",
    target: "/ሴ",
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  {
    name: "get-unreserved",
    target: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  {
    name: "get-space-normalized",
    target: "/example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
  },
  { name: "get-slash-normalized", target: "//", signature: vanilla },
  { name: "get-slash-dot-slash-normalized", target: "/./", signature: vanilla },
  { name: "get-relative-normalized", target: "/example/..", signature: vanilla },
  {
    name: "get-relative-relative-normalized",
    target: "/example1/example2/../..",
    signature: vanilla,
  },
  {
    name: "get-slash-pointless-dot-normalized",
    target: "/./example",
    signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  },
  {
    name: "get-header-key-duplicate",
    headers: ["My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1"],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  {
    name: "get-header-value-order",
    headers: [
      "My-Header1",
      "value4",
      "My-Header1",
      "value1",
      "My-Header1",
      "value3",
      "My-Header1",
      "value2",
    ],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  {
    name: "get-header-value-trim",
    headers: ["My-Header1", " value1", "My-Header2", ' "a   b   c"'],
    signedHeaders: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "get-vanilla-with-session-token",
    headers: ["X-Amz-Security-Token", sessionToken],
    signedHeaders: "host;x-amz-date;x-amz-security-token",
    signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
  },
  {
    name: "post-vanilla",
    method: "POST",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "post-header-key-sort",
    method: "POST",
    headers: ["My-Header1", "value1"],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  {
    name: "post-x-www-form-urlencoded",
    method: "POST",
    headers: ["Content-Type", "application/x-www-form-urlencoded"],
    signedHeaders: "content-type;host;x-amz-date",
    body: "Param1=value1",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
];

const presigned = [
  {
    name: "get-vanilla-query-order-encoded",
    target: "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1&",
    signature: "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787",
  },
  {
    name: "get-unreserved",
    target: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz?",
    signature: "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005",
  },
  {
    name: "get-vanilla-with-session-token",
    target: `/?X-Amz-Security-Token=${sessionToken}&`,
    signature: "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c",
  },
];

// A socket hands over bytes, node shows each as one character.
const asReceived = (target: string): string => Buffer.from(target, "utf8").toString("latin1");

const keysFor = (vector: { name: string }) =>
  signingKeys((id) =>
    id === "AKIDEXAMPLE"
      ? { secret, ...(vector.name.includes("session-token") && { sessionToken }) }
      : undefined,
  );

describe("AWS's own test suite", () => {
  test.each(vectors)("$name is accepted in header form", async (vector) => {
    const signedHeaders = vector.signedHeaders ?? "host;x-amz-date";
    const request = {
      method: vector.method ?? "GET",
      rawUrl: asReceived(vector.target ?? "/"),
      rawHeaders: [
        "Host",
        "example.amazonaws.com",
        "X-Amz-Date",
        amzDate,
        ...(vector.headers ?? []),
        "Authorization",
        `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${vector.signature}`,
      ],
      body: Buffer.from(vector.body ?? ""),
    };
    expect(await verifySignature(request, keysFor(vector), options)).toMatchObject({
      ok: true,
      accessKeyId: "AKIDEXAMPLE",
      region: "us-east-1",
      service: "service",
      signedAtMs: options.nowMs,
    });
  });

  test.each(presigned)("$name is accepted in query form", async (vector) => {
    const request = {
      method: "GET",
      rawUrl: `${vector.target}X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=${amzDate}&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature=${vector.signature}`,
      rawHeaders: ["Host", "example.amazonaws.com"],
      body: new Uint8Array(),
    };
    expect(await verifySignature(request, keysFor(vector), options)).toMatchObject({
      ok: true,
      accessKeyId: "AKIDEXAMPLE",
    });
  });
});
