import { expect, test } from "vitest";
import { poolWith } from "../../testing/pools.ts";
import { isAllowedOrigin, isAllowedPage, mayAskFor, relyingPartyOf } from "./relying-party.ts";

const at = (publicUrl: string) =>
  ({ settings: { publicUrl } }) as Parameters<typeof relyingPartyOf>[0];

test.each([
  "https://example.com",
  "https://example.com:8443",
  "https://app.example.com",
  "https://a.b.example.com:1",
])("%s may use the passkeys of example.com", (origin) => {
  expect(isAllowedOrigin("example.com", origin)).toBe(true);
});

test.each([
  "http://example.com",
  "http://localhost",
  "https://com",
  "https://evil.com",
  "https://notexample.com",
  "https://example.com.evil.com",
  "https://example.com@evil.com",
  "https://evil.com/example.com",
  "https://example.com/",
  "https://user@example.com",
  "https://EXAMPLE.com",
  "https://example.com.",
  "https://example.com:443",
  "https://example.com#.example.com",
  "ftp://example.com",
  "null",
  "",
  "example.com",
  "android:apk-key-hash:2jmj7l5rSw0yVb_vlWAYkK_YBwk",
  "ios:bundle-id:com.example",
])("%s may not use the passkeys of example.com", (origin) => {
  expect(isAllowedOrigin("example.com", origin)).toBe(false);
});

test.each(["http://localhost", "http://localhost:3000", "https://localhost:8443"])(
  "%s may use the passkeys of localhost",
  (origin) => {
    expect(isAllowedOrigin("localhost", origin)).toBe(true);
  },
);

test.each(["http://127.0.0.1:3000", "http://localhost.evil.com", "http://[::1]"])(
  "%s may not use the passkeys of localhost",
  (origin) => {
    expect(isAllowedOrigin("localhost", origin)).toBe(false);
  },
);

test.each([
  ["example.com", "https://example.com", true],
  ["example.com", "https://login.auth.example.com:8443", true],
  ["localhost", "https://localhost:8443", true],
  // Chromium: "The relying party ID is not a registrable domain suffix of, nor equal to the current domain."
  ["localhost", "https://pool.auth.localhost:8443", false],
  ["example.com", "https://login.example.org", false],
  ["example.com", "null", false],
])("of %s a page of %s may ask: %s", (id, origin, may) => {
  expect(mayAskFor({ id, userVerification: "preferred" }, origin)).toBe(may);
});

test("a page within one of another origin may not use passkeys", () => {
  const party = { id: "example.com", userVerification: "preferred" } as const;
  const page = { origin: "https://example.com", crossOrigin: false };
  expect(isAllowedPage(party, page)).toBe(true);
  expect(isAllowedPage(party, { ...page, crossOrigin: true })).toBe(false);
});

test("the relying party is what the pool says, else this server's host", () => {
  const named = poolWith({
    mfa: {
      sms: false,
      softwareToken: false,
      webAuthn: {
        relyingPartyId: "app.example.com",
        userVerification: "required",
        factorConfiguration: "SINGLE_FACTOR",
      },
    },
  });
  const nameless = poolWith({});
  expect(relyingPartyOf(at("https://auth.example.com:8443"), named)).toEqual({
    id: "app.example.com",
    userVerification: "required",
  });
  expect(relyingPartyOf(at("https://auth.example.com:8443"), nameless)).toEqual({
    id: "auth.example.com",
    userVerification: "preferred",
  });
});

test.each(["https://192.0.2.1:8443", "https://[2001:db8::1]"])(
  "a server known by its address has no relying party: %s",
  (publicUrl) => {
    expect(relyingPartyOf(at(publicUrl), poolWith({}))).toBeUndefined();
  },
);
