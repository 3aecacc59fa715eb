import { expect, test } from "vitest";
import { checkRelyingPartyId } from "./relying-party-id.ts";

test.each([
  "localhost",
  "example.com",
  "login.example.com",
  "example.co.uk",
  "xn--mnchen-3ya.de",
  "a-b.example",
])("%s can be a relying party", (id) => {
  expect(() => checkRelyingPartyId(id)).not.toThrow();
});

test.each([
  "",
  "com",
  "co.uk",
  "com.au",
  "example",
  "EXAMPLE.com",
  "example.com:8443",
  "https://example.com",
  "example.com/login",
  "*.example.com",
  ".example.com",
  "example.com.",
  "example..com",
  "-a.example.com",
  "a_b.example.com",
  "münchen.de",
  "127.0.0.1",
  "[::1]",
  "user@example.com",
  `${"a".repeat(64)}.com`,
])("%j cannot", (id) => {
  expect(() => checkRelyingPartyId(id)).toThrow("cannot be the relying party id");
});
