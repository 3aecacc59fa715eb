import { expect, test } from "vitest";
import { isAddressRange, isInRanges } from "./address-ranges.ts";

test.each([
  ["192.0.2.0/24", true],
  ["192.0.2.7/32", true],
  ["0.0.0.0/0", true],
  ["2001:db8::/32", true],
  ["::/0", true],
  ["2001:db8::1/128", true],
  ["192.0.2.0", false],
  ["192.0.2.0/33", false],
  ["192.0.2.0/", false],
  ["192.0.2.0/-1", false],
  ["192.0.2.0/1e1", false],
  ["192.0.2.256/24", false],
  ["192.0.2/24", false],
  ["2001:db8::/129", false],
  ["fe80::1%eth0/64", false],
  ["example.com/24", false],
  [" 192.0.2.0/24", false],
  ["", false],
])("%s is a range: %s", (text, is) => {
  expect(isAddressRange(text)).toBe(is);
});

const ranges = ["192.0.2.128/25", "2001:db8:1::/48"];

test.each([
  ["192.0.2.128", true],
  ["192.0.2.255", true],
  ["192.0.2.127", false],
  ["192.0.3.128", false],
  // As a socket for both kinds shows it, which must be no way around.
  ["::ffff:192.0.2.200", true],
  ["::FFFF:192.0.2.200", true],
  ["::ffff:192.0.2.1", false],
  ["2001:db8:1:ffff::1", true],
  ["2001:DB8:1::1", true],
  ["2001:db8:1::1%eth0", true],
  ["2001:db8:2::1", false],
  ["unix", false],
  ["", false],
])("%s is in them: %s", (address, is) => {
  expect(isInRanges(address, ranges)).toBe(is);
});

test("no range has nobody in it", () => {
  expect(isInRanges("192.0.2.1", [])).toBe(false);
});
